/* SPDX-License-Identifier: MIT */
/* handover.c - see handover.h */
#include "host/run/handover.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/image/compression.h"
#include "host/layer/bundle.h"
#include "host/layer/tar2sqfs.h"
#include "images/command.h"

#define PROGRAM	  "tar2sqfs"
#define TAR_BLOCK 512 /* bytes; POSIX, pax: of which a tar has a whole number */
#define BLOCK	  (256 * 1024) /* bytes */

static int to_tar2sqfs(void *context, const void *bytes, size_t size,
		       struct error *err)
{
	return tar2sqfs_write(context, bytes, size, err);
}

/* tar2sqfs takes what is too short for it for nothing at all. */
static int check_tar(int fd, struct error *err)
{
	char head[COMPRESSION_HEAD];
	ssize_t n = io_pread(fd, head, sizeof(head), 0);
	struct stat st;

	if (n < 0 || fstat(fd, &st) < 0)
		return error_errno(err, "read");
	if (compression_of(head, (size_t)n) == COMPRESSION_NONE &&
	    (st.st_size == 0 || st.st_size % TAR_BLOCK != 0))
		return error_set(err, EINVAL, "it is no tar");
	return 0;
}

/* A tar as it is: tar2sqfs knows it, compressed or not. */
static int pass_tar(const char *path, struct tar2sqfs *process,
		    struct error *err)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	autofree char *block = malloc(BLOCK);
	ssize_t n;

	if (!block)
		return error_set(err, ENOMEM, "out of memory");
	if (fd < 0)
		return error_errno(err, "open");
	if (check_tar(fd, err) < 0)
		return -1;
	while ((n = io_read(fd, block, BLOCK)) > 0)
		if (tar2sqfs_write(process, block, (size_t)n, err) < 0)
			return -1;
	return n < 0 ? error_errno(err, "read") : 0;
}

static int fill(const struct given *given, struct tar2sqfs *process,
		const struct image_work *work, struct error *err)
{
	const struct tar_sink sink = { to_tar2sqfs, process };
	int status = given->tar
			     ? pass_tar(given->path, process, err)
			     : bundle_write(given->path, &sink, work->advance,
					    work->context, err);

	/* If it has ended, it says why itself. */
	if (status < 0 && err->code != EPIPE)
		return -1;
	return tar2sqfs_finish(process, err);
}

static int make_squashfs(const struct given *given, int out,
			 const struct image_work *work, struct error *err)
{
	AUTO(tar2sqfs) process = TAR2SQFS_NONE;
	autofree char *program = NULL;

	if (command_find(&program, PROGRAM, err) < 0)
		return -1;
	if (!program)
		return error_set(err, ENOENT,
				 "no program '" PROGRAM
				 "' (package squashfs-tools-ng)");
	process.advance = work->advance;
	process.context = work->context;
	if (tar2sqfs_start(&process, program, out, 2, err) < 0)
		return -1;
	return fill(given, &process, work, err);
}

static int make_input(struct handover_input *input, const struct given *given,
		      size_t number, const struct image_work *work,
		      struct error *err)
{
	autoclose int out = -1;
	struct stat st;

	if (stat(given->path, &st) < 0)
		return error_errno(err, "look for it");
	input->file = !given->tar && !S_ISDIR(st.st_mode);
	if (asprintf(&input->path, "%s/input.%zu", work->dir_path, number) <
	    0) {
		input->path = NULL;
		return error_set(err, ENOMEM, "out of memory");
	}
	out = open(input->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (out < 0)
		return error_errno(err, "create '%s'", input->path);
	if (make_squashfs(given, out, work, err) < 0)
		return -1;
	if (fstat(out, &st) < 0)
		return error_errno(err, "look at '%s'", input->path);
	input->size = (uint64_t)st.st_size;
	return 0;
}

static int read_secret(struct handover_secret *secret, const char *path,
		       struct error *err)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return error_errno(err, "open");
	secret->bytes = malloc(MESSAGE_SECRET_MAX + 1);
	if (!secret->bytes)
		return error_set(err, ENOMEM, "out of memory");
	secret->size = MESSAGE_SECRET_MAX + 1;
	n = io_read(fd, secret->bytes, secret->size);
	if (n < 0)
		return error_errno(err, "read");
	if (n > MESSAGE_SECRET_MAX)
		return error_set(err, EFBIG, "it is larger than %d bytes",
				 MESSAGE_SECRET_MAX);
	secret->size = (size_t)n;
	return 0;
}

static int to_digest(void *context, const void *bytes, size_t size,
		     struct error *err)
{
	return digest_add(context, bytes, size, err);
}

static int digest_file(struct digest_state *state, const char *path,
		       struct error *err)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	autofree char *block = malloc(BLOCK);
	ssize_t n;

	if (!block)
		return error_set(err, ENOMEM, "out of memory");
	if (fd < 0)
		return error_errno(err, "open");
	while ((n = io_read(fd, block, BLOCK)) > 0)
		if (digest_add(state, block, (size_t)n, err) < 0)
			return -1;
	return n < 0 ? error_errno(err, "read") : 0;
}

static int name_it(const char *option, const struct given *given,
		   struct error *err)
{
	return error_prefix(err, "%s %s='%s'", option, given->name,
			    given->path);
}

int handover_make(struct handover *handover, const struct plan *plan,
		  const struct image_work *work, struct error *err)
{
	for (size_t i = 0; i < plan->input_count; i++)
		if (make_input(&handover->inputs[handover->input_count++],
			       &plan->inputs[i], i + 1, work, err) < 0)
			return name_it("--input", &plan->inputs[i], err);
	for (size_t i = 0; i < plan->secret_count; i++)
		if (read_secret(&handover->secrets[handover->secret_count++],
				plan->secrets[i].path, err) < 0)
			return name_it("--secret", &plan->secrets[i], err);
	return 0;
}

int handover_digest(struct digest *digest, const struct given *input,
		    struct error *err)
{
	AUTO(digest_state) state = { 0 };
	const struct tar_sink sink = { to_digest, &state };

	if (digest_begin(&state, err) < 0)
		return -1;
	if ((input->tar
		     ? digest_file(&state, input->path, err)
		     : bundle_write(input->path, &sink, NULL, NULL, err)) < 0)
		return name_it("--input", input, err);
	return digest_end(&state, digest, err);
}

void handover_release(struct handover *handover)
{
	for (size_t i = 0; i < handover->input_count; i++)
		free(handover->inputs[i].path);
	for (size_t i = 0; i < handover->secret_count; i++) {
		struct handover_secret *secret = &handover->secrets[i];

		if (secret->bytes)
			explicit_bzero(secret->bytes, secret->size);
		free(secret->bytes);
	}
	*handover = (struct handover){ 0 };
}
