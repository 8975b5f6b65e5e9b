/* SPDX-License-Identifier: MIT */
/* absent.c - see rescue.h: built without libguestfs */
#include <errno.h>

#include "host/rescue/rescue.h"

int rescue_available(struct error *err)
{
	return error_set(err, ENOSYS,
			 "this overlayvm was built without libguestfs (install "
			 "libguestfs-dev, and build with -Drescue=enabled)");
}

int rescue_list(const struct rescue *rescue, const char *path,
		int (*take)(void *context, const struct listing *listing,
			    struct error *err),
		void *context, struct error *err)
{
	(void)rescue;
	(void)path;
	(void)take;
	(void)context;
	return rescue_available(err);
}

int rescue_read(const struct rescue *rescue, const char *path,
		int (*take)(void *context, const void *bytes, size_t size,
			    struct error *err),
		void *context, struct error *err)
{
	(void)rescue;
	(void)path;
	(void)take;
	(void)context;
	return rescue_available(err);
}

int rescue_export(const struct rescue *rescue, struct rescue_layer *layer,
		  struct error *err)
{
	(void)rescue;
	(void)layer;
	return rescue_available(err);
}

int rescue_shell(const char *disk, struct error *err)
{
	(void)disk;
	return rescue_available(err);
}
