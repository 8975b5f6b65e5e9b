/* SPDX-License-Identifier: MIT */
/* whiteout.h - the markers of an OCI layer for what is deleted below it */
#ifndef GUEST_SHARED_WHITEOUT_H
#define GUEST_SHARED_WHITEOUT_H

/*
 * Markers are entries with names of their own (image-spec, layer.md):
 *
 *	DIR/.wh.NAME       DIR/NAME of the layers below is deleted
 *	DIR/.wh..wh..opq   everything in DIR of the layers below is deleted
 *	.wh..wh.*          AUFS' own files, which Docker once left in layers
 */
#define WHITEOUT_PREFIX	     ".wh."
#define WHITEOUT_META_PREFIX ".wh..wh."
#define WHITEOUT_OPAQUE_NAME ".wh..wh..opq"

enum whiteout {
	WHITEOUT_NONE,	   /* an ordinary name */
	WHITEOUT_NAME,	   /* deletes a name */
	WHITEOUT_OPAQUE,   /* makes its directory opaque */
	WHITEOUT_METADATA, /* AUFS' own: skip */
	WHITEOUT_INVALID,  /* hides "", "." or "..": refuse */
};

/*
 * What the last component of a path says. For WHITEOUT_NAME *hidden becomes
 * the deleted name, a part of `base`; otherwise it is untouched.
 */
enum whiteout whiteout_classify(const char *base, const char **hidden);

#endif
