/* SPDX-License-Identifier: MIT */
/* jail.h - a function in a child process that has only its descriptors */
#ifndef HOST_JAIL_JAIL_H
#define HOST_JAIL_JAIL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/*
 * For what reads hostile bytes with libraries as large as theirs. The child
 * is a fork, so the function finds all that its caller had in memory, and may
 * call any library; but it can open nothing, neither file nor socket, start
 * nothing and signal nobody (filter.h, landlock.h), and what it changes in
 * memory is lost. What it finds out it says with jail_put().
 */
#define JAIL_SILENCE 60 /* seconds without a sign of life until it has hung */
#define JAIL_MEMORY  (UINT64_C(4) << 30) /* bytes of address space */
#define JAIL_FDS_MAX 512

/* The codes of what cannot happen, whatever is read. */
#define JAIL_CRASHED ENOTRECOVERABLE
#define JAIL_HUNG    ETIME

static inline bool jail_is_mistake(int code)
{
	return code == JAIL_CRASHED || code == JAIL_HUNG;
}

struct jail; /* the child's end */

struct jail_work {
	const char *what; /* is read: "layer 3", for messages */
	int (*work)(struct jail *jail, void *context, struct error *err);
	void *context;	    /* for work */
	const int *fds;	    /* what the child keeps, all else is closed */
	size_t fd_count;    /* at most JAIL_FDS_MAX */
	uint64_t file_size; /* bytes that a file may have that it writes to */
	size_t result_max;  /* bytes */
	unsigned silence;   /* seconds; 0: JAIL_SILENCE */

	/* If not NULL, it is given what the child puts, here and as it comes;
	 * then there is no result, and result_max does not count. */
	int (*take)(void *context, const void *bytes, size_t size,
		    struct error *err);
	void *take_context;

	/* Called here, again and again, with what the child told jail_tick();
	 * anything but 0 ends the work with ECANCELED. May be NULL. */
	int (*advance)(void *context, uint64_t bytes);
	void *advance_context;
};

struct jail_result {
	void *bytes; /* owned */
	size_t size; /* bytes */
};

/*
 * Fork, run work->work in the child, and wait for it. Fails as the function
 * does, with code and message; with JAIL_CRASHED if a signal ended it,
 * JAIL_HUNG if it fell silent, ENOMEM if that was for want of memory, EPROTO
 * if it said what no function says, ECANCELED, as `take` does, and with what
 * fork(2) says.
 * *result is whatever bytes it put, to be believed as little as what it read.
 */
int jail_run(const struct jail_work *work, struct jail_result *result,
	     struct error *err);

/* In the child: more of the result. Fails with EPIPE. */
int jail_put(struct jail *jail, const void *bytes, size_t size,
	     struct error *err);

/*
 * In the child: a sign of life; `bytes` have been read since the last one.
 * To be called often, it is sent seldom. Of the form of image_work.advance.
 */
int jail_tick(void *jail, uint64_t bytes);

void jail_result_release(struct jail_result *result);

DEFINE_AUTO(jail_result, jail_result_release)

#endif
