/* SPDX-License-Identifier: MIT */
/* worker.h - work with libguestfs, in a child process that can be ended */
#ifndef HOST_RESCUE_WORKER_H
#define HOST_RESCUE_WORKER_H

#include <stddef.h>

#include "guest/shared/error.h"
#include "host/rescue/appliance.h"

#define WORKER_GRACE 10 /* seconds to clean up, after a signal has come */

/*
 * Call run(appliance, context) in a child with a started appliance. It and all
 * that libguestfs starts are a process group of their own; a signal that we
 * have got ends its virtual machine, so that libguestfs fails, and removes what
 * it has made. `result`, which lies in what the child can write to, has
 * afterwards what it had there, if that succeeded; size may be 0.
 *
 * Fails as run() does; with ECANCELED after rescue->pending(); with EPROTO
 * if the child ended without a word; and with what fork(2) says.
 */
int worker_run(const struct rescue *rescue,
	       int (*run)(struct appliance *appliance, void *context,
			  struct error *err),
	       void *context, void *result, size_t size, struct error *err);

#endif
