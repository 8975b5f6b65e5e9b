/* SPDX-License-Identifier: MIT */
/* names.h - the names in one directory, in the order of a layer */
#ifndef GUEST_AGENT_NAMES_H
#define GUEST_AGENT_NAMES_H

#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct name {
	const char *bytes;  /* terminated */
	unsigned char type; /* DT_REG and so on, never DT_UNKNOWN */
};

struct names {
	struct name *list; /* owned; sorted by order_compare() */
	size_t count;
	char *text; /* owned; what list points into */
};

/*
 * All names in the directory `fd`, without "." and "..". `fd` must stand at
 * its beginning. Fails with ENOMEM and with what getdents64(2) says; *names
 * is then untouched.
 */
int names_read(struct names *names, int fd, struct error *err);

void names_release(struct names *names);

DEFINE_AUTO(names, names_release)

#endif
