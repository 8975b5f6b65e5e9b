/* SPDX-License-Identifier: MIT */
/* stream.c - see stream.h */
#include "host/layer/stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define READ_BLOCK 262144 /* bytes */

static la_ssize_t read_block(struct archive *archive, void *client,
			     const void **block)
{
	struct stream *stream = client;
	ssize_t n;

	do
		n = read(stream->fd, stream->buffer, READ_BLOCK);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		stream->read_errno = errno;
		archive_set_error(archive, errno, "%s", strerror(errno));
	}
	*block = stream->buffer;
	return n;
}

static int malformed(const struct stream *stream, struct error *err)
{
	const char *why;

	if (stream->read_errno != 0)
		return error_set(err, stream->read_errno, "%s",
				 strerror(stream->read_errno));
	why = archive_error_string(stream->archive);
	if (why && strcmp(why, "Unrecognized archive format") == 0)
		return error_set(err, EINVAL, "not a tar archive");
	return error_set(err, EINVAL, "not a well-formed tar: %s",
			 why ? why : "it is cut off");
}

/* No skipping: what is only skipped may not be there, and nobody would see. */
int stream_open(struct stream *stream, int fd, struct error *err)
{
	struct archive *a = archive_read_new();

	*stream = (struct stream){ .archive = a, .fd = fd };
	stream->buffer = malloc(READ_BLOCK);
	if (!a || !stream->buffer)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	if (archive_read_support_filter_gzip(a) != ARCHIVE_OK ||
	    archive_read_support_filter_zstd(a) != ARCHIVE_OK ||
	    archive_read_support_filter_xz(a) != ARCHIVE_OK ||
	    archive_read_support_filter_bzip2(a) != ARCHIVE_OK ||
	    archive_read_support_format_tar(a) != ARCHIVE_OK ||
	    archive_read_open(a, stream, NULL, read_block, NULL) != ARCHIVE_OK)
		return malformed(stream, err);
	return 0;
}

/* Names that the C locale cannot convert are the reason of most warnings; the
 * bytes are there. A name that is lost is an error. */
int stream_next(struct stream *stream, struct archive_entry **entry,
		struct error *err)
{
	int result = archive_read_next_header(stream->archive, entry);

	if (result == ARCHIVE_EOF)
		return 0;
	if (result != ARCHIVE_OK && result != ARCHIVE_WARN)
		return malformed(stream, err);
	if (!archive_entry_pathname(*entry))
		return error_set(err, EINVAL, "an entry without a name");
	return 1;
}

void stream_release(struct stream *stream)
{
	archive_read_free(stream->archive);
	free(stream->buffer);
	*stream = (struct stream){ .fd = -1 };
}
