/* SPDX-License-Identifier: MIT */
/* keep.c - see state.h: what a failed run leaves for whoever looks into it */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <json-c/json.h>

#include "guest/shared/json_make.h"
#include "guest/shared/io.h"
#include "guest/shared/json.h"
#include "host/run/new_directory.h"
#include "host/run/state.h"
#include "host/vm/disk_copy.h"
#include "host/vm/qemu.h"

int run_check_kept(const struct run *run, struct error *err)
{
	return new_directory_check(run->plan->keep_failed, err);
}

static int put_file(int dir, const char *name, mode_t mode, const char *bytes,
		    size_t size, struct error *err)
{
	autoclose int fd =
		openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		       mode);

	if (fd < 0 || io_write(fd, bytes, size) < 0)
		return error_errno(err, "write '%s'", name);
	return 0;
}

static int put_console(const struct run *run, int dir, struct error *err)
{
	const struct machine *machine = &run->machine;

	if (put_file(dir, "console.log", 0600, machine->console_tail.bytes,
		     machine->console_tail.used, err) < 0)
		return -1;
	return put_file(dir, "qemu.log", 0600, machine->errors_tail.bytes,
			machine->errors_tail.used, err);
}

/* There is none unless passt was the network, or was to be. */
static int put_network(const struct run *run, int dir, struct error *err)
{
	const struct tail *said = &run->passt.errors_tail;

	if (!run->passt_program && said->used == 0)
		return 0;
	return put_file(dir, "passt.log", 0600, said->bytes, said->used, err);
}

static int put_plan(const struct run *run, int dir, struct error *err)
{
	autojson struct json_object *json = run_describe(run);
	const char *text =
		json ? json_write(json,
				  JSON_C_TO_STRING_PRETTY |
					  JSON_C_TO_STRING_SPACED |
					  JSON_C_TO_STRING_NOSLASHESCAPE,
				  NULL)
		     : NULL;

	if (!text)
		return error_set(err, ENOMEM, "out of memory");
	return put_file(dir, "plan.json", 0600, text, strlen(text), err);
}

/* As a word of a shell, whatever is in it. */
static void quote(const char *word, FILE *out)
{
	(void)fputc('\'', out);
	for (; *word; word++)
		if (*word == '\'')
			fputs("'\\''", out);
		else
			(void)fputc(*word, out);
	(void)fputc('\'', out);
}

#define HEAD                                                                   \
	"#!/bin/sh\n"                                                          \
	"# The command of the run that failed, word for word, to be read "     \
	"and\n"                                                                \
	"# changed: it had sockets as descriptors 3 to 5, the state of a\n"    \
	"# template as 6 if it was restored from one, the network as 7 if\n"   \
	"# passt was that, and the layers disk lay beside it.\n"

static char *describe_command(const struct run *run)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputs(HEAD "cd \"$(dirname \"$0\")\" || exit 1\nln -sf ", out);
	quote(run->guest.kernel, out);
	fputs(" " QEMU_KERNEL "\nln -sf ", out);
	quote(run->guest.initramfs, out);
	fputs(" " QEMU_INITRAMFS "\nexec", out);
	for (size_t i = 0; i < run->words.count; i++) {
		fputs(" \\\n\t", out);
		quote(run->words.words[i], out);
	}
	(void)fputc('\n', out);
	if (fclose(out) != 0) {
		free(text);
		return NULL;
	}
	return text;
}

static int put_command(const struct run *run, int dir, struct error *err)
{
	autofree char *text = describe_command(run);

	if (!text)
		return error_set(err, ENOMEM, "out of memory");
	return put_file(dir, "qemu.sh", 0700, text, strlen(text), err);
}

static int fill(struct run *run, int dir, struct error *err)
{
	/* The guest has flushed what it had, unless it died. */
	machine_end(&run->machine);
	passt_end(&run->passt);
	if (disk_copy(run->dir.fd, QEMU_SCRATCH, dir, QEMU_SCRATCH,
		      run->disk_size * RUN_MIB, err) < 0 ||
	    put_console(run, dir, err) < 0 || put_network(run, dir, err) < 0 ||
	    put_plan(run, dir, err) < 0)
		return -1;
	return put_command(run, dir, err);
}

static int keep(struct run *run, const char *path, struct error *err)
{
	AUTO(new_directory) made = NEW_DIRECTORY_NONE;

	if (new_directory_begin(&made, path, err) < 0 ||
	    fill(run, made.fd, err) < 0 ||
	    new_directory_publish(&made, path, err) < 0)
		return -1;
	run->result->kept = true;
	return 0;
}

int run_keep(struct run *run, struct error *err)
{
	if (!run->plan->keep_failed || run->words.count == 0 ||
	    faccessat(run->dir.fd, QEMU_SCRATCH, F_OK, 0) < 0)
		return 0;
	return keep(run, run->plan->keep_failed, err);
}
