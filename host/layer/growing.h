/* SPDX-License-Identifier: MIT */
/* growing.h - a file that is read while it is still being written */
#ifndef HOST_LAYER_GROWING_H
#define HOST_LAYER_GROWING_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/*
 * One writes it, from the start to the end, and says how far it has come; any
 * number of threads follow, and one child process. With that one nothing is
 * shared but a socket: it may have been taken over by what it reads, and a lock
 * in its reach would be a hold on the writer.
 */
struct growing {
	int fd;			     /* borrowed; a regular file */
	struct growing_state *state; /* owned; NULL before it is begun */
};

/* An empty file, to be written to `fd`. ENOMEM. */
int growing_begin(struct growing *growing, int fd, struct error *err);

/*
 * The file `fd` as it is, whole already. EINVAL if it is no regular file,
 * ENOMEM, and what fstat(2) says.
 */
int growing_whole(struct growing *growing, int fd, struct error *err);

/*
 * A socket for the child, before anything is written; the caller closes it,
 * here and there. What socketpair(2) says.
 */
int growing_tell(struct growing *growing, int *socket, struct error *err);

/*
 * The child: the file `fd` as the socket tells of it. While it waits it calls
 * `alive` every second, with 0 bytes; other than 0 is ECANCELED. ENOMEM.
 */
int growing_follow(struct growing *growing, int fd, int socket,
		   int (*alive)(void *context, uint64_t bytes), void *context,
		   struct error *err);

/* The writer: its first `size` bytes are there. */
void growing_advance(struct growing *growing, uint64_t size);

/* The writer: nothing more comes. */
void growing_complete(struct growing *growing);

/* The writer: nobody needs the rest; who waits for it fails. */
void growing_abandon(struct growing *growing);

bool growing_is_abandoned(const struct growing *growing);

/*
 * Wait until `size` bytes are there, or the file is complete, and return how
 * many there are, fewer only in the second case. -1 with errno ECANCELED if it
 * has been abandoned.
 */
int64_t growing_wait(const struct growing *growing, uint64_t size);

/*
 * Read at the offset what is asked for, waiting for it; fewer bytes only at
 * the end of the complete file. -1 with errno ECANCELED, or what read(2) says.
 */
ssize_t growing_read(const struct growing *growing, void *buf, size_t size,
		     uint64_t offset);

/* Whoever follows must have ended. */
void growing_release(struct growing *growing);

DEFINE_AUTO(growing, growing_release)

#endif
