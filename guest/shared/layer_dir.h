/* SPDX-License-Identifier: MIT */
/* layer_dir.h - unpack a layer into a directory, as overlayfs wants it */
#ifndef GUEST_SHARED_LAYER_DIR_H
#define GUEST_SHARED_LAYER_DIR_H

#include "guest/shared/error.h"
#include "guest/shared/layer_read.h"

struct layer_dir_options {
	struct layer_options read;

	/*
	 * Open the root of the merged view of the layers below, O_PATH |
	 * O_DIRECTORY; the descriptor becomes the callee's. Directories that
	 * the layer needs and does not describe take their attributes from
	 * there, and whiteouts of what is not there are dropped. Called at most
	 * once a layer, and only if there are any; -1 with err->code 0 if there
	 * are no layers below. NULL: nothing is known of them.
	 */
	int (*open_lower)(void *context, struct error *err);
	void *lower_context;
};

/*
 * Unpack the layer into the directory `dirfd`, which is empty and no other
 * process works in. Whiteouts become character devices 0:0, opaque directories
 * get the xattr trusted.overlay.opaque=y; both take root. As anybody else, what
 * the kernel forbids is an error, owners included.
 *
 * A directory that neither the layer nor one below describes becomes 0755,
 * 0:0, of the time 0; that goes for the root too. The umask of the process is
 * 0 while this runs. Nothing outside `dirfd` can be reached: the kernel is told
 * to follow no symlink at all (openat2(2), Linux 5.6).
 *
 * Fails as layer_read() does, and as the kernel does: ENOSPC, EPERM, ... The
 * directory is then of no use. xattrs of what is neither a file nor a directory
 * need /proc.
 */
int layer_unpack(const struct layer_source *source, int dirfd,
		 const struct layer_dir_options *options,
		 struct layer_stats *stats, struct error *err);

#endif
