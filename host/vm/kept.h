/* SPDX-License-Identifier: MIT */
/* kept.h - files that one run makes and later ones use: <cache>/KIND/KEY/ */
#ifndef HOST_VM_KEPT_H
#define HOST_VM_KEPT_H

#include <json-c/json.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "images/tempdir.h"

/*
 * A directory that appears whole, by a rename, with its files and a record of
 * them: inode, size, mtime and ctime of each, compared before each use. So
 * damage is noticed, and so is what a QEMU that a guest has taken over may
 * have left: who has no root cannot set a ctime. The key names everything
 * that decides what is in the files, so nothing in here is ever stale.
 */
#define KEPT_FILES_MAX 4
#define KEPT_WORD_MAX  96 /* bytes */

struct kept {
	char *dir;		    /* owned; its path, there or not */
	int fd;			    /* owned; of the directory, once open */
	char word[KEPT_WORD_MAX];   /* what its maker wrote beside the files */
	struct json_object *record; /* owned; as it was read, once open */
};

#define KEPT_NONE                                                              \
	{                                                                      \
		.fd = -1                                                       \
	}

/* Say which. ENOENT if there is no place for a cache. */
int kept_name(struct kept *kept, const char *kind, const char *key,
	      struct error *err);

/*
 * Open it and compare the files, a NULL-terminated list of names, with the
 * record. ENOENT if it is not there; ESTALE if it is of no use, and should be
 * dropped. Notes the time of the use, for those who prune the cache.
 */
int kept_open(struct kept *kept, const char *const files[], struct error *err);

/* The same, but nobody used it: it is left as it is, and is not locked. */
int kept_look(struct kept *kept, const char *const files[], struct error *err);

/* After kept_open(): are the files still what they were then? ESTALE if not. */
int kept_unchanged(const struct kept *kept, const char *const files[],
		   struct error *err);

/* Remove it: something is wrong with it. */
void kept_drop(const struct kept *kept);

/* One that is being made, in a directory that no other run sees. */
struct kept_draft {
	struct tempdir dir;
	int fd; /* owned; of the directory */
};

#define KEPT_DRAFT_NONE                                                        \
	{                                                                      \
		.fd = -1                                                       \
	}

int kept_begin(struct kept_draft *draft, const char *kind, struct error *err);

/*
 * The files are complete, and nobody writes to them any more: write the record
 * and give the directory its name. If another run was faster, its own stays.
 */
int kept_publish(struct kept_draft *draft, const struct kept *kept,
		 const char *const files[], const char *word,
		 struct error *err);

/* Without kept_publish() before it, nothing is left of the draft. */
void kept_draft_release(struct kept_draft *draft);
void kept_release(struct kept *kept);

DEFINE_AUTO(kept, kept_release)
DEFINE_AUTO(kept_draft, kept_draft_release)

#endif
