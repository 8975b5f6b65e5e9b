/* SPDX-License-Identifier: MIT */
/* order.h - the order in which the names of one directory stand in a layer */
#ifndef GUEST_SHARED_ORDER_H
#define GUEST_SHARED_ORDER_H

/*
 * The opaque marker first, as consumers look for the directory that it
 * follows; then the whiteouts, which consumers apply as they meet them; then
 * everything else; each group bytewise (strcmp). With each directory followed
 * at once by what is in it, that is the order of the whole layer.
 */
int order_compare(const char *a, const char *b);

#endif
