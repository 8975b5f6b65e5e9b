/* SPDX-License-Identifier: MIT */
/* shell.c - see rescue.h: the library itself, and guestfish on the disk */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "host/rescue/appliance.h"
#include "host/rescue/rescue.h"
#include "host/vm/args.h"

#define PROGRAM "guestfish"

int rescue_available(struct error *err)
{
	struct library library;

	return library_load(&library, err);
}

static int start(const char *disk, struct error *err)
{
	AUTO(args) args = { 0 };

	args_add(&args, PROGRAM);
	args_add(&args, "--ro");
	args_add(&args, "--format=raw");
	args_add_pair(&args, "--add", "%s", disk);
	args_add(&args, "--mount");
	args_add(&args, "/dev/sda:/:" APPLIANCE_OPTIONS);
	if (args_finish(&args, err) < 0)
		return -1;
	(void)execvp(PROGRAM, args.words);
	if (errno == ENOENT)
		return error_set(err, ENOENT,
				 "no program '" PROGRAM
				 "' (install the package guestfish)");
	return error_errno(err, "start '" PROGRAM "'");
}

int rescue_shell(const char *disk, struct error *err)
{
	const char *setting = appliance_setting();

	/* What the user has chosen stands. */
	if (setenv("LIBGUESTFS_BACKEND", "direct", 0) < 0 ||
	    (setting && setenv("LIBGUESTFS_BACKEND_SETTINGS", setting, 0) < 0))
		return error_errno(err, "set the environment");
	return start(disk, err);
}
