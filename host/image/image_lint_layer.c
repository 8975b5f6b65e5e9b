/* SPDX-License-Identifier: MIT */
/* image_lint_layer.c - the file of a layer, see image_lint_state.h */
#include "host/image/image_lint_state.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/image/compression.h"
#include "host/image/expand.h"

/* The name in work->dir of what a layer is decompressed to. */
#define EXPANDED_NAME "lint-layer.tar"

#define OCI_LAYER    "application/vnd.oci.image.layer."
#define DOCKER_LAYER "application/vnd.docker.image.rootfs."

/* What a media type says of the compression; none of them if it is not that
 * of a layer. */
static const struct {
	const char *end;
	enum compression compression;
} ends[] = {
	{ ".tar", COMPRESSION_NONE },	   { ".tar+gzip", COMPRESSION_GZIP },
	{ ".tar.gzip", COMPRESSION_GZIP }, { ".tar+zstd", COMPRESSION_ZSTD },
	{ ".tar.zstd", COMPRESSION_ZSTD },
};

static bool ends_with(const char *text, const char *end)
{
	size_t size = strlen(text), end_size = strlen(end);

	return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static bool is_prefixed(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static void check_media_type(struct image_lint *lint, const char *type,
			     enum compression compression)
{
	bool is_layer =
		is_prefixed(type, OCI_LAYER) || is_prefixed(type, DOCKER_LAYER);

	for (size_t i = 0; is_layer && i < COUNT_OF(ends); i++) {
		if (!ends_with(type, ends[i].end))
			continue;
		if (ends[i].compression != compression)
			findings_add(lint->findings, RULE_MEDIA_TYPE,
				     "it is of type '%s', and has %s "
				     "compression",
				     type, compression_name(compression));
		return;
	}
	findings_add(lint->findings, RULE_MEDIA_TYPE,
		     "'%.200s' is not the type of a layer", type);
}

static void check_compression(struct image_lint *lint,
			      enum compression compression)
{
	if (compression == COMPRESSION_ZSTD)
		findings_add(lint->findings, RULE_COMPRESSION,
			     "it has zstd compression, which tools from "
			     "before 2022 do not read");
	if (compression == COMPRESSION_XZ || compression == COMPRESSION_BZIP2)
		findings_add(lint->findings, RULE_COMPRESSION,
			     "it has %s compression, which the image-spec does "
			     "not know",
			     compression_name(compression));
}

/* What went wrong is the layer's fault, or the host's, which is a failure. */
static int blame(struct image_lint *lint, const struct error *why,
		 struct error *err)
{
	if (why->code == EINVAL || why->code == EBADMSG) {
		findings_add(lint->findings, RULE_TAR, "%s", why->msg);
		return 0;
	}
	if (why->code == EFBIG) {
		findings_add(lint->findings, RULE_LIMIT, "%s", why->msg);
		return 0;
	}
	*err = *why;
	return -1;
}

static int check_stored(struct image_lint *lint,
			const struct image_lint_layer *layer,
			const struct stored *stored, struct error *err)
{
	const struct expand expand = { .in = stored->fd,
				       .offset = stored->offset,
				       .size = stored->size };
	struct digest digest;
	struct error why;

	if (!layer->has_digest)
		return 0;
	if (layer->size != stored->size)
		findings_add(lint->findings, RULE_BLOB_SIZE,
			     "it has %" PRIu64 " bytes, its descriptor says "
			     "%" PRIu64,
			     stored->size, layer->size);
	if (expand_run(&expand, lint->work, &digest, NULL, &why) < 0)
		return blame(lint, &why, err);
	if (!digest_equal(&digest, &layer->digest))
		findings_add(lint->findings, RULE_BLOB_DIGEST,
			     "it is sha256:%s, its descriptor says sha256:%s",
			     digest.hex, layer->digest.hex);
	return 0;
}

static void check_diff_id(struct image_lint *lint, const struct digest *found,
			  const struct digest *diff_id)
{
	if (diff_id && *diff_id->hex && !digest_equal(found, diff_id))
		findings_add(lint->findings, RULE_DIFF_ID,
			     "uncompressed it is sha256:%s, the config says "
			     "sha256:%s",
			     found->hex, diff_id->hex);
}

static int show_expanded(struct image_lint *lint, uint64_t size,
			 struct error *err)
{
	autoclose int fd =
		openat(lint->work->dir, EXPANDED_NAME, O_RDONLY | O_CLOEXEC);
	const struct image_lint_bytes bytes = { fd, 0, size };
	int status = -1;

	if (fd < 0)
		error_errno(err, "open '%s/" EXPANDED_NAME "'",
			    lint->work->dir_path);
	else
		status =
			lint->layers->layer(lint->layers->context, &bytes, err);
	(void)unlinkat(lint->work->dir, EXPANDED_NAME, 0);
	return status;
}

static int check_content(struct image_lint *lint, const struct stored *stored,
			 enum compression compression,
			 const struct digest *diff_id, bool show,
			 struct error *err)
{
	bool is_plain = compression == COMPRESSION_NONE;
	const struct image_lint_bytes bytes = { stored->fd, stored->offset,
						stored->size };
	const struct expand expand = {
		.in = stored->fd,
		.offset = stored->offset,
		.size = stored->size,
		.compression = compression,
		.out = is_plain || !show ? NULL : EXPANDED_NAME,
	};
	struct digest digest;
	struct error why;
	uint64_t size;

	if (expand_run(&expand, lint->work, &digest, &size, &why) < 0)
		return blame(lint, &why, err);
	check_diff_id(lint, &digest, diff_id);
	if (!show)
		return 0;
	if (is_plain)
		return lint->layers->layer(lint->layers->context, &bytes, err);
	return show_expanded(lint, size, err);
}

int image_lint_find(struct image_lint *lint,
		    const struct image_lint_layer *layer, struct stored *stored,
		    bool *found, struct error *err)
{
	struct error why;

	*found = false;
	if (!layer->file)
		return 0; /* was reported */
	if (store_find(lint->store, layer->file, stored, &why) < 0) {
		findings_add(lint->findings, RULE_BLOB, "%s", why.msg);
		return 0;
	}
	*found = true;
	return check_stored(lint, layer, stored, err);
}

int image_lint_layer_file(struct image_lint *lint,
			  const struct image_lint_layer *layer,
			  const struct digest *diff_id, bool show,
			  struct error *err)
{
	AUTO(stored) stored = { 0 };
	char head[COMPRESSION_HEAD];
	enum compression compression;
	bool found;
	ssize_t n;

	if (image_lint_find(lint, layer, &stored, &found, err) < 0)
		return -1;
	if (!found)
		return 0;
	n = io_pread(stored.fd, head,
		     stored.size < sizeof(head) ? stored.size : sizeof(head),
		     stored.offset);
	if (n < 0)
		return error_errno(err, "read '%s'", layer->file);
	compression = compression_of(head, (size_t)n);
	if (layer->media_type)
		check_media_type(lint, layer->media_type, compression);
	if (show)
		check_compression(lint, compression);
	return check_content(lint, &stored, compression, diff_id, show, err);
}
