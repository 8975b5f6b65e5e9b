/* SPDX-License-Identifier: MIT */
/* kvm_trial.c - see kvm_trial.h */
#include "host/vm/kvm_trial.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"
#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "host/vm/identity.h"
#include "images/place.h"
#include "images/text.h"

#define RECORD_MAX 4096 /* bytes */
#define DEPTH	   3	/* of its JSON */

/* Read a small file; "" for whatever cannot be read. */
static void read_text(const char *path, char *text, size_t size)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : io_read(fd, text, size - 1);

	text[got > 0 ? got : 0] = '\0';
}

static void read_boot_id(char id[64])
{
	read_text("/proc/sys/kernel/random/boot_id", id, 64);
	id[strcspn(id, "\n")] = '\0';
}

/* The caller's to free; NULL if there is no place for it. */
static char *record_path(void)
{
	struct error ignored;
	char *path;

	return place_cached("kvm.json", &path, &ignored) < 0 ? NULL : path;
}

/* Whether it is of this machine, since it has started, and of this QEMU. */
static bool holds(struct json_object *record, const char *qemu)
{
	struct json_object *identity = NULL;
	struct error ignored;
	const char *boot, *path;
	char id[64];

	read_boot_id(id);
	return json_get_string(record, "boot", sizeof(id), &boot, &ignored) ==
		       0 &&
	       *id && strcmp(boot, id) == 0 &&
	       json_get_string(record, "qemu", RECORD_MAX, &path, &ignored) ==
		       0 &&
	       strcmp(path, qemu) == 0 &&
	       json_object_object_get_ex(record, "identity", &identity) &&
	       identity_check(AT_FDCWD, qemu, identity, &ignored) == 0;
}

bool kvm_trial_has_failed(const char *qemu, char why[KVM_TRIAL_WHY])
{
	autofree char *path = record_path();
	autofree char *program = realpath(qemu, NULL);
	autojson struct json_object *record = NULL;
	char text[RECORD_MAX];
	struct error ignored;
	const char *said;

	if (!path || !program)
		return false;
	read_text(path, text, sizeof(text));
	record = json_parse(text, strlen(text), DEPTH, &ignored);
	if (!record || !holds(record, program) ||
	    json_get_string(record, "why", KVM_TRIAL_WHY - 1, &said, &ignored) <
		    0)
		return false;
	(void)snprintf(why, KVM_TRIAL_WHY, "%s", said);
	return true;
}

static struct json_object *make_record(const char *qemu, const char *why)
{
	struct json_object *record = json_make_object();
	struct error ignored;
	char id[64];

	read_boot_id(id);
	json_add(record, "boot", json_make_string(id));
	json_add(record, "qemu", json_make_string(qemu));
	json_add(record, "identity", identity_take(AT_FDCWD, qemu, &ignored));
	json_add(record, "why",
		 json_make_string_len(why,
				      (int)strnlen(why, KVM_TRIAL_WHY - 1)));
	return record;
}

/* Another run reads the old one or the new one. */
static void write_whole(const char *path, const char *text)
{
	autofree char *temporary = text_format("%s.XXXXXX", path);
	int fd = temporary ? mkostemp(temporary, O_CLOEXEC) : -1;
	bool written;

	if (fd < 0)
		return;
	written = io_write(fd, text, strlen(text)) >= 0;
	if (close(fd) < 0 || !written || rename(temporary, path) < 0)
		(void)unlink(temporary);
}

void kvm_trial_keep(const char *qemu, const char *why)
{
	autofree char *path = record_path();
	autofree char *program = realpath(qemu, NULL);
	autojson struct json_object *record = NULL;
	autofree char *top = NULL;
	struct error ignored;
	const char *text;

	if (!path || !program || place_cached("", &top, &ignored) < 0 ||
	    place_make(top, &ignored) < 0)
		return;
	record = make_record(program, why);
	text = json_write(record, JSON_C_TO_STRING_PLAIN, NULL);
	if (text)
		write_whole(path, text);
}

void kvm_trial_forget(void)
{
	autofree char *path = record_path();

	if (path)
		(void)unlink(path);
}
