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

/* What a layer may have before the guest is taken to be hostile: bytes. */
#define COLLECT_SIZE_MAX (UINT64_C(1) << 40)

struct collect {
	int fd;	       /* borrowed; of the output */
	uint64_t size; /* bytes so far */
	struct digest_state hash;
	XXH64_state_t *checksum;      /* owned; compared with END's */
	struct digest digest;	      /* after collect_finish() */
	struct layer_summary summary; /* after collect_finish() */
};

int collect_begin(struct collect *collect, int fd, struct error *err);

/* EFBIG beyond COLLECT_SIZE_MAX; what write(2) says. */
int collect_add(struct collect *collect, const void *bytes, size_t size,
		struct error *err);

/*
 * All has arrived. EPROTO if it is not what END says, in size, checksum or
 * entries; otherwise as layer_check() says of the tar.
 */
int collect_finish(struct collect *collect, const struct message_end *end,
		   struct error *err);

void collect_release(struct collect *collect);

DEFINE_AUTO(collect, collect_release)

#endif
