/* SPDX-License-Identifier: MIT */
/* spool.h - a file that is written in large pieces, and hashed */
#ifndef HOST_CLI_SPOOL_H
#define HOST_CLI_SPOOL_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/digest.h"

struct spool {
	int fd;			   /* borrowed */
	char *buffer;		   /* owned */
	size_t used;		   /* bytes of it */
	uint64_t size;		   /* bytes so far, those in the buffer too */
	struct digest_state state; /* of what was flushed */
};

/* Begin to write at the present offset of `fd`. ENOMEM, EIO. */
int spool_begin(struct spool *spool, int fd, struct error *err);

/* Take bytes; `context` is the spool, as struct tar_sink wants it. */
int spool_add(void *context, const void *bytes, size_t size, struct error *err);

/* Write what is left. What write(2) says, as in spool_add(). */
int spool_flush(struct spool *spool, struct error *err);

void spool_release(struct spool *spool);

DEFINE_AUTO(spool, spool_release)

#endif
