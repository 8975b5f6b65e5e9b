/* SPDX-License-Identifier: MIT */
/* template.c - see template.h */
#include "host/vm/template.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/io.h"
#include "guest/shared/json.h"
#include "host/vm/identity.h"
#include "host/vm/qemu.h"
#include "images/place.h"

#define FORMAT	   1 /* of the directory; another one is of no use */
#define KIND	   "templates"
#define STATE	   "state"
#define RECORD	   "template.json"
#define RECORD_MAX 4096 /* bytes */
#define MIB	   (INT64_C(1) << 20)

int template_name(struct template *template, const char *key, struct error *err)
{
	autofree char *cache = NULL;

	if (place_cached(KIND, &cache, err) < 0)
		return -1;
	free(template->dir);
	if (asprintf(&template->dir, "%s/%s", cache, key) < 0) {
		template->dir = NULL;
		return error_set(err, ENOMEM, "out of memory");
	}
	return 0;
}

static int check_record(struct template *template, int dir,
			struct json_object *record, struct error *err)
{
	struct json_object *identity;
	const char *kernel;
	uint64_t format;

	if (json_get_uint(record, "format", FORMAT, &format, err) < 0 ||
	    json_get_string(record, "kernel", sizeof(template->kernel) - 1,
			    &kernel, err) < 0)
		return -1;
	json_object_object_get_ex(record, "ram", &identity);
	if (identity_check(dir, QEMU_RAM, identity, err) < 0)
		return -1;
	json_object_object_get_ex(record, "state", &identity);
	if (identity_check(dir, STATE, identity, err) < 0)
		return -1;
	(void)snprintf(template->kernel, sizeof(template->kernel), "%s",
		       kernel);
	return 0;
}

static int check(struct template *template, int dir, struct error *err)
{
	autoclose int fd = openat(dir, RECORD, O_RDONLY | O_CLOEXEC);
	autojson struct json_object *record = NULL;
	char text[RECORD_MAX];
	ssize_t size = fd < 0 ? -1 : io_read(fd, text, sizeof(text));

	if (size < 0)
		return error_set(err, ESTALE, "cannot read '%s'", RECORD);
	record = json_parse(text, (size_t)size, 4, err);
	if (!record || check_record(template, dir, record, err) < 0)
		return -1;
	template->state = openat(dir, STATE, O_RDONLY | O_CLOEXEC);
	if (template->state < 0 || faccessat(dir, QEMU_RAM, R_OK | W_OK, 0) < 0)
		return error_set(err, ESTALE, "cannot read it");
	return 0;
}

int template_open(struct template *template, struct error *err)
{
	autoclose int dir =
		open(template->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return error_errno(err, "open template '%s'", template->dir);
	if (check(template, dir, err) < 0) {
		err->code = ESTALE; /* it is there, and of no use */
		return error_prefix(err, "template '%s'", template->dir);
	}
	/* The time of the last use, for those who prune the cache. */
	(void)futimens(dir, NULL);
	return 0;
}

void template_drop(const struct template *template)
{
	struct error ignored;

	(void)tempdir_remove_tree(template->dir, &ignored);
}

static int make_file(const char *dir, const char *name, off_t size, int *fd,
		     struct error *err)
{
	autofree char *path = NULL;
	autoclose int made = -1;

	if (asprintf(&path, "%s/%s", dir, name) < 0) {
		path = NULL;
		return error_set(err, ENOMEM, "out of memory");
	}
	made = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (made < 0 || ftruncate(made, size) < 0)
		return error_errno(err, "make '%s'", path);
	if (fd)
		*fd = take_fd(&made);
	return 0;
}

int template_begin(struct template_draft *draft, uint64_t memory,
		   struct error *err)
{
	autofree char *cache = NULL;

	if (place_cached(KIND, &cache, err) < 0 || place_make(cache, err) < 0 ||
	    tempdir_create(&draft->dir, cache, "draft", err) < 0)
		return -1;
	if (make_file(draft->dir.path, QEMU_RAM, (off_t)memory * MIB, NULL,
		      err) < 0 ||
	    make_file(draft->dir.path, STATE, 0, &draft->state, err) < 0)
		return -1;
	return 0;
}

static int write_record(int dir, const char *kernel, struct error *err)
{
	autojson struct json_object *record = json_object_new_object();
	struct json_object *ram = identity_take(dir, QEMU_RAM, err);
	struct json_object *state = identity_take(dir, STATE, err);
	autoclose int fd =
		openat(dir, RECORD, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		       0600);
	const char *text;

	json_object_object_add(record, "format", json_object_new_int(FORMAT));
	json_object_object_add(record, "kernel",
			       json_object_new_string(kernel));
	json_object_object_add(record, "ram", ram);
	json_object_object_add(record, "state", state);
	if (!ram || !state)
		return -1;
	text = json_object_to_json_string_ext(record, JSON_C_TO_STRING_PLAIN);
	if (fd < 0 || io_write(fd, text, strlen(text)) < 0)
		return error_errno(err, "write '%s'", RECORD);
	return 0;
}

int template_publish(struct template_draft *draft,
		     const struct template *template, const char *kernel,
		     struct error *err)
{
	autoclose int dir =
		open(draft->dir.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return error_errno(err, "open '%s'", draft->dir.path);
	if (write_record(dir, kernel, err) < 0)
		return -1;
	if (rename(draft->dir.path, template->dir) == 0)
		tempdir_keep(&draft->dir);
	else if (errno != ENOTEMPTY && errno != EEXIST)
		return error_errno(err, "name template '%s'", template->dir);
	return 0;
}

void template_draft_release(struct template_draft *draft)
{
	tempdir_release(&draft->dir);
	if (draft->state >= 0)
		close(draft->state);
	draft->state = -1;
}

void template_release(struct template *template)
{
	free(template->dir);
	if (template->state >= 0)
		close(template->state);
	*template = (struct template)TEMPLATE_NONE;
}
