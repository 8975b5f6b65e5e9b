/* SPDX-License-Identifier: MIT */
/* layer_slice.h - a plain tar within a file or a disk, as libarchive reads it */
#ifndef GUEST_SHARED_LAYER_SLICE_H
#define GUEST_SHARED_LAYER_SLICE_H

#include <stdbool.h>
#include <stdint.h>

#include <archive.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/layer_sink.h"

/* A layer's tar, uncompressed: `size` bytes from `offset` on. */
struct layer_source {
	int fd; /* borrowed; its file position does not matter */
	uint64_t offset;
	uint64_t size;
};

/*
 * Reads are of 1 MiB, into memory aligned to a page and beginning at whole
 * pages of the slice; so a descriptor with O_DIRECT serves as well, if offset
 * and size are multiples of what its disk wants.
 */
struct layer_slice {
	struct layer_source source;
	void (*advance)(void *context); /* told of each read, or NULL */
	void *context;
	struct archive *archive; /* owned */
	void *buffer;		 /* owned */
	uint64_t position;	 /* bytes of the slice that were handed out */
	bool sparse;		 /* the entry at hand names holes */
	uint64_t data_end; /* bytes of the entry's data so far, and holes */
	int failed;	   /* errno of a read that failed, else 0 */
};

/*
 * Open the slice as a tar of any dialect, and of no other format. A slice that
 * is longer than its file is an error (EIO) when its end is reached. `advance`
 * and `context` are as the caller has set them.
 */
int layer_slice_open(struct layer_slice *slice,
		     const struct layer_source *source, struct error *err);
void layer_slice_release(struct layer_slice *slice);

DEFINE_AUTO(layer_slice, layer_slice_release)

/* As archive_read_next_header(), and the data begins anew. */
int layer_slice_header(struct layer_slice *slice, struct archive_entry **entry);

/*
 * The next block of the entry at hand, which has `size` bytes: as next() of
 * struct layer_data. EBADMSG for blocks that overlap or are out of order, as
 * maps of sparse files can have them, for those beyond the size, and for data
 * that ends before it without a map that says so.
 */
int layer_slice_next(struct layer_slice *slice, uint64_t size,
		     struct layer_block *block, struct error *err);

/*
 * Say in *err what libarchive complained of. The code is that of the failed
 * read or ENOMEM, and EBADMSG for everything that is wrong with the bytes.
 */
int layer_slice_error(const struct layer_slice *slice, struct error *err);

#endif
