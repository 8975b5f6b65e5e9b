/* SPDX-License-Identifier: MIT */
/* tail.h - the last that a program has printed */
#ifndef HOST_VM_TAIL_H
#define HOST_VM_TAIL_H

#include <stddef.h>

/* For the message when something went wrong. Usable from { 0 }. */
#define TAIL_MAX 8192 /* bytes */

struct tail {
	char bytes[TAIL_MAX + 1]; /* terminated */
	size_t used;
};

/*
 * Take what there is to be read from *fd, which is non-blocking; at its end it
 * is closed, and becomes -1. Does nothing with -1.
 */
void tail_listen(struct tail *tail, int *fd);

/*
 * The last line of the first *length bytes that is not blank, without its
 * end; *length becomes its length. It is followed by other bytes.
 */
const char *tail_line(const struct tail *tail, size_t *length);

#endif
