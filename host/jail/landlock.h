/* SPDX-License-Identifier: MIT */
/* landlock.h - what a process may still open, as the kernel enforces it */
#ifndef HOST_JAIL_LANDLOCK_H
#define HOST_JAIL_LANDLOCK_H

#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

enum landlock_right {
	LANDLOCK_READ = 1,    /* and list, of a directory */
	LANDLOCK_WRITE = 2,   /* what is there; nothing is made or removed */
	LANDLOCK_EXECUTE = 4, /* as a program; libraries are only read */
	LANDLOCK_DEVICE = 8,  /* ioctl(2) */
	LANDLOCK_TRUNCATE = 16,
};

/*
 * A list of what is allowed (landlock(7)); all else is denied, as far as this
 * kernel's version goes: opening and changing files from 1, TCP from 4, other
 * devices' ioctls from 5, abstract sockets and signals to others from 6.
 * Descriptors that are open already stay of use.
 */
struct landlock {
	int fd;		  /* owned; -1 where there is none */
	unsigned version; /* of the kernel's; 0: it has none, or it is off */
	uint64_t files;	  /* rights of files that this version knows */
};

#define LANDLOCK_NONE                                                          \
	{                                                                      \
		.fd = -1                                                       \
	}

/*
 * Begin with nothing allowed. A kernel without Landlock is no failure: then
 * the functions below do nothing, and version is 0.
 */
int landlock_begin(struct landlock *landlock, struct error *err);

/* The same for who has TCP to do: it is not denied. */
int landlock_begin_with_network(struct landlock *landlock, struct error *err);

/*
 * Allow those rights on a file, or on a directory with all that is below it.
 * Relative paths start at the directory `dir`; a symlink is followed, and the
 * right is that of the file it leads to now. What is not there, or may not be
 * looked at, is passed over: it cannot be opened anyway.
 */
int landlock_allow(struct landlock *landlock, int dir, const char *path,
		   unsigned rights, struct error *err);

/*
 * Allow to read and execute what a system's packages have installed, and the
 * program itself, wherever it lies: an absolute path.
 */
int landlock_allow_program(struct landlock *landlock, const char *program,
			   struct error *err);

/*
 * From here on this thread and what it starts have no more than that. -1 with
 * errno; no_new_privs must be set. Safe after fork(2).
 */
int landlock_enter(const struct landlock *landlock);

void landlock_release(struct landlock *landlock);

DEFINE_AUTO(landlock, landlock_release)

#endif
