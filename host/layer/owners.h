/* SPDX-License-Identifier: MIT */
/* owners.h - how many different user and group ids there are */
#ifndef HOST_LAYER_OWNERS_H
#define HOST_LAYER_OWNERS_H

#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/* A set of ids. Usable from { 0 }. */
struct owners {
	uint32_t *slots; /* owned; room is 0 or a power of two */
	size_t room;
	size_t count;
};

/* Count the id once. ENOMEM. UINT32_MAX is nobody's. */
int owners_add(struct owners *owners, uint32_t id, struct error *err);

void owners_release(struct owners *owners);

DEFINE_AUTO(owners, owners_release)

#endif
