/* SPDX-License-Identifier: MIT */
/* blob.c - see blob.h */
#include "host/image/blob.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "host/image/media_type.h"

#define BLOCK_SIZE (1024 * 1024) /* bytes */

struct reading {
	const struct image_blob *blob;
	image_blob_take *take;
	void *context;
	const struct image_work *work;
	struct digest_state state; /* released by image_blob_read() */
};

static int give(struct reading *reading, const void *bytes, size_t size,
		struct error *err)
{
	const struct image_work *work = reading->work;

	if (digest_add(&reading->state, bytes, size, err) < 0)
		return -1;
	if (work->advance && work->advance(work->context, size) != 0)
		return error_set(err, ECANCELED, "cancelled");
	return reading->take(reading->context, bytes, size, err);
}

static int give_file(struct reading *reading, struct error *err)
{
	const struct image_blob *blob = reading->blob;
	autofree char *block = malloc(BLOCK_SIZE);
	uint64_t done = 0;

	if (!block)
		return error_errno(err, "read");
	while (done < blob->size) {
		uint64_t left = blob->size - done;
		size_t want = left < BLOCK_SIZE ? (size_t)left : BLOCK_SIZE;
		ssize_t n =
			io_pread(blob->fd, block, want, blob->offset + done);

		if (n < 0)
			return error_errno(err, "read");
		if ((size_t)n < want)
			return error_set(err, EBADMSG,
					 "ends after %" PRIu64 " of %" PRIu64
					 " bytes",
					 done + (uint64_t)n, blob->size);
		if (give(reading, block, want, err) < 0)
			return -1;
		done += want;
	}
	return 0;
}

static int read_all(struct reading *reading, struct error *err)
{
	const struct image_blob *blob = reading->blob;
	struct digest digest;

	if (digest_begin(&reading->state, err) < 0)
		return -1;
	if ((blob->bytes ? give(reading, blob->bytes, (size_t)blob->size, err)
			 : give_file(reading, err)) < 0 ||
	    digest_end(&reading->state, &digest, err) < 0)
		return -1;
	if (blob->digest.hex[0] && !digest_equal(&digest, &blob->digest))
		return error_set(err, EBADMSG, "content is sha256:%s",
				 digest.hex);
	return 0;
}

int image_blob_read(const struct image_blob *blob, image_blob_take *take,
		    void *context, const struct image_work *work,
		    struct error *err)
{
	struct reading reading = {
		.blob = blob,
		.take = take,
		.context = context,
		.work = work,
	};
	int status = read_all(&reading, err);

	digest_state_release(&reading.state);
	if (status < 0 && blob->digest.hex[0])
		return error_prefix(err, "blob sha256:%s", blob->digest.hex);
	return status;
}

const char *media_type_of_layer(enum compression compression)
{
	switch (compression) {
	case COMPRESSION_NONE:
		return MEDIA_OCI_LAYER;
	case COMPRESSION_GZIP:
		return MEDIA_OCI_LAYER "+gzip";
	case COMPRESSION_ZSTD:
		return MEDIA_OCI_LAYER "+zstd";
	case COMPRESSION_XZ:
	case COMPRESSION_BZIP2:
		break;
	}
	return NULL;
}
