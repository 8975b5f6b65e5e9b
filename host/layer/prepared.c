/* SPDX-License-Identifier: MIT */
/* prepared.c - see prepared.h */
#include "host/layer/prepared.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "host/layer/cache.h"
#include "images/text.h"

#define TICK 20000000 /* nanoseconds between two looks at a lock */

int prepared_name(char name[PREPARED_NAME_MAX], const struct digest *diff_ids,
		  size_t count, struct error *err)
{
	AUTO(digest_state) state = { 0 };
	struct digest digest = diff_ids[0];

	if (count > 1) {
		if (digest_begin(&state, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++)
			if (digest_add(&state, diff_ids[i].hex,
				       DIGEST_HEX_LENGTH, err) < 0)
				return -1;
		if (digest_end(&state, &digest, err) < 0)
			return -1;
	}
	(void)snprintf(name, PREPARED_NAME_MAX, "%s-%d", digest.hex,
		       PREPARED_FORMAT);
	return 0;
}

/* The path of the directory for these layers; the caller's to free(). */
static char *path_of(const char *cache, const struct digest *diff_ids,
		     size_t count, const char *suffix, struct error *err)
{
	char name[PREPARED_NAME_MAX];
	char *path;

	if (prepared_name(name, diff_ids, count, err) < 0)
		return NULL;
	path = text_format("%s/%s%s", cache, name, suffix);
	if (!path)
		error_errno(err, "name a directory");
	return path;
}

static int check_layers(const struct record *record,
			const struct digest *diff_ids, size_t count,
			struct error *err)
{
	bool same = record->count == count;

	for (size_t i = 0; same && i < count; i++)
		same = digest_equal(&record->layers[i].diff_id, &diff_ids[i]);
	return same ? 0 : error_set(err, EBADMSG, "it is of other layers");
}

/* Locked, recorded and of these layers: open the file. */
static int open_file(struct prepared *prepared, const char *path,
		     struct error *err)
{
	if (!prepared->record.has_file)
		return 0;
	prepared->path = text_format("%s/" RECORD_FILE, path);
	if (!prepared->path)
		return error_errno(err, "name a file");
	prepared->file = openat(prepared->lock, RECORD_FILE,
				O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (prepared->file < 0)
		return error_errno(err, "open '%s'", prepared->path);
	return 0;
}

int prepared_open(struct prepared *prepared, const char *cache,
		  const struct digest *diff_ids, size_t count,
		  struct error *err)
{
	AUTO(prepared) found = PREPARED_NONE;
	autofree char *path = path_of(cache, diff_ids, count, "", err);

	if (!path)
		return -1;
	found.lock = cache_use(path, err);
	if (found.lock < 0)
		return -1;
	if (record_read(&found.record, found.lock, err) < 0 ||
	    check_layers(&found.record, diff_ids, count, err) < 0 ||
	    open_file(&found, path, err) < 0)
		return error_prefix(err, "prepared layer '%s'", path);
	*prepared = found;
	found = (struct prepared)PREPARED_NONE;
	return 0;
}

int prepared_unchanged(const struct prepared *prepared, struct error *err)
{
	struct stat st, named;

	if (prepared->file < 0)
		return 0;
	/* Removed is not changed: who has it open has it still. */
	if (fstat(prepared->file, &st) < 0 ||
	    (uint64_t)st.st_size != prepared->record.size ||
	    (stat(prepared->path, &named) == 0 &&
	     named.st_ino == st.st_ino && named.st_dev == st.st_dev &&
	     named.st_size != st.st_size))
		return error_set(err, ESTALE,
				 "prepared layer '%s' changed while it was "
				 "read",
				 prepared->path);
	return 0;
}

void prepared_release(struct prepared *prepared)
{
	int *fds[] = { &prepared->file, &prepared->lock };

	for (size_t i = 0; i < COUNT_OF(fds); i++)
		if (*fds[i] >= 0)
			(void)close(*fds[i]);
	free(prepared->path);
	record_release(&prepared->record);
	*prepared = (struct prepared)PREPARED_NONE;
}
