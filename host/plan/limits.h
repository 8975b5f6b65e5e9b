/* SPDX-License-Identifier: MIT */
/* limits.h - how much a run may give, before it is ended: --limit */
#ifndef HOST_PLAN_LIMITS_H
#define HOST_PLAN_LIMITS_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/error.h"

/* The defaults: more than any build in earnest. */
#define LIMIT_LOG	    UINT64_C(1024)     /* MiB */
#define LIMIT_LAYER_SIZE    UINT64_C(1048576)  /* MiB; COLLECT_SIZE_MAX */
#define LIMIT_LAYER_ENTRIES UINT64_C(10000000) /* LAYER_CHECK_ENTRIES_MAX */

/* Seconds; sixty beats that did not come */
#define LIMIT_GUEST_SILENCE UINT64_C(300)
#define LIMIT_SECONDS_MAX   UINT64_C(1000000000)

/* 0 is no limit; after limits_parse() only seconds may be. */
struct limits {
	uint64_t log;		/* MiB that hooks and commands print */
	uint64_t layer_size;	/* MiB of one layer, as an uncompressed tar */
	uint64_t layer_entries; /* of one layer */
	uint64_t hook_time;	/* seconds, of each hook and command */
	uint64_t hook_silence;	/* seconds without a byte printed by it */
	uint64_t guest_silence; /* seconds without a frame, BEAT included */
};

/* One of them, for whoever goes through all. */
struct limit {
	const char *name;  /* "layer-size" */
	size_t field;	   /* offset in struct limits, of a uint64_t */
	uint64_t fallback; /* the default, which is the most as well if
			    * `capped` */
	enum { LIMIT_MIB, LIMIT_COUNT, LIMIT_SECONDS } unit;
	int capped;
};

extern const struct limit limit_table[];
extern const size_t limit_count;

uint64_t limit_get(const struct limits *limits, const struct limit *limit);

/*
 * The defaults, and over them each of the `count` items, NAME=VALUE; the last
 * one said of a name wins. EINVAL, with a message that names the item.
 */
int limits_parse(struct limits *limits, char *const *items, size_t count,
		 struct error *err);

#endif
