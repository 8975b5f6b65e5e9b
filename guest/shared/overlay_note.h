/* SPDX-License-Identifier: MIT */
/* overlay_note.h - what overlayfs notes on a file of an upper directory */
#ifndef GUEST_SHARED_OVERLAY_NOTE_H
#define GUEST_SHARED_OVERLAY_NOTE_H

#include <stdbool.h>
#include <stddef.h>

#include "guest/shared/error.h"

/* overlayfs keeps its own notes under this prefix; no layer may have them. */
#define OVERLAY_NOTE_PREFIX "trusted.overlay."

struct overlay_notes {
	bool opaque;
	bool whiteout;
	bool escaped; /* this one was another overlay's: it is lost */
};

/* Whether it is one, by the name of the xattr. */
bool overlay_is_note(const char *xattr);

/*
 * Add what one note says, that of the name `xattr` with the first bytes of its
 * value, to *notes; `path` is for the message. EINVAL for what a layer cannot
 * express: a directory that is somewhere else (redirect), a file whose content
 * is (metacopy).
 */
int overlay_note_read(struct overlay_notes *notes, const char *xattr,
		      const void *value, size_t size, const char *path,
		      struct error *err);

/* Whether the xattr belongs to this machine and not to the file, and so to no
 * layer: overlayfs' notes, and security.selinux. */
bool overlay_is_local(const char *xattr);

#endif
