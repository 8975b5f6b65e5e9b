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
	struct stat st;

	if (!prepared->record.has_file)
		return 0;
	prepared->path = text_format("%s/" RECORD_FILE, path);
	if (!prepared->path)
		return error_errno(err, "name a file");
	prepared->file = openat(prepared->lock, RECORD_FILE,
				O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (prepared->file < 0 || fstat(prepared->file, &st) < 0)
		return error_errno(err, "open '%s'", prepared->path);
	prepared->mtime = st.st_mtim;
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
	struct stat st;

	if (prepared->file < 0)
		return 0;
	/* Not the ctime: to be removed is not to be changed. */
	if (fstat(prepared->file, &st) < 0 ||
	    (uint64_t)st.st_size != prepared->record.size ||
	    st.st_mtim.tv_sec != prepared->mtime.tv_sec ||
	    st.st_mtim.tv_nsec != prepared->mtime.tv_nsec)
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

/* Others wait for the lock, and look for what was made when they have it. */
static int wait_for_claim(int fd, int (*advance)(void *context, uint64_t bytes),
			  void *context, struct error *err)
{
	const struct timespec tick = { .tv_nsec = TICK };

	/* flock(2) has no wait that could end before its time. */
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_errno(err, "lock the cache");
		if (advance && advance(context, 0) != 0)
			return error_set(err, ECANCELED, "cancelled");
		(void)nanosleep(&tick, NULL);
	}
	return 0;
}

/* 1: locked; 0: whoever had it has removed the file meanwhile. */
static int try_claim(int *claim, const char *path,
		     int (*advance)(void *context, uint64_t bytes),
		     void *context, struct error *err)
{
	autoclose int fd =
		open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	struct stat st;

	if (fd < 0)
		return error_errno(err, "create '%s'", path);
	if (wait_for_claim(fd, advance, context, err) < 0)
		return -1;
	if (fstat(fd, &st) < 0 || st.st_nlink == 0)
		return 0;
	*claim = take_fd(&fd);
	return 1;
}

int prepared_claim(struct prepared_draft *draft, const char *cache,
		   const struct digest *diff_ids, size_t count,
		   int (*advance)(void *context, uint64_t bytes), void *context,
		   struct error *err)
{
	autofree char *path = path_of(cache, diff_ids, count, ".lock", err);
	int claimed;

	if (!path)
		return -1;
	do
		claimed = try_claim(&draft->claim, path, advance, context, err);
	while (claimed == 0);
	if (claimed < 0)
		return -1;
	draft->claim_path = take_pointer(&path);
	return 0;
}

int prepared_begin(struct prepared_draft *draft, const char *cache,
		   struct error *err)
{
	if (tempdir_create(&draft->dir, cache, "new", err) < 0)
		return -1;
	draft->fd = fcntl(draft->dir.lock, F_DUPFD_CLOEXEC, 3);
	if (draft->fd < 0)
		return error_errno(err, "open '%s'", draft->dir.path);
	draft->out = openat(draft->fd, RECORD_FILE,
			    O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (draft->out < 0 || fchmod(draft->out, 0600) < 0)
		return error_errno(err, "create '%s/" RECORD_FILE "'",
				   draft->dir.path);
	return 0;
}

static int complete(struct prepared_draft *draft, struct record *record,
		    struct error *err)
{
	if (record->has_file && record_take_file(record, draft->fd, err) < 0)
		return -1;
	if (!record->has_file && unlinkat(draft->fd, RECORD_FILE, 0) < 0)
		return error_errno(err, "remove an empty file");
	return record_write(record, draft->fd, err);
}

static int collect_ids(struct digest **ids, const struct record *record,
		       struct error *err)
{
	*ids = calloc(record->count + 1, sizeof(**ids));
	if (!*ids)
		return error_set(err, ENOMEM, "%s", strerror(ENOMEM));
	for (size_t i = 0; i < record->count; i++)
		(*ids)[i] = record->layers[i].diff_id;
	return 0;
}

int prepared_publish(struct prepared *prepared, struct prepared_draft *draft,
		     const char *cache, struct record *record,
		     struct error *err)
{
	AUTO(prepared) made = PREPARED_NONE;
	autofree struct digest *ids = NULL;
	autofree char *path = NULL;

	if (collect_ids(&ids, record, err) < 0)
		return -1;
	path = path_of(cache, ids, record->count, "", err);
	if (!path || complete(draft, record, err) < 0 ||
	    cache_put(draft->dir.path, path, err) < 0)
		return -1;

	/* The lock of the directory goes with it, and is shared from now on. */
	made.lock = take_fd(&draft->fd);
	tempdir_keep(&draft->dir);
	if (flock(made.lock, LOCK_SH) < 0)
		return error_errno(err, "lock '%s'", path);
	made.record = *record;
	*record = (struct record){ 0 };
	if (open_file(&made, path, err) < 0)
		return -1;
	*prepared = made;
	made = (struct prepared)PREPARED_NONE;
	return 0;
}

void prepared_draft_release(struct prepared_draft *draft)
{
	int *fds[] = { &draft->fd, &draft->out, &draft->claim };
	int saved = errno;

	tempdir_release(&draft->dir);
	if (draft->claim_path)
		(void)unlink(draft->claim_path);
	free(draft->claim_path);
	for (size_t i = 0; i < COUNT_OF(fds); i++)
		if (*fds[i] >= 0)
			(void)close(*fds[i]);
	*draft = (struct prepared_draft)PREPARED_DRAFT_NONE;
	errno = saved;
}
