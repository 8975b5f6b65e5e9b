/* SPDX-License-Identifier: MIT */
/* prepared.h - layers as squashfs, kept for the runs to come */
#ifndef HOST_LAYER_PREPARED_H
#define HOST_LAYER_PREPARED_H

#include <stddef.h>
#include <time.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/digest.h"
#include "host/layer/record.h"
#include "images/tempdir.h"

/*
 * In the cache's directory "layers" there is a directory for each layer, and
 * for each group of layers that share one file. Its name is the diffID, or
 * the hash of the diffIDs, and "-" and PREPARED_FORMAT; in it are the record
 * and, unless the layer does not fit or says nothing, the squashfs.
 *
 * A directory is made under another name, locked, and renamed: so it is there
 * whole or not at all, and what a killed process left is nobody's and removed
 * by the next that makes one. Whoever uses a directory holds a shared lock on
 * it (flock(2)), and it is removed only under an exclusive one. Its mtime is
 * when it was last used.
 */
#define PREPARED_FORMAT 2 /* of the file; another one is another name */

#define PREPARED_NAME_MAX (DIGEST_HEX_LENGTH + 16) /* bytes */

struct prepared {
	struct record record; /* owned */
	char *path;	      /* owned; of the squashfs; NULL: there is none */
	int lock;	      /* owned; of the directory */
	int file;	      /* owned; the squashfs, open; -1: there is none */
	struct timespec mtime; /* of the file */
};

#define PREPARED_NONE                                                          \
	{                                                                      \
		.lock = -1, .file = -1                                         \
	}

/* The name of the directory for these layers, lowest first. */
int prepared_name(char name[PREPARED_NAME_MAX], const struct digest *diff_ids,
		  size_t count, struct error *err);

/*
 * Open what is there for these layers in the directory `cache`, and note that
 * it is used. ENOENT if there is nothing; any other failure says that what is
 * there is of no use, and why; it is replaced when it is prepared again.
 */
int prepared_open(struct prepared *prepared, const char *cache,
		  const struct digest *diff_ids, size_t count,
		  struct error *err);

/*
 * Fails with ESTALE if the file has been written to since it was opened. To
 * be asked when all that reads it has ended.
 */
int prepared_unchanged(const struct prepared *prepared, struct error *err);

void prepared_release(struct prepared *prepared);

DEFINE_AUTO(prepared, prepared_release)

/* What is being prepared. */
struct prepared_draft {
	struct tempdir dir;
	int fd;	   /* owned; of the directory, with its lock */
	int out;   /* owned; the squashfs, empty, for reading and writing */
	int claim; /* owned; a lock that others wait for */
	char *claim_path; /* owned */
};

#define PREPARED_DRAFT_NONE                                                    \
	{                                                                      \
		.fd = -1, .out = -1, .claim = -1                               \
	}

/*
 * Say that this process is going to prepare these layers. Waits while another
 * does that; afterwards prepared_open() should be asked again. `advance` is
 * called while waiting, and ends it with ECANCELED; NULL: nobody asks.
 */
int prepared_claim(struct prepared_draft *draft, const char *cache,
		   const struct digest *diff_ids, size_t count,
		   int (*advance)(void *context, uint64_t bytes), void *context,
		   struct error *err);

/* Make a directory in `cache` for them, and draft->out in it. */
int prepared_begin(struct prepared_draft *draft, const char *cache,
		   struct error *err);

/*
 * The file is complete, or left empty if record->has_file is false: give it
 * its name, in the place of what had it before. *record moves to *prepared.
 */
int prepared_publish(struct prepared *prepared, struct prepared_draft *draft,
		     const char *cache, struct record *record,
		     struct error *err);

void prepared_draft_release(struct prepared_draft *draft);

DEFINE_AUTO(prepared_draft, prepared_draft_release)

#endif
