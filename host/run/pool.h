/* SPDX-License-Identifier: MIT */
/* pool.h - the same work for many things, several at once */
#ifndef HOST_RUN_POOL_H
#define HOST_RUN_POOL_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/error.h"

struct pool;

/*
 * work() is called for each number from 0 to count-1, in that order, by
 * several threads at once. What takes it long asks pool_advance() now and
 * then, and gives up if it returns other than 0.
 */
struct pool_work {
	int (*work)(struct pool *pool, size_t number, void *context,
		    struct error *err);
	size_t count;

	/* Called several times a second, by the caller's own thread, with the
	 * bytes that pool_advance() was told of since; other than 0 ends all
	 * work with ECANCELED. */
	int (*advance)(void *context, uint64_t bytes);

	void *context; /* for both */
};

/* Processors that this process may use, at least 1. */
unsigned int pool_processors(void);

/*
 * Do it, with no more than `threads` threads. The first failure ends all work,
 * and is what comes back.
 */
int pool_run(const struct pool_work *work, unsigned int threads,
	     struct error *err);

/* For work(): 0 to go on. `pool` is its first argument. */
int pool_advance(void *pool, uint64_t bytes);

#endif
