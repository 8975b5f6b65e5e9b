/* SPDX-License-Identifier: MIT */
/* rundir.h - the private directory of one run */
#ifndef HOST_RUN_RUNDIR_H
#define HOST_RUN_RUNDIR_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct rundir {
	int fd;	    /* owned; holds the lock; -1 if there is none */
	char *path; /* owned, absolute */
};

#define RUNDIR_NONE                                                            \
	{                                                                      \
		.fd = -1                                                       \
	}

/*
 * Make overlayvm.XXXXXX, mode 0700, in the directory `base`, and lock it
 * (flock(2)) for as long as the run lives. What runs that were killed have
 * left in `base` is removed on the way: directories of that name, of the same
 * user, whose lock is free.
 */
int rundir_create(struct rundir *rundir, const char *base, struct error *err);

/* Remove the directory with the files in it. */
void rundir_release(struct rundir *rundir);

DEFINE_AUTO(rundir, rundir_release)

#endif
