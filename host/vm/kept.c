/* SPDX-License-Identifier: MIT */
/* kept.c - see kept.h */
#include "host/vm/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "guest/shared/io.h"
#include "guest/shared/json.h"
#include "guest/shared/json_make.h"
#include "host/vm/identity.h"
#include "images/place.h"

#define FORMAT	   1 /* of the record; another one is of no use */
#define RECORD	   "record.json"
#define RECORD_MAX 8192 /* bytes */

int kept_name(struct kept *kept, const char *kind, const char *key,
	      struct error *err)
{
	autofree char *cache = NULL;

	if (place_cached(kind, &cache, err) < 0)
		return -1;
	free(kept->dir);
	if (asprintf(&kept->dir, "%s/%s", cache, key) < 0) {
		kept->dir = NULL;
		return error_set(err, ENOMEM, "out of memory");
	}
	return 0;
}

static int check_files(int dir, const char *const files[],
		       struct json_object *record, struct error *err)
{
	struct json_object *all;

	if (!json_object_object_get_ex(record, "files", &all))
		return error_set(err, ESTALE, "no files in the record");
	for (size_t i = 0; files[i]; i++) {
		struct json_object *identity = NULL;

		json_object_object_get_ex(all, files[i], &identity);
		if (identity_check(dir, files[i], identity, err) < 0)
			return -1;
	}
	return 0;
}

static int check(struct kept *kept, const char *const files[],
		 struct error *err)
{
	autoclose int fd = openat(kept->fd, RECORD, O_RDONLY | O_CLOEXEC);
	autojson struct json_object *record = NULL;
	char text[RECORD_MAX];
	ssize_t size = fd < 0 ? -1 : io_read(fd, text, sizeof(text));
	const char *word;
	uint64_t format;

	if (size < 0)
		return error_errno(err, "read '%s'", RECORD);
	record = json_parse(text, (size_t)size, 4, err);
	if (!record ||
	    json_get_uint(record, "format", UINT32_MAX, &format, err) < 0 ||
	    json_get_string(record, "word", KEPT_WORD_MAX - 1, &word, err) < 0)
		return -1;
	if (format != FORMAT)
		return error_set(err, ESTALE, "of another format");
	(void)snprintf(kept->word, sizeof(kept->word), "%s", word);
	if (check_files(kept->fd, files, record, err) < 0)
		return -1;
	json_object_put(kept->record);
	kept->record = json_object_get(record);
	return 0;
}

static int open_checked(struct kept *kept, const char *const files[],
			struct error *err)
{
	kept->fd = open(kept->dir,
			O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (kept->fd < 0 && errno == ENOENT)
		return error_errno(err, "open '%s'", kept->dir);
	if (kept->fd < 0)
		error_errno(err, "open");
	if (kept->fd < 0 || check(kept, files, err) < 0) {
		err->code = ESTALE; /* it is there, and of no use */
		return -1;
	}
	return 0;
}

int kept_open(struct kept *kept, const char *const files[], struct error *err)
{
	if (open_checked(kept, files, err) < 0)
		return err->code == ENOENT
			       ? -1
			       : error_prefix(err, "drop '%s' from the cache",
					      kept->dir);
	/* Who prunes the cache leaves alone what is locked. */
	(void)flock(kept->fd, LOCK_SH | LOCK_NB);
	(void)futimens(kept->fd, NULL);
	return 0;
}

int kept_look(struct kept *kept, const char *const files[], struct error *err)
{
	if (open_checked(kept, files, err) < 0)
		return err->code == ENOENT
			       ? -1
			       : error_prefix(err, "'%s'", kept->dir);
	return 0;
}

int kept_unchanged(const struct kept *kept, const char *const files[],
		   struct error *err)
{
	return check_files(kept->fd, files, kept->record, err);
}

void kept_drop(const struct kept *kept)
{
	struct error ignored;

	/* What can be read by nobody can still be renamed and removed. */
	(void)chmod(kept->dir, 0700);
	if (tempdir_remove_tree(kept->dir, &ignored) < 0)
		(void)unlink(kept->dir);
}

int kept_begin(struct kept_draft *draft, const char *kind, struct error *err)
{
	autofree char *cache = NULL;

	if (place_cached(kind, &cache, err) < 0 || place_make(cache, err) < 0 ||
	    tempdir_create(&draft->dir, cache, "draft", err) < 0)
		return -1;
	draft->fd = open(draft->dir.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (draft->fd < 0)
		return error_errno(err, "open '%s'", draft->dir.path);
	return 0;
}

static struct json_object *identities(int dir, const char *const files[],
				      struct error *err)
{
	struct json_object *all = json_make_object();

	for (size_t i = 0; files[i]; i++) {
		struct json_object *one = identity_take(dir, files[i], err);

		if (!one) {
			json_object_put(all);
			return NULL;
		}
		json_add(all, files[i], one);
	}
	return all;
}

static int write_record(int dir, const char *const files[], const char *word,
			struct error *err)
{
	struct json_object *all = identities(dir, files, err);
	autojson struct json_object *record = json_make_object();
	autoclose int fd = -1;
	const char *text;

	if (!all)
		return -1;
	json_add(record, "format", json_make_int(FORMAT));
	json_add(record, "word", json_make_string(word));
	json_add(record, "files", all);
	text = json_write(record, JSON_C_TO_STRING_PLAIN, NULL);
	if (!text)
		return error_set(err, ENOMEM, "out of memory");
	fd = openat(dir, RECORD, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || io_write(fd, text, strlen(text)) < 0)
		return error_errno(err, "write '%s'", RECORD);
	return 0;
}

int kept_publish(struct kept_draft *draft, const struct kept *kept,
		 const char *const files[], const char *word, struct error *err)
{
	if (write_record(draft->fd, files, word, err) < 0)
		return -1;
	if (rename(draft->dir.path, kept->dir) == 0)
		tempdir_keep(&draft->dir);
	else if (errno != ENOTEMPTY && errno != EEXIST)
		return error_errno(err, "name '%s'", kept->dir);
	return 0;
}

void kept_draft_release(struct kept_draft *draft)
{
	if (draft->fd >= 0)
		close(draft->fd);
	draft->fd = -1;
	tempdir_release(&draft->dir);
}

void kept_release(struct kept *kept)
{
	free(kept->dir);
	json_object_put(kept->record);
	if (kept->fd >= 0)
		close(kept->fd);
	*kept = (struct kept)KEPT_NONE;
}
