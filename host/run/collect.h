/* SPDX-License-Identifier: MIT */
/* collect.h - the layer as it arrives from the guest */
#ifndef HOST_RUN_COLLECT_H
#define HOST_RUN_COLLECT_H

#include <stddef.h>
#include <stdint.h>

#include <xxhash.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/message.h"
#include "host/image/digest.h"
#include "host/layer/check.h"
#include "host/layer/compress.h"
#include "host/run/follower.h"

/* What a layer may have before the guest is taken to be hostile: bytes. */
#define COLLECT_SIZE_MAX (UINT64_C(1) << 40)

/* Must stay where it is from collect_begin() to collect_release(). */
struct collect {
	int fd;	       /* borrowed; the layer itself, a tar */
	int stored_fd; /* borrowed; the layer compressed; -1 if it is not */
	struct growing growing;
	int socket; /* owned; what tells the check of it */
	struct follower checking;
	struct follower compressing;
	uint64_t size;	 /* bytes so far */
	uint64_t pushed; /* bytes that are on their way to the disk */
	struct digest_state hash;
	XXH64_state_t *checksum; /* owned; compared with END's */

	/* After collect_finish(). */
	struct digest digest; /* of the tar */
	struct layer_summary summary;
	struct stored stored; /* the file that is the result */
};

/*
 * The layer goes to the file `fd`, from its start. While it arrives it is
 * hashed, and checked in a jail (jail.h); and if `compression` is other than
 * COMPRESSION_NONE, compressed into `stored_fd` on a thread. ENOMEM, EAGAIN.
 */
int collect_begin(struct collect *collect, int fd, enum compression compression,
		  int stored_fd, struct error *err);

/* EFBIG beyond COLLECT_SIZE_MAX; what write(2) says. */
int collect_add(struct collect *collect, const void *bytes, size_t size,
		struct error *err);

/*
 * All has arrived. EPROTO if it is not what END says, in size, checksum or
 * entries; otherwise as layer_check() says of the tar, or compress_layer().
 */
int collect_finish(struct collect *collect, const struct message_end *end,
		   struct error *err);

/* Ends what is still under way. */
void collect_release(struct collect *collect);

DEFINE_AUTO(collect, collect_release)

#endif
