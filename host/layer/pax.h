/* SPDX-License-Identifier: MIT */
/* pax.h - the records of an extended header of pax */
#ifndef HOST_LAYER_PAX_H
#define HOST_LAYER_PAX_H

#include <stddef.h>

#define PAX_XATTR "SCHILY.xattr." /* and the name of the xattr */

/* "LENGTH KEY=VALUE\n". Neither ends with a NUL, but may have some in it. */
struct pax_record {
	const char *key;
	size_t key_size;
	const char *value;
	size_t value_size;
};

/*
 * Take the next record off the front of *size bytes at *at, and move both on.
 * 1, or 0 when there are none left, or -1 for what is no record.
 */
int pax_next(const char **at, size_t *size, struct pax_record *record);

#endif
