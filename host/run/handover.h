/* SPDX-License-Identifier: MIT */
/* handover.h - files of this host that the guest gets to read */
#ifndef HOST_RUN_HANDOVER_H
#define HOST_RUN_HANDOVER_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/message.h"
#include "host/image/digest.h"
#include "host/image/work.h"
#include "host/plan/plan.h"

/* An input as a squashfs in the run directory, to be a partition. */
struct handover_input {
	char *path;    /* owned, absolute */
	uint64_t size; /* bytes, whole pages */
	bool file;     /* it holds one file, BUNDLE_FILE */
};

/* A secret, in memory alone. */
struct handover_secret {
	void *bytes; /* owned; overwritten before it is freed */
	size_t size;
};

struct handover {
	struct handover_input inputs[MESSAGE_INPUTS_MAX];
	size_t input_count;
	struct handover_secret secrets[MESSAGE_SECRETS_MAX];
	size_t secret_count;
};

/*
 * Read what the plan names, in its order. Fails with the option and the name
 * in the message: as bundle_write() and tar2sqfs_finish() do, ENOENT if there
 * is no tar2sqfs, EFBIG for secrets that are too large.
 */
int handover_make(struct handover *handover, const struct plan *plan,
		  const struct image_work *work, struct error *err);

/* The digest of an input as the guest will see it: of its tar. */
int handover_digest(struct digest *digest, const struct given *input,
		    struct error *err);

void handover_release(struct handover *handover);

DEFINE_AUTO(handover, handover_release)

#endif
