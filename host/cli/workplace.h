/* SPDX-License-Identifier: MIT */
/* workplace.h - what it takes to read an image outside of a run */
#ifndef HOST_CLI_WORKPLACE_H
#define HOST_CLI_WORKPLACE_H

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/image.h"
#include "host/image/work.h"
#include "host/run/interrupt.h"
#include "host/run/rundir.h"

/* A private directory, where runs have theirs, and signals that are waited
 * for, so that the directory never stays behind. */
struct workplace {
	struct rundir dir;
	struct interrupt interrupt; /* fd -1 before workplace_open() */
	struct image_work work;	    /* warnings go to standard error */
};

#define WORKPLACE_NONE                                                         \
	{                                                                      \
		.dir = RUNDIR_NONE, .interrupt = {.fd = -1 }                   \
	}

/* The workplace must not move after this. As rundir_create() and
 * interrupt_open() fail. */
int workplace_open(struct workplace *workplace, struct error *err);

/* image_open() for a reference as the user wrote it. */
int workplace_open_image(struct workplace *workplace, const char *reference,
			 struct image *image, struct error *err);

/*
 * Remove the directory; all that reads files in it is to be released before.
 * If a signal has come, print the message, if the work failed, and die by the
 * signal; otherwise `status` comes back.
 */
int workplace_finish(struct workplace *workplace, int status,
		     const struct error *err);

#endif
