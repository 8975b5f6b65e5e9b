/* SPDX-License-Identifier: MIT */
/* tar.h - a deterministic pax archive, written block by block */
#ifndef GUEST_SHARED_TAR_H
#define GUEST_SHARED_TAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

/*
 * Where the bytes of the archive go, in pieces as they come: headers are
 * small, data is as large as it was given to tar_data() and is not copied.
 * Returns 0, or -1 with *err filled in, which ends the writing.
 */
struct tar_sink {
	int (*write)(void *context, const void *bytes, size_t size,
		     struct error *err);
	void *context;
};

/* Must stay where it is from tar_start() to tar_release(). */
struct tar {
	struct archive *archive;     /* owned */
	struct archive_entry *entry; /* owned; for the caller to fill */
	struct tar_sink sink;
	struct error sink_error;
	bool sink_failed;
	bool abandoned; /* nothing more goes to the sink */
	uint64_t left;	/* bytes of this entry that are to follow */
	uint64_t entries;
	uint64_t bytes; /* that the sink has taken */
};

int tar_start(struct tar *tar, const struct tar_sink *sink, struct error *err);

/*
 * Write the header of tar->entry. The bytes of its size must follow by
 * tar_data(). Errors do not name the entry, those of the sink are passed on
 * as they are.
 */
int tar_header(struct tar *tar, struct error *err);
int tar_data(struct tar *tar, const void *bytes, size_t size,
	     struct error *err);

/* The two blocks of zeros that end an archive, and no padding after them. */
int tar_finish(struct tar *tar, struct error *err);

/* Before tar_finish() has been called nothing more is given to the sink. */
void tar_release(struct tar *tar);

DEFINE_AUTO(tar, tar_release)

#endif
