/* SPDX-License-Identifier: MIT */
/* source.h - a file that holds bytes of an image, and whether it stays so */
#ifndef HOST_IMAGE_SOURCE_H
#define HOST_IMAGE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct source {
	char *path;    /* owned, absolute, no symlinks; NULL before the open */
	int fd;	       /* owned, if path is set; read with pread() only */
	uint64_t size; /* bytes; this and the rest as they were at the open */
	dev_t dev;
	ino_t ino;
	struct timespec mtime;
	struct timespec ctime;
};

/*
 * Open a regular file for reading; never waits, as opening a FIFO would.
 *
 * The message is the cause alone ("is a directory", "No such file or
 * directory"): the caller says what was opened. EISDIR, EINVAL for other
 * things that are no file, and what open(2) says.
 */
int source_open(struct source *source, const char *path, struct error *err);

/*
 * Whether descriptor and path still lead to the file as it was opened. QEMU
 * opens the path later: what was verified must be what it reads.
 */
bool source_is_unchanged(const struct source *source);

void source_release(struct source *source);

DEFINE_AUTO(source, source_release)

#endif
