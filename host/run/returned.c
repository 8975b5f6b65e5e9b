/* SPDX-License-Identifier: MIT */
/* returned.c - see returned.h */
#include "host/run/returned.h"

#include <fcntl.h>
#include <unistd.h>

/* Its name is gone at once: there can be many of them. */
static int open_spool(int dir, struct error *err)
{
	int fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	fd = openat(dir, "layer", O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_errno(err, "create a file for the layer");
	(void)unlinkat(dir, "layer", 0);
	return fd;
}

int returned_open(struct returned *layer, const char *path,
		  enum compression compression, int dir, struct error *err)
{
	if (output_open(&layer->output, path, dir, err) < 0)
		return -1;
	if (compression == COMPRESSION_NONE)
		return collect_begin(&layer->collect, layer->output.fd,
				     compression, -1, err);
	layer->spool = open_spool(dir, err);
	if (layer->spool < 0)
		return -1;
	return collect_begin(&layer->collect, layer->spool, compression,
			     layer->output.fd, err);
}

void returned_release(struct returned *layer)
{
	collect_release(&layer->collect);
	if (layer->spool >= 0)
		close(layer->spool);
	output_release(&layer->output);
	*layer = (struct returned)RETURNED_NONE;
}
