/* SPDX-License-Identifier: MIT */
/* record.h - what is known of prepared layers, kept beside their file */
#ifndef HOST_LAYER_RECORD_H
#define HOST_LAYER_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/digest.h"
#include "host/layer/survey.h"

/* What a survey said of one layer; see struct survey. */
struct record_layer {
	struct digest diff_id;
	uint64_t size; /* bytes of all files, holes included */
	uint64_t entries;
	bool root_implied;
	bool opaque_root;
	bool whiteouts;
	bool fits;
	char why_not[SURVEY_WHY_MAX];
	char *warnings; /* owned; lines; NULL: none */
};

struct record {
	struct record_layer *layers; /* owned; as their directories count */
	size_t count;
	bool has_file;
	uint64_t size;	      /* bytes of the file */
	struct digest sha256; /* of the file */
};

#define RECORD_FILE "layers.sqfs"
#define RECORD_NAME "record.json"
#define RECORD_PAGE 4096 /* bytes */

/*
 * Read the record of the directory `dir`, and see that its file is the one
 * that was recorded.
 *
 * That is cheap as a rule: the file has the same inode, size, mtime and ctime
 * as when it was written, and the machine has not been started since. Nobody
 * but root can set a ctime, so no QEMU that a guest has taken over can change
 * a file unnoticed; and without a crash between, what was written is what is
 * read, so that nothing need be synced to disk. Else the whole file is read
 * and its SHA-256 compared; if it is the same that is recorded anew, which may
 * fail without anybody taking note.
 *
 * ENOENT if there is no record; EBADMSG if the file is another; anything else
 * says as well that the directory is of no use.
 */
int record_read(struct record *record, int dir, struct error *err);

/* Write the record; the file, if record->has_file, is complete. */
int record_write(const struct record *record, int dir, struct error *err);

/* Fill in size and sha256 from the file. EINVAL if it is not whole pages, as
 * tar2sqfs makes it and partitions want it. */
int record_take_file(struct record *record, int dir, struct error *err);

void record_release(struct record *record);

DEFINE_AUTO(record, record_release)

#endif
