/* SPDX-License-Identifier: MIT */
/* flat_content.c - see flat_content.h */
#include "host/layer/flat_content.h"

#include <errno.h>

struct reading {
	const struct flatten_options *options;
	const struct tar_sink *sink;
	uint64_t size; /* bytes of the file */
};

static int put(const struct reading *reading, const void *bytes, size_t size,
	       struct error *err)
{
	return reading->sink->write(reading->sink->context, bytes, size, err);
}

static int put_zeros(const struct reading *reading, uint64_t size,
		     struct error *err)
{
	static const char zeros[65536];

	while (size > 0) {
		size_t part =
			size < sizeof(zeros) ? (size_t)size : sizeof(zeros);

		if (put(reading, zeros, part, err) < 0)
			return -1;
		size -= part;
	}
	return 0;
}

static int go_on(const struct reading *reading, size_t size, struct error *err)
{
	const struct flatten_options *options = reading->options;

	if (options->advance && options->advance(options->context, size) != 0)
		return error_set(err, ECANCELED, "cancelled");
	return 0;
}

static int put_blocks(const struct reading *reading, struct layer_slice *slice,
		      struct error *err)
{
	uint64_t position = 0;
	struct layer_block block;
	int more;

	while ((more = layer_slice_next(slice, reading->size, &block, err)) >
	       0) {
		if (put_zeros(reading, block.offset - position, err) < 0 ||
		    put(reading, block.bytes, block.size, err) < 0 ||
		    go_on(reading, block.size, err) < 0)
			return -1;
		position = block.offset + block.size;
	}
	if (more < 0)
		return -1;
	return put_zeros(reading, reading->size - position, err);
}

int flat_content(const struct flat_inode *inode,
		 const struct layer_source *layers,
		 const struct flatten_options *options,
		 const struct tar_sink *sink, struct error *err)
{
	const struct layer_source *layer = &layers[inode->layer];
	const struct layer_source source = {
		.fd = layer->fd,
		.offset = layer->offset + inode->position,
		.size = inode->span,
	};
	const struct reading reading = { options, sink, inode->entry->size };
	AUTO(layer_slice) slice = { 0 };
	struct archive_entry *entry;
	int status;

	if (inode->entry->size == 0)
		return 0;
	if (layer_slice_open(&slice, &source, err) < 0)
		return -1;
	status = layer_slice_header(&slice, &entry);
	if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
		return layer_slice_error(&slice, err);
	return put_blocks(&reading, &slice, err);
}
