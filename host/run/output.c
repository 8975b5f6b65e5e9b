/* SPDX-License-Identifier: MIT */
/* output.c - see output.h */
#include "host/run/output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/io.h"

#define COPY_BLOCK (1024 * 1024) /* bytes */

static bool is_stdout(const char *path)
{
	return strcmp(path, "-") == 0;
}

/* A target that cannot be replaced by a rename. */
static bool is_stream(const char *path)
{
	struct stat st;

	return is_stdout(path) ||
	       (stat(path, &st) == 0 && !S_ISREG(st.st_mode) &&
		!S_ISDIR(st.st_mode));
}

/* dirname(3) and basename(3), which write into what they are given. */
static int split(const char *path, char **dir, char **base, struct error *err)
{
	autofree char *first = strdup(path);
	autofree char *second = strdup(path);

	if (first && second) {
		*dir = strdup(dirname(first));
		*base = strdup(basename(second));
	}
	if (!first || !second || !*dir || !*base)
		return error_set(err, ENOMEM, "out of memory");
	return 0;
}

static int check_directory(const char *path, struct error *err)
{
	autofree char *dir = NULL;
	autofree char *base = NULL;
	struct stat st;

	if (split(path, &dir, &base, err) < 0)
		return -1;
	if (stat(dir, &st) < 0)
		return error_errno(err, "directory '%s' of '%s'", dir, path);
	if (!S_ISDIR(st.st_mode))
		return error_set(err, ENOTDIR, "'%s' is not a directory", dir);
	if (faccessat(AT_FDCWD, dir, W_OK | X_OK, AT_EACCESS) < 0)
		return error_errno(err, "write to directory '%s'", dir);
	return 0;
}

int output_check(const char *path, struct error *err)
{
	struct stat st;

	if (is_stdout(path))
		return isatty(STDOUT_FILENO)
			       ? error_set(err, EINVAL,
					   "a layer is not for a terminal: "
					   "redirect standard output")
			       : 0;
	if (path[strlen(path) - 1] == '/' ||
	    (stat(path, &st) == 0 && S_ISDIR(st.st_mode)))
		return error_set(err, EISDIR, "'%s' is a directory", path);
	if (is_stream(path))
		return access(path, W_OK) < 0
			       ? error_errno(err, "write to '%s'", path)
			       : 0;
	return check_directory(path, err);
}

/* A name for a moment, on file systems that have no files without one. */
static int open_named(struct output *output, int dir, const char *base,
		      struct error *err)
{
	for (unsigned i = 0; i < 100; i++) {
		autofree char *temp = NULL;

		if (asprintf(&temp, ".%.200s.%d.%u.tmp", base, getpid(), i) <
		    0) {
			temp = NULL;
			return error_set(err, ENOMEM, "out of memory");
		}
		output->fd =
			openat(dir, temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC,
			       0666);
		if (output->fd >= 0) {
			output->temp = take_pointer(&temp);
			return 0;
		}
		if (errno != EEXIST)
			break;
	}
	return error_errno(err, "create a file beside '%s'", base);
}

static int open_unnamed(struct output *output, int dir, const char *base,
			struct error *err)
{
	output->fd = openat(dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	if (output->fd >= 0)
		return 0;
	if (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL)
		return error_errno(err, "create a file for '%s'", base);
	return open_named(output, dir, base, err);
}

static int open_beside(struct output *output, const char *path,
		       struct error *err)
{
	autofree char *dir = NULL;

	if (split(path, &dir, &output->base, err) < 0)
		return -1;
	output->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (output->dir < 0)
		return error_errno(err, "open directory '%s'", dir);
	return open_unnamed(output, output->dir, output->base, err);
}

int output_open(struct output *output, const char *path, int spare,
		struct error *err)
{
	AUTO(output) made = OUTPUT_NONE;

	if (path) {
		made.path = strdup(path);
		if (!made.path)
			return error_set(err, ENOMEM, "out of memory");
		made.stream = is_stream(path);
	}
	if ((path && !made.stream)
		    ? open_beside(&made, path, err) < 0
		    : open_named(&made, spare, "output", err) < 0)
		return -1;
	if (made.dir < 0) {
		/* The directory it lies in is removed with all in it. */
		free(made.temp);
		made.temp = NULL;
	}
	*output = made;
	made = (struct output)OUTPUT_NONE;
	return 0;
}

/* Give the file without a name one beside its target. */
static int name_file(struct output *output, struct error *err)
{
	char fd_path[64];

	(void)snprintf(fd_path, sizeof(fd_path), "/proc/self/fd/%d",
		       output->fd);
	for (unsigned i = 0; i < 100; i++) {
		autofree char *temp = NULL;

		if (asprintf(&temp, ".%.200s.%d.%u.tmp", output->base, getpid(),
			     i) < 0) {
			temp = NULL;
			return error_set(err, ENOMEM, "out of memory");
		}
		if (linkat(AT_FDCWD, fd_path, output->dir, temp,
			   AT_SYMLINK_FOLLOW) == 0) {
			output->temp = take_pointer(&temp);
			return 0;
		}
		if (errno != EEXIST)
			break;
	}
	return error_errno(err, "name '%s'", output->path);
}

static int replace(struct output *output, struct error *err)
{
	if (fsync(output->fd) < 0)
		return error_errno(err, "write '%s'", output->path);
	if (!output->temp && name_file(output, err) < 0)
		return -1;
	if (renameat(output->dir, output->temp, output->dir, output->base) < 0)
		return error_errno(err, "name '%s'", output->path);
	free(output->temp);
	output->temp = NULL;
	if (fsync(output->dir) < 0 && errno != EINVAL)
		return error_errno(err, "write the directory of '%s'",
				   output->path);
	return 0;
}

static int copy_to(int to, int from, const char *path, struct error *err)
{
	autofree char *block = malloc(COPY_BLOCK);
	ssize_t n;

	if (!block)
		return error_set(err, ENOMEM, "out of memory");
	if (lseek(from, 0, SEEK_SET) < 0)
		return error_errno(err, "read the layer again");
	while ((n = io_read(from, block, COPY_BLOCK)) > 0)
		if (io_write(to, block, (size_t)n) < 0)
			return error_errno(err, "write to '%s'", path);
	return n < 0 ? error_errno(err, "read the layer again") : 0;
}

static int copy_out(struct output *output, struct error *err)
{
	autoclose int to = -1;

	if (is_stdout(output->path))
		return copy_to(STDOUT_FILENO, output->fd, "standard output",
			       err);
	to = open(output->path, O_WRONLY | O_CLOEXEC);
	if (to < 0)
		return error_errno(err, "open '%s'", output->path);
	return copy_to(to, output->fd, output->path, err);
}

int output_commit(struct output *output, struct error *err)
{
	if (!output->path)
		return 0;
	return output->stream ? copy_out(output, err) : replace(output, err);
}

static int put_stream(const char *path, const void *bytes, size_t size,
		      struct error *err)
{
	autoclose int to = is_stdout(path) ? dup(STDOUT_FILENO)
					   : open(path, O_WRONLY | O_CLOEXEC);

	if (to < 0)
		return error_errno(err, "open '%s'", path);
	if (io_write(to, bytes, size) < 0)
		return error_errno(err, "write to '%s'", path);
	return 0;
}

int output_put(const char *path, const void *bytes, size_t size,
	       struct error *err)
{
	AUTO(output) output = OUTPUT_NONE;

	if (is_stream(path))
		return put_stream(path, bytes, size, err);
	if (output_open(&output, path, -1, err) < 0)
		return -1;
	if (io_write(output.fd, bytes, size) < 0)
		return error_errno(err, "write '%s'", path);
	return output_commit(&output, err);
}

void output_release(struct output *output)
{
	int saved = errno;

	if (output->temp && output->dir >= 0)
		(void)unlinkat(output->dir, output->temp, 0);
	if (output->fd >= 0)
		close(output->fd);
	if (output->dir >= 0)
		close(output->dir);
	free(output->path);
	free(output->base);
	free(output->temp);
	*output = (struct output)OUTPUT_NONE;
	errno = saved;
}
