/* SPDX-License-Identifier: MIT */
/* handback.c - see state.h: what hooks left in $out becomes a directory */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/layer/unbundle.h"
#include "host/run/state.h"

static int open_file(struct run *run, struct error *err)
{
	run->out = openat(run->dir.fd, "out",
			  O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (run->out < 0)
		return error_errno(err, "create a file for $out");
	return 0;
}

int run_take_out(void *ctx, const void *bytes, size_t size, struct error *err)
{
	struct run *run = ctx;
	uint64_t limit = run->plan->limits.layer_size;

	if (run->out < 0 && open_file(run, err) < 0)
		return -1;
	run->out_size += size;
	if (limit > 0 && run->out_size > limit * RUN_MIB)
		return error_set(err, EFBIG,
				 "$out has more than %" PRIu64
				 " MiB (use a larger --limit layer-size)",
				 limit);
	if (io_write(run->out, bytes, size) < 0)
		return error_errno(err, "write $out");
	return 0;
}

/*
 * The mode that mkdir(2) gives a directory here. The umask cannot be read
 * without changing it for the moment, in which other threads may make files:
 * so one is made, in `dir`, which is empty.
 */
static int usual_mode(int dir, mode_t *mode, struct error *err)
{
	static const char name[] = "mode";
	struct stat st;
	int status;

	if (mkdirat(dir, name, 0777) < 0)
		return error_errno(err, "make a directory in it");
	status = fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW);
	if (unlinkat(dir, name, AT_REMOVEDIR) < 0 || status < 0)
		return error_errno(err, "look at a directory in it");
	*mode = st.st_mode & 0777;
	return 0;
}

int run_hand_back(struct run *run, const struct image_work *work,
		  struct error *err)
{
	const char *path = run->plan->out;
	struct unbundle what = {
		.tar = run->out,
		.advance = work->advance,
		.context = work->context,
	};
	mode_t mode = 0;

	if (!path)
		return 0;
	if (run->out < 0)
		return error_set(err, EPROTO, "the guest has sent no $out");
	run_say_step(run, "unpack the files", false);
	if (new_directory_begin(&run->out_directory, path, err) < 0)
		return -1;
	what.into = run->out_directory.fd;
	if (usual_mode(what.into, &mode, err) < 0 || unbundle(&what, err) < 0)
		return -1;
	if (fchmod(what.into, mode) < 0)
		return error_errno(err, "change its mode");
	return 0;
}
