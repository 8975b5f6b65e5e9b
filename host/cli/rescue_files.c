/* SPDX-License-Identifier: MIT */
/* rescue_files.c - overlayvm rescue DISK ls, cat and shell, see rescue.h */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "guest/shared/io.h"
#include "host/cli/arguments.h"
#include "host/text/escape.h"
#include "host/cli/rescue.h"
#include "host/cli/show_forms.h"
#include "host/rescue/remains.h"
#include "host/run/failure.h"

static const char about_ls[] =
	"Usage: overlayvm rescue DISK ls [NAME]\n"
	"\n"
	"List the directory NAME of the disk, or the root of it: mode, owner, "
	"size,\n"
	"time and name of each file. A hook was in that root: layer/ is the "
	"upper\n"
	"directory, as overlayfs or the agent has left it. Names are escaped "
	"as by\n"
	"ls -b.\n"
	"\n"
	"  --help   print this\n";

static const char about_cat[] =
	"Usage: overlayvm rescue DISK cat NAME\n"
	"\n"
	"Print the file NAME of the disk. On a terminal control characters are "
	"shown,\n"
	"not obeyed.\n"
	"\n"
	"  --help   print this\n";

static const char about_shell[] =
	"Usage: overlayvm rescue DISK shell\n"
	"\n"
	"Start guestfish(1) with the disk mounted read-only; or give it "
	"commands on\n"
	"standard input.\n"
	"\n"
	"  --help   print this\n";

/* Find the disk, and call `work` with it from a workplace of its own. */
static int with_disk(const char *text,
		     int (*work)(const struct rescue *rescue, const char *name,
				 struct error *err),
		     const char *name, struct error *err)
{
	struct workplace workplace = WORKPLACE_NONE;
	AUTO(remains) remains = { 0 };
	int status = -1;

	if (rescue_available(err) < 0 || remains_find(&remains, text, err) < 0)
		return STATUS_FAILED;
	if (workplace_open(&workplace, err) == 0) {
		const struct rescue rescue =
			rescue_begin(&workplace, remains.disk);

		status = work(&rescue, name, err);
	}
	return workplace_finish(&workplace, status < 0 ? STATUS_FAILED : 0,
				err);
}

static int print_listing(void *context, const struct listing *listing,
			 struct error *err)
{
	(void)context;
	return show_print_long(listing, stdout, err);
}

static int list(const struct rescue *rescue, const char *name,
		struct error *err)
{
	return rescue_list(rescue, name, print_listing, NULL, err);
}

int rescue_ls_command(int argc, char **argv, struct error *err)
{
	const char *words[2] = { NULL, "/" };
	size_t count = argc > 2 ? 2 : 1;
	bool is_help;

	if (arguments_take(words, count, argc, argv, "one NAME, or none",
			   "rescue ls", &is_help, err) < 0)
		return STATUS_FAILED;
	if (is_help) {
		fputs(about_ls, stdout);
		return 0;
	}
	return with_disk(words[0], list, words[1], err);
}

/* Whether it was written is known where it was written. */
static int print_bytes(void *context, const void *bytes, size_t size,
		       struct error *err)
{
	struct escape *escape = context;

	if (!escape) {
		if (io_write(STDOUT_FILENO, bytes, size) < 0)
			return error_errno(err, "write to standard output");
		return 0;
	}
	escape_print(escape, bytes, size, stdout);
	if (fflush(stdout) != 0)
		return error_errno(err, "write to standard output");
	return 0;
}

static int print_file(const struct rescue *rescue, const char *name,
		      struct error *err)
{
	struct escape escape = { 0 };

	return rescue_read(rescue, name, print_bytes,
			   isatty(STDOUT_FILENO) ? &escape : NULL, err);
}

int rescue_cat_command(int argc, char **argv, struct error *err)
{
	const char *words[2];
	bool is_help;

	if (arguments_take(words, COUNT_OF(words), argc, argv, "one NAME",
			   "rescue cat", &is_help, err) < 0)
		return STATUS_FAILED;
	if (is_help) {
		fputs(about_cat, stdout);
		return 0;
	}
	return with_disk(words[0], print_file, words[1], err);
}

int rescue_shell_command(int argc, char **argv, struct error *err)
{
	AUTO(remains) remains = { 0 };
	const char *words[1];
	bool is_help;

	if (arguments_take(words, COUNT_OF(words), argc, argv,
			   "nothing behind it", "rescue shell", &is_help,
			   err) < 0)
		return STATUS_FAILED;
	if (is_help) {
		fputs(about_shell, stdout);
		return 0;
	}
	if (rescue_available(err) == 0 &&
	    remains_find(&remains, words[0], err) == 0)
		(void)rescue_shell(remains.disk, err);
	return STATUS_FAILED;
}
