/* SPDX-License-Identifier: MIT */
/* overlay_note.c - see overlay_note.h */
#include "guest/shared/overlay_note.h"

#include <errno.h>
#include <string.h>

#define PREFIX_LENGTH (sizeof(OVERLAY_NOTE_PREFIX) - 1)

bool overlay_is_note(const char *xattr)
{
	return strncmp(xattr, OVERLAY_NOTE_PREFIX, PREFIX_LENGTH) == 0;
}

int overlay_note_read(struct overlay_notes *notes, const char *xattr,
		      const void *value, size_t size, const char *path,
		      struct error *err)
{
	const char *note = xattr + PREFIX_LENGTH;

	if (strcmp(note, "redirect") == 0 || strcmp(note, "metacopy") == 0)
		return error_set(err, EINVAL,
				 "'%s' carries %s, which cannot "
				 "be expressed in a layer",
				 path, xattr);
	notes->escaped = strncmp(note, "overlay.", 8) == 0;
	if (strcmp(note, "whiteout") == 0)
		notes->whiteout = true;
	/* "x" says that whiteouts of the second form may be in there. */
	if (strcmp(note, "opaque") == 0)
		notes->opaque = size == 1 && *(const char *)value == 'y';
	return 0;
}

bool overlay_is_local(const char *xattr)
{
	return overlay_is_note(xattr) || strcmp(xattr, "security.selinux") == 0;
}
