/* SPDX-License-Identifier: MIT */
/* sayings.h - what the entries of a layer say of each path */
#ifndef HOST_LAYER_SAYINGS_H
#define HOST_LAYER_SAYINGS_H

#include <archive_entry.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/layer/listing.h"

struct saying {
	struct listing_line line; /* owns what it points to; no mark yet */
	size_t turn;		  /* the place in the tar */
	bool whiteout;
	bool was_there; /* before, as the layer itself shows */
};

/* Usable from { 0 }. */
struct sayings {
	struct saying *list; /* owned */
	size_t count;
	size_t room;
	uint64_t names; /* bytes */
};

/* Take one entry. As listing_read() fails. */
int sayings_add(struct sayings *sayings, struct archive_entry *entry,
		struct error *err);

/*
 * There are no more. Everything that is said of one path becomes one saying,
 * in the place of the first, and those that were there before the layer are
 * found.
 */
void sayings_settle(struct sayings *sayings);

void sayings_release(struct sayings *sayings);

DEFINE_AUTO(sayings, sayings_release)

#endif
