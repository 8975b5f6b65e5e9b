/* SPDX-License-Identifier: MIT */
/* image_lint_state.h - what the parts of image_lint.h know of the image */
#ifndef HOST_IMAGE_IMAGE_LINT_STATE_H
#define HOST_IMAGE_IMAGE_LINT_STATE_H

#include <stdbool.h>
#include <stddef.h>

#include <json-c/json.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/digest.h"
#include "host/image/document.h"
#include "host/image/findings.h"
#include "host/image/image_lint.h"
#include "host/image/store.h"

#define IMAGE_LINT_DOCUMENTS_MAX 1000 /* indexes, manifests, configs */
#define IMAGE_LINT_DOCUMENT_MAX	 (4 * 1024 * 1024) /* bytes of one */
#define IMAGE_LINT_LAYERS_MAX	 4096		   /* of one image */

/* An image that was met, known by its config. */
struct image_lint_met {
	struct digest config;
	bool in_index; /* met by index.json */
};

struct image_lint {
	const struct store *store;		/* borrowed, as all of these */
	const char *wanted;			/* NULL: every image */
	const struct image_lint_layers *layers; /* */
	const struct image_work *work;		/* */
	struct findings *findings;		/* */

	bool in_index;	  /* index.json is being read, not manifest.json */
	size_t documents; /* that were read so far */
	struct image_lint_met *met; /* owned */
	size_t met_count;
};

/* What an image says of one of its layers. */
struct image_lint_layer {
	const char *file;	/* what it is called in the store; NULL: bad */
	const char *media_type; /* NULL: nothing is said of it */
	bool has_digest;	/* size and digest are said */
	struct digest digest;	/* of the stored bytes */
	uint64_t size;		/* bytes, as stored */
};

/* "sha256:" and 64 digits. */
#define IMAGE_LINT_DIGEST_SIZE (sizeof("sha256:") + DIGEST_HEX_LENGTH)

/* Where a digest is the place of findings it is shown as far as this. */
#define IMAGE_LINT_DIGITS 12

/*
 * The document that the bytes are, an object or an array as `type` says, or
 * NULL, which is reported. The caller's to put back.
 */
struct json_object *image_lint_parse(struct image_lint *lint, const char *bytes,
				     size_t size, json_type type);

/* A field, or NULL if it is not there, or, which is reported under `rule`, of
 * another type. Borrowed. */
struct json_object *image_lint_field(struct image_lint *lint,
				     struct json_object *object,
				     const char *key, json_type type,
				     enum rule_number rule);
const char *image_lint_string(struct image_lint *lint,
			      struct json_object *object, const char *key,
			      enum rule_number rule);

/* manifest.json of a docker archive, and index.json of an OCI layout. */
int image_lint_docker(struct image_lint *lint, struct error *err);
int image_lint_oci(struct image_lint *lint, struct error *err);

/* Whether the name is the wanted one, if one is wanted. */
bool image_lint_is_wanted(const struct image_lint *lint, const char *name);

/*
 * One image: its config, and its layers, lowest first. `config` is as stored;
 * the place is for what concerns both.
 */
int image_lint_one(struct image_lint *lint, const char *config, size_t size,
		   const struct image_lint_layer *layers, size_t count,
		   struct error *err);

/* The document of a config. *diff_ids is the caller's to free: as many as
 * there are, "" where one is malformed; -1: it has none. */
int image_lint_config(struct image_lint *lint, const char *bytes, size_t size,
		      struct digest **diff_ids, ssize_t *count,
		      struct error *err);

/* The file of a layer, of the size and digest that are said. *found: it is
 * there; that it is not is reported. */
int image_lint_find(struct image_lint *lint,
		    const struct image_lint_layer *layer, struct stored *stored,
		    bool *found, struct error *err);

/* One layer: found, verified, shown. diff_id: NULL or "" if not known. */
int image_lint_layer_file(struct image_lint *lint,
			  const struct image_lint_layer *layer,
			  const struct digest *diff_id, bool show,
			  struct error *err);

#endif
