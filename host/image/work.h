/* SPDX-License-Identifier: MIT */
/* work.h - where the bytes of an image may be put, how many, whom to tell */
#ifndef HOST_IMAGE_WORK_H
#define HOST_IMAGE_WORK_H

#include <stdint.h>

/* What image_work.limit is when it is 0. */
#define IMAGE_LIMIT_DEFAULT (UINT64_C(64) << 30) /* bytes */

/*
 * Plain data, owns nothing; what it points to must live as long as the call.
 * Files that are made in the directory are the caller's to remove, with the
 * directory; those of a failed call are removed by it.
 */
struct image_work {
	int dir;	      /* a private directory, for decompressed bytes */
	const char *dir_path; /* the same, absolute: for who opens by path */
	uint64_t limit; /* bytes one decompressed file may have; 0: default */

	/*
	 * Called again and again in whatever takes time, with the bytes of
	 * the stored image that were read since the last call; may be NULL.
	 * Anything but 0 ends the work with ECANCELED.
	 */
	int (*advance)(void *context, uint64_t bytes);

	/* Something the user should know, one line; may be NULL. */
	void (*warn)(void *context, const char *message);

	void *context; /* for the two */
};

#endif
