/* SPDX-License-Identifier: MIT */
/* content.c - see content.h; and rescue.h: one file */
#include "host/rescue/content.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "guest/shared/cleanup.h"
#include "host/rescue/named.h"
#include "host/rescue/worker.h"

/* What is asked for at once; an answer of libguestfs has 4 MiB at most. */
#define PIECE (2 * 1024 * 1024) /* bytes */

static size_t piece_of(uint64_t left)
{
	return left < PIECE ? (size_t)left : PIECE;
}

static int take_zeros(uint64_t size,
		      int (*take)(void *context, const void *bytes, size_t size,
				  struct error *err),
		      void *context, struct error *err)
{
	static const char zeros[PIECE];

	for (uint64_t at = 0; at < size; at += piece_of(size - at))
		if (take(context, zeros, piece_of(size - at), err) < 0)
			return -1;
	return 0;
}

int content_read(const struct appliance *appliance, const char *path,
		 const struct directory_file *file,
		 int (*take)(void *context, const void *bytes, size_t size,
			     struct error *err),
		 void *context, struct error *err)
{
	uint64_t size = file->entry.size;

	if (file->is_hole)
		return take_zeros(size, take, context, err);
	for (uint64_t at = 0; at < size;) {
		autofree char *bytes = NULL;
		size_t got = 0;

		bytes = appliance->library.pread(appliance->g, path,
						 (int)piece_of(size - at),
						 (int64_t)at, &got);
		if (!bytes)
			return appliance_error(appliance, err, "read");
		if (got == 0 || got > size - at)
			return error_set(err, EIO, "read: it ends too early");
		if (take(context, bytes, got, err) < 0)
			return -1;
		at += got;
	}
	return 0;
}

struct wanted {
	const char *path;
	int (*take)(void *context, const void *bytes, size_t size,
		    struct error *err);
	void *context;
};

static int run(struct appliance *appliance, void *context, struct error *err)
{
	const struct wanted *wanted = context;
	struct directory_file file;
	autofree char *path = NULL;

	if (named_find(&path, &file, appliance, wanted->path, err) < 0)
		return -1;
	/* A pipe would never end, and a device is the appliance's. */
	if (!S_ISREG(file.entry.mode))
		return error_set(err, EINVAL, "'%s' is no regular file",
				 wanted->path);
	if (content_read(appliance, path, &file, wanted->take, wanted->context,
			 err) < 0)
		return error_prefix(err, "'%s'", wanted->path);
	return 0;
}

int rescue_read(const struct rescue *rescue, const char *path,
		int (*take)(void *context, const void *bytes, size_t size,
			    struct error *err),
		void *context, struct error *err)
{
	struct wanted wanted = { path, take, context };

	return worker_run(rescue, run, &wanted, NULL, 0, err);
}
