/* SPDX-License-Identifier: MIT */
/* lint_state.h - what the parts of lint.h know of the layer they read */
#ifndef HOST_LAYER_LINT_STATE_H
#define HOST_LAYER_LINT_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <archive_entry.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_node.h"
#include "guest/shared/layer_slice.h"
#include "guest/shared/whiteout.h"
#include "host/image/findings.h"
#include "host/layer/base.h"
#include "host/layer/raw.h"

/* Marks in layer_node.late, which has room for some; `kind` is LAYER_ABSENT
 * of a path that has no entry of its own, `whiteout` and `opaque` are those of
 * this layer. */
enum lint_mark {
	LINT_REGULAR = 1 << 0,	/* a regular file, no hard link */
	LINT_REPORTED = 1 << 1, /* that it comes after what is in it */
	LINT_FILLED = 1 << 2,	/* something but markers was in it */
};

/* A hard link whose target has not been met yet. */
struct lint_link {
	char *target; /* owned; the link's own path stands behind its NUL */
};

struct lint {
	struct findings *findings; /* borrowed */
	struct layer_source source;
	const struct base *base; /* borrowed; NULL: not known */
	struct layer_slice slice;
	struct layer_node *root; /* owned; all paths so far */
	uint64_t held;		 /* bytes of them and of the links */
	struct lint_link *links; /* owned */
	size_t link_count;
	size_t link_room;
	uint64_t entries;
	uint64_t next; /* where the next entry must begin */

	/* The entry at hand. */
	struct archive_entry *entry; /* libarchive's */
	struct raw raw;
	const char *name;     /* libarchive's; as it stands */
	char path[PATH_SIZE]; /* normal form; "" is the root */
	enum whiteout kind;   /* what the path says, */
	const char *hidden;   /* and hides; a part of `path` */

	/* The entry before. */
	char before[PATH_SIZE];
	bool before_directory;
};

/* Each looks at the entry at hand, and fails only for want of memory. */

/* The headers. */
int lint_form(struct lint *lint, struct error *err);

/* The name alone; *usable says that `path`, `kind` and `hidden` are good. */
void lint_name(struct lint *lint, bool *usable);

/* Where the path lies among the others, which it joins. */
int lint_place(struct lint *lint, struct error *err);

/* Whiteouts and opaque markers, what they hide, and what is hidden. */
int lint_marker(struct lint *lint, struct error *err);

/* Owner, time, xattrs, device, target of a symlink. */
int lint_attributes(struct lint *lint, struct error *err);

/* Hard links; lint_late_links() when all entries have been read. */
int lint_link(struct lint *lint, struct error *err);
void lint_late_links(struct lint *lint);

/* The node of a path, made if it was not there. NULL: no memory. */
struct layer_node *lint_node(struct lint *lint, const char *path);

/* "etc/x", or "./" for the root: how a path is shown. */
const char *lint_shown(const char *path);

#endif
