/* SPDX-License-Identifier: MIT */
/* inside.h - the child's side of a jail; for this folder */
#ifndef HOST_JAIL_INSIDE_H
#define HOST_JAIL_INSIDE_H

#include <sys/types.h>

#include "host/jail/jail.h"

/*
 * In the child, after fork(2): give up everything, do the work, and say on the
 * pipe `out` how it went. `parent` is who must be alive.
 */
_Noreturn void inside_run(const struct jail_work *work, int out, pid_t parent);

#endif
