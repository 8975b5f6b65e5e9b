/* SPDX-License-Identifier: MIT */
/* content.h - the bytes of a file into the tar, holes as zeros */
#ifndef GUEST_AGENT_CONTENT_H
#define GUEST_AGENT_CONTENT_H

#include <sys/stat.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "guest/shared/tar.h"

/* Usable from { 0 }. */
struct content {
	char *buffer; /* owned; what is read at once */
};

/*
 * Write the st->st_size bytes of the open file. Only what is on the disk is
 * read. Fails with EIO if the file has become shorter or longer, and with
 * what the sink of the tar says. Errors do not name the file.
 */
int content_write(struct content *content, struct tar *tar, int fd,
		  const struct stat *st, struct error *err);

void content_release(struct content *content);

DEFINE_AUTO(content, content_release)

#endif
