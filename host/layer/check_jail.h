/* SPDX-License-Identifier: MIT */
/* check_jail.h - the check of a layer, in a process that has only the layer */
#ifndef HOST_LAYER_CHECK_JAIL_H
#define HOST_LAYER_CHECK_JAIL_H

#include <stdint.h>

#include "guest/shared/error.h"
#include "host/layer/check.h"

/*
 * layer_check() in a jail (host/jail/jail.h), and within its own limits. Fails
 * as both do. `advance` may be NULL.
 */
int check_jail(int fd, int (*advance)(void *context, uint64_t bytes),
	       void *context, struct layer_summary *summary, struct error *err);

#endif
