/* SPDX-License-Identifier: MIT */
/* layer_apply.h - the rules by which the entries of a layer become a tree */
#ifndef GUEST_SHARED_LAYER_APPLY_H
#define GUEST_SHARED_LAYER_APPLY_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_sink.h"
#include "guest/shared/layer_tree.h"
#include "guest/shared/layer_warn.h"

/*
 * The rules, from the OCI image-spec (layer.md) where it decides and from
 * what Docker's overlay2 does where it does not:
 *
 * - Markers speak of the layers below only, in whatever order they come: an
 *   entry of the same layer stays. A directory with a whiteout of its name is
 *   opaque. Where nothing of the layers below shows (in an opaque directory,
 *   below a whiteout, below something that is no directory) markers say
 *   nothing and are dropped. A marker may be of any type.
 * - The later of two entries of one path counts: a directory over a directory
 *   brings new attributes, everything else takes the place of what was there
 *   and of all below it.
 * - A parent without an entry is a directory. A parent that is neither a
 *   directory nor a symlink is an error.
 * - Symlinks of this layer are followed in the directory part of names, within
 *   the layer; those of layers below are not known, and directories take their
 *   place.
 * - Hard links may come before their target. One whose target never comes, or
 *   is a directory, is an error.
 * - Sockets and AUFS' files are skipped; AUFS' pool of hard links
 *   (.wh..wh.plnk) is there while the layer is read.
 */
struct layer_apply {
	struct layer_sink *sink; /* borrowed */
	struct layer_warn *warn; /* borrowed */
	struct layer_tree tree;
	struct layer_late_link **late; /* owned, in the order they came */
	size_t late_count;
	bool opaque_root;     /* set at the end: no layer below shows */
	char path[PATH_SIZE]; /* what the sink is told at the moment */
};

int layer_apply_init(struct layer_apply *apply, struct layer_sink *sink,
		     struct layer_warn *warn, struct error *err);
void layer_apply_release(struct layer_apply *apply);

DEFINE_AUTO(layer_apply, layer_apply_release)

/*
 * The three below take the name of the next entry in normal form. After any
 * failure the layer is to be given up. Messages leave it to the caller to name
 * the entry.
 */

/* Deal with the name if it is a marker; *is_marker says if it was one, or
 * something else of which no more than the name counts. */
int layer_apply_marker(struct layer_apply *apply, const char *name,
		       bool *is_marker, struct error *err);

/* What stands in the layer under that name. entry->path is filled in here.
 * `data` is of regular files. */
int layer_apply_entry(struct layer_apply *apply, const char *name,
		      struct layer_entry *entry, struct layer_data *data,
		      struct error *err);

/* A hard link to `target`, a name as it is in the archive; an absolute one is
 * taken from the layer's root, as kaniko writes them. */
int layer_apply_link(struct layer_apply *apply, const char *name,
		     const char *target, struct error *err);

/* There are no more entries: late links, whiteouts and the attributes of
 * directories. Messages name what they speak of. */
int layer_apply_finish(struct layer_apply *apply, struct error *err);

#endif
