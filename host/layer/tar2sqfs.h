/* SPDX-License-Identifier: MIT */
/* tar2sqfs.h - a tar2sqfs(1) that makes a squashfs of what it is written */
#ifndef HOST_LAYER_TAR2SQFS_H
#define HOST_LAYER_TAR2SQFS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/*
 * The program is squashfs-tools-ng's, 1.2.0. It reads a tar from its standard
 * input, and reads and writes no other file but the one it makes (landlock.h,
 * filter.h); it is killed if it is not waited for, or its parent ends. SIGPIPE must be ignored.
 */
struct tar2sqfs {
	pid_t pid;	/* 0 if there is none */
	int pidfd;	/* owned; readable when it has ended */
	int in;		/* owned; our end of its standard input */
	int complaints; /* owned; a file in memory, what it prints */

	/* Called several times a second; other than 0 ends the work with
	 * ECANCELED. May be NULL. */
	int (*advance)(void *context, uint64_t bytes);
	void *context;
};

#define TAR2SQFS_NONE                                                          \
	{                                                                      \
		.pidfd = -1, .in = -1, .complaints = -1                        \
	}

/*
 * Start `program`, a path, to write to the file that `out` is open for, with
 * `jobs` threads that compress. lz4 in blocks of 128 KiB: of all compressions
 * the one that an emulated processor undoes fastest.
 *
 * advance and context are to be set before; *process otherwise as
 * TAR2SQFS_NONE.
 */
int tar2sqfs_start(struct tar2sqfs *process, const char *program, int out,
		   unsigned int jobs, struct error *err);

/* More of the tar. EPIPE if it has ended: tar2sqfs_finish() says why. */
int tar2sqfs_write(struct tar2sqfs *process, const void *bytes, size_t size,
		   struct error *err);

/* The tar is complete: wait until the file is. */
int tar2sqfs_finish(struct tar2sqfs *process, struct error *err);

void tar2sqfs_release(struct tar2sqfs *process);

DEFINE_AUTO(tar2sqfs, tar2sqfs_release)

#endif
