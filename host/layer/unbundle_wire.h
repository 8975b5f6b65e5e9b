/* SPDX-License-Identifier: MIT */
/* unbundle_wire.h - what the reader in the jail says of a tar, for unbundle.c */
#ifndef HOST_LAYER_UNBUNDLE_WIRE_H
#define HOST_LAYER_UNBUNDLE_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/error.h"
#include "host/jail/jail.h"

enum unbundle_kind {
	UNBUNDLE_DIRECTORY,
	UNBUNDLE_FILE,
	UNBUNDLE_SYMLINK,
	UNBUNDLE_LINK, /* to a file that came before */
};

/* One of these for each entry; then the path, the target, and the data. */
struct unbundle_entry {
	uint32_t kind;
	uint32_t mode;
	int64_t mtime;	      /* seconds since 1970 */
	uint64_t size;	      /* bytes of data */
	uint32_t path_size;   /* bytes, 1 to PATH_SIZE - 1; not terminated */
	uint32_t target_size; /* bytes, the same; 0 for what has none */
};

/* The work of the jail: context is a pointer to the tar's descriptor. */
int unbundle_read(struct jail *jail, void *context, struct error *err);

#endif
