/* SPDX-License-Identifier: MIT */
/* check.h - is what the guest sent the tar of a layer, as our agent makes it? */
#ifndef HOST_LAYER_CHECK_H
#define HOST_LAYER_CHECK_H

#include <stdint.h>

#include "guest/shared/error.h"
#include "host/layer/growing.h"

#define LAYER_CHECK_ENTRIES_MAX UINT64_C(10000000)
#define LAYER_CONTENT_MAX	(UINT64_C(1) << 40)   /* bytes: 1 TiB */
#define LAYER_NAMES_MAX		(UINT64_C(256) << 20) /* bytes: 256 MiB */

/* A 0 stands for the maximum above. */
struct layer_limits {
	uint64_t entries;
	uint64_t content; /* bytes in all regular files */
	uint64_t names;	  /* bytes of whiteouts, and again of hard links, that
			   * are kept in memory to be compared with others */

	/* Called for each entry; other than 0 ends the check with ECANCELED.
	 * May be NULL. */
	int (*advance)(void *context, uint64_t bytes);
	void *context;
};

struct layer_summary {
	uint64_t entries; /* all of those below */
	uint64_t files;
	uint64_t directories; /* the root among them */
	uint64_t symlinks;
	uint64_t hard_links;
	uint64_t devices;
	uint64_t fifos;
	uint64_t whiteouts;
	uint64_t opaques;
	uint64_t content; /* bytes in all regular files */
};

/*
 * Read the whole file `fd`, a regular file open for reading, from its start,
 * wherever its offset is, and refuse what a well-behaved agent cannot have
 * sent and what consumers of layers choke on: the rules W1 to W11 of
 * guest/agent/upper.h, the order of guest/shared/order.h, and the strictness
 * of framing.h. Nothing in the file is trusted; nothing is extracted.
 *
 * On success *summary is filled in. On failure it is untouched and the
 * message begins with "layer: "; as a hook may edit the layer, it says which
 * path is wrong and why. Codes: EPROTO for what is refused, E2BIG for a limit,
 * ENOMEM, and what reading the file says. Memory is bounded by the limits and
 * by the depth; time goes with entries, not with bytes of content.
 */
int layer_check(int fd, const struct layer_limits *limits,
		struct layer_summary *summary, struct error *err);

/* The same of a file that is still being written, as it comes. ECANCELED if it
 * is abandoned. */
int layer_check_growing(const struct growing *file,
			const struct layer_limits *limits,
			struct layer_summary *summary, struct error *err);

#endif
