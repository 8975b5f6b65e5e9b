/* SPDX-License-Identifier: MIT */
/*
 * squash.c - see squash.h
 *
 * The sink writes a tar as the layer is read. Three things of tar2sqfs make
 * that possible: hard links may come before their target, and a directory
 * after what is in it, as it then takes the place of one that was implied, the
 * root of the file system excepted. What a later entry replaces is passed
 * over, as the survey has seen it. All of that is done in a jail; tar2sqfs is
 * started and waited for outside.
 */
#include "host/layer/squash.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <archive.h>
#include <archive_entry.h>

#include "guest/shared/layer_read.h"
#include "guest/shared/path.h"
#include "host/jail/jail.h"
#include "host/layer/tar2sqfs.h"

#define BLOCK_SIZE   1048576 /* bytes that tar2sqfs is given at once */
#define PREFIX_MAX   24	     /* bytes, "N/" */
#define FULL_BELOW   1048576 /* bytes: less is no room for a file system */
#define WHITEOUT_MAX 64	     /* bytes, ".wh.N" */

/* What an entry that was left half written may still cost when it is
 * abandoned: libarchive fills it with zeros. */
#define ABANDON_MAX 67108864 /* bytes: 64 MiB */

struct squash {
	struct layer_sink sink; /* first: the operations are given this */
	struct tar2sqfs process;
	struct archive *archive;     /* owned */
	struct archive_entry *entry; /* owned */
	struct error failure;	     /* of the process, while libarchive runs */
	bool failed;
	bool abandoned; /* nothing more goes to the process */
	uint64_t left;	/* bytes of the entry that are to follow */

	/* The layer at hand. */
	struct survey *survey;
	char prefix[PREFIX_MAX];
	uint64_t whiteouts;	      /* so far */
	char whiteout_dir[PATH_SIZE]; /* of the one before */
	char path[PREFIX_MAX + PATH_SIZE + sizeof(SQUASH_WHITEOUTS) +
		  WHITEOUT_MAX];
};

/*
 * libarchive 3.6 leaks its block when it is told of a failure. So it never
 * is: what comes after a failure is taken and forgotten.
 */
static la_ssize_t pass_on(struct archive *archive, void *client,
			  const void *bytes, size_t size)
{
	struct squash *squash = client;

	(void)archive;
	(void)squash->process.advance(squash->process.context, 0);
	if (!squash->abandoned &&
	    tar2sqfs_write(&squash->process, bytes, size, &squash->failure) < 0)
		squash->abandoned = squash->failed = true;
	return (la_ssize_t)size;
}

static int fail(struct squash *squash, struct error *err)
{
	const char *why = archive_error_string(squash->archive);

	return error_set(err, archive_errno(squash->archive), "write a tar: %s",
			 why ? why : "no reason given");
}

static int ask_process(const struct squash *squash, struct error *err)
{
	if (squash->failed)
		*err = squash->failure;
	return squash->failed ? -1 : 0;
}

/* In the C locale libarchive finds that a name with bytes above 127 cannot be
 * translated to UTF-8, says so, and writes the bytes as they are. */
static bool is_harmless(struct archive *archive)
{
	static const char about_name[] = "Can't translate pathname ";
	static const char about_link[] = "Can't translate linkname ";
	const char *why = archive_error_string(archive);

	return why && (strncmp(why, about_name, strlen(about_name)) == 0 ||
		       strncmp(why, about_link, strlen(about_link)) == 0);
}

static int put_header(struct squash *squash, struct error *err)
{
	int result = archive_write_header(squash->archive, squash->entry);

	if (result != ARCHIVE_OK &&
	    !(result == ARCHIVE_WARN && is_harmless(squash->archive)))
		return fail(squash, err);
	squash->left = (uint64_t)archive_entry_size(squash->entry);
	return ask_process(squash, err);
}

static int put_bytes(struct squash *squash, const void *bytes, size_t size,
		     struct error *err)
{
	if (archive_write_data(squash->archive, bytes, size) !=
	    (la_ssize_t)size)
		return fail(squash, err);
	squash->left -= size;
	return ask_process(squash, err);
}

static const char *placed(struct squash *squash, const char *path)
{
	(void)snprintf(squash->path, sizeof(squash->path), "%s/%s",
		       squash->prefix, path);
	return squash->path;
}

static void describe(struct squash *squash, const struct layer_entry *entry)
{
	struct archive_entry *e = archive_entry_clear(squash->entry);

	archive_entry_set_pathname(e, placed(squash, entry->path));
	archive_entry_set_mode(e, entry->mode);
	archive_entry_set_uid(e, entry->uid);
	archive_entry_set_gid(e, entry->gid);
	archive_entry_set_mtime(e, entry->mtime.tv_sec, 0);
	for (size_t i = 0; i < entry->xattr_count; i++)
		archive_entry_xattr_add_entry(e, entry->xattrs[i].name,
					      entry->xattrs[i].value,
					      entry->xattrs[i].size);
}

static int put_zeros(struct squash *squash, uint64_t size, struct error *err)
{
	static const char zeros[65536];

	for (; size > 0;) {
		size_t part =
			size < sizeof(zeros) ? (size_t)size : sizeof(zeros);

		if (put_bytes(squash, zeros, part, err) < 0)
			return -1;
		size -= part;
	}
	return 0;
}

static int put_data(struct squash *squash, uint64_t size,
		    struct layer_data *data, struct error *err)
{
	struct layer_block block;
	uint64_t position = 0;
	int more;

	while ((more = data->next(data, &block, err)) > 0) {
		if (put_zeros(squash, block.offset - position, err) < 0 ||
		    put_bytes(squash, block.bytes, block.size, err) < 0)
			return -1;
		position = block.offset + block.size;
	}
	if (more < 0)
		return error_prefix(err, "read its data");
	return put_zeros(squash, size - position, err);
}

static int make_directory(struct layer_sink *sink, const char *path,
			  struct error *err)
{
	(void)sink;
	(void)path;
	(void)err;
	return 0; /* until it is settled */
}

static int add(struct layer_sink *sink, const struct layer_entry *entry,
	       struct layer_data *data, struct error *err)
{
	struct squash *squash = (struct squash *)sink;

	if (repeats_pass(&squash->survey->repeats, entry->path))
		return 0;
	describe(squash, entry);
	if (S_ISLNK(entry->mode))
		archive_entry_set_symlink(squash->entry, entry->target);
	if (S_ISCHR(entry->mode) || S_ISBLK(entry->mode))
		archive_entry_set_rdev(squash->entry, entry->rdev);
	if (S_ISREG(entry->mode))
		archive_entry_set_size(squash->entry, (la_int64_t)entry->size);
	if (put_header(squash, err) < 0)
		return -1;
	if (!S_ISREG(entry->mode))
		return 0;
	return put_data(squash, entry->size, data, err);
}

static int add_link(struct layer_sink *sink, const char *path,
		    const char *target, struct error *err)
{
	struct squash *squash = (struct squash *)sink;
	struct archive_entry *e = archive_entry_clear(squash->entry);

	if (repeats_pass(&squash->survey->repeats, path))
		return 0;
	archive_entry_set_pathname(e, placed(squash, path));
	archive_entry_set_filetype(e, AE_IFREG);
	archive_entry_set_hardlink(e, placed(squash, target));
	return put_header(squash, err);
}

static int take_back(struct layer_sink *sink, const char *path,
		     int is_directory, struct error *err)
{
	(void)sink;
	(void)path;
	(void)is_directory;
	(void)err;
	return 0; /* it was passed over */
}

static int put_whiteout(struct squash *squash, const char *path,
			struct error *err)
{
	struct archive_entry *e = archive_entry_clear(squash->entry);

	archive_entry_set_pathname(e, path);
	archive_entry_set_filetype(e, AE_IFCHR);
	archive_entry_set_rdev(e, 0);
	archive_entry_set_mtime(e, 0, 0);
	return put_header(squash, err);
}

/* Whether the directory of this path is not that of the one before. */
static bool is_elsewhere(struct squash *squash, const char *path, size_t size)
{
	if (squash->whiteouts > 0 &&
	    strncmp(squash->whiteout_dir, path, size) == 0 &&
	    squash->whiteout_dir[size] == '\0')
		return false;
	memcpy(squash->whiteout_dir, path, size);
	squash->whiteout_dir[size] = '\0';
	return true;
}

/* Makes the directory below the layer, by a whiteout with a name that no
 * other has and none that is seen can have. */
static int whiteout(struct layer_sink *sink, const char *path,
		    struct error *err)
{
	struct squash *squash = (struct squash *)sink;
	size_t directory = (size_t)(path_base(path) - path);

	if (is_elsewhere(squash, path, directory)) {
		(void)snprintf(squash->path, sizeof(squash->path),
			       SQUASH_WHITEOUTS "/%s/%.*s.wh.%" PRIu64,
			       squash->prefix, (int)directory, path,
			       squash->whiteouts);
		if (put_whiteout(squash, squash->path, err) < 0)
			return -1;
	}
	squash->whiteouts++;
	return put_whiteout(squash, placed(squash, path), err);
}

static int settle(struct layer_sink *sink, const struct layer_entry *entry,
		  unsigned int flags, struct error *err)
{
	struct squash *squash = (struct squash *)sink;

	describe(squash, entry);
	if (flags & LAYER_SETTLE_OPAQUE)
		archive_entry_xattr_add_entry(squash->entry,
					      "trusted.overlay.opaque", "y", 1);
	return put_header(squash, err);
}

static int start(struct squash *squash, struct error *err)
{
	squash->archive = archive_write_new();
	squash->entry = archive_entry_new();
	if (!squash->archive || !squash->entry)
		return error_set(err, ENOMEM, "write a tar: %s",
				 strerror(ENOMEM));
	/* SCHILY's xattrs have their values as they are, and tar2sqfs takes
	 * the last '=' for the end of the name. */
	if (archive_write_set_format_pax(squash->archive) != ARCHIVE_OK ||
	    archive_write_set_options(squash->archive,
				      "xattrheader=LIBARCHIVE") != ARCHIVE_OK ||
	    archive_write_set_bytes_per_block(squash->archive, BLOCK_SIZE) !=
		    ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(squash->archive, 1) !=
		    ARCHIVE_OK ||
	    archive_write_open2(squash->archive, squash, NULL, pass_on, NULL,
				NULL) != ARCHIVE_OK)
		return fail(squash, err);
	return 0;
}

static int put_layer(struct squash *squash, const struct squash_layer *layer,
		     size_t number, struct error *err)
{
	const struct layer_options options = { 0 };
	struct layer_stats stats;

	(void)snprintf(squash->prefix, sizeof(squash->prefix), "%zu", number);
	squash->survey = layer->survey;
	squash->whiteouts = 0;
	return layer_read(&layer->source, &squash->sink, &options, &stats, err);
}

static int finish(struct squash *squash, struct error *err)
{
	if (archive_write_close(squash->archive) != ARCHIVE_OK)
		return fail(squash, err);
	return ask_process(squash, err);
}

static void squash_release(struct squash *squash)
{
	archive_entry_free(squash->entry);
	tar2sqfs_release(&squash->process);
	squash->abandoned = true;
	if (squash->archive && squash->left > ABANDON_MAX)
		(void)archive_write_fail(squash->archive); /* rather leak */
	if (squash->archive)
		(void)archive_write_free(squash->archive);
}

DEFINE_AUTO(squash, squash_release)

/* tar2sqfs does not say it so that one could decide by it. */
static int name_shortage(int out, struct error *err)
{
	struct statvfs disk;

	if (err->code == EIO && fstatvfs(out, &disk) == 0 &&
	    (uint64_t)disk.f_bavail * disk.f_frsize < FULL_BELOW)
		err->code = ENOSPC;
	return -1;
}

struct task {
	const struct squash_layer *layers;
	size_t count;
	int in; /* of tar2sqfs */
};

static int squash_inside(struct jail *jail, void *context, struct error *err)
{
	const struct task *task = context;
	AUTO(squash) squash = {
		.sink = {
			.make_directory = make_directory,
			.add = add,
			.link = add_link,
			.remove = take_back,
			.whiteout = whiteout,
			.settle = settle,
		},
		.process = TAR2SQFS_NONE,
	};

	squash.process.in = task->in;
	squash.process.advance = jail_tick;
	squash.process.context = jail;
	if (start(&squash, err) < 0)
		return -1;
	for (size_t i = 0; i < task->count; i++)
		if (jail_tick(jail, 0) < 0 ||
		    put_layer(&squash, &task->layers[i], i + 1, err) < 0)
			return -1;
	return finish(&squash, err);
}

static int run_jail(struct task *task, const struct squash_options *options,
		    struct error *err)
{
	autofree int *fds = calloc(task->count + 1, sizeof(*fds));
	const struct jail_work work = {
		.what = "a layer",
		.work = squash_inside,
		.context = task,
		.fds = fds,
		.fd_count = task->count + 1,
		.advance = options->advance,
		.advance_context = options->context,
	};
	AUTO(jail_result) nothing = { 0 };

	if (!fds)
		return error_set(err, ENOMEM, "out of memory");
	fds[task->count] = task->in;
	for (size_t i = 0; i < task->count; i++)
		fds[i] = task->layers[i].source.fd;
	return jail_run(&work, &nothing, err);
}

static int write_layers(struct tar2sqfs *process, struct task *task,
			const struct squash_options *options, struct error *err)
{
	struct error words;

	task->in = process->in;
	if (run_jail(task, options, err) == 0)
		return tar2sqfs_finish(process, err);
	if (err->code != EPIPE)
		return -1;
	err->code = EIO;
	if (tar2sqfs_finish(process, &words) < 0)
		*err = words;
	return -1;
}

int squash_layers(int out, const struct squash_layer *layers, size_t count,
		  const struct squash_options *options, struct error *err)
{
	AUTO(tar2sqfs) process = TAR2SQFS_NONE;
	struct task task = { .layers = layers, .count = count };

	process.advance = options->advance;
	process.context = options->context;
	if (tar2sqfs_start(&process, options->program, out, options->jobs,
			   err) < 0 ||
	    write_layers(&process, &task, options, err) < 0)
		return name_shortage(out, err);
	return 0;
}
