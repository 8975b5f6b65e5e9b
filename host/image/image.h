/* SPDX-License-Identifier: MIT */
/* image.h - a container image that is read, whatever form it came in */
#ifndef HOST_IMAGE_IMAGE_H
#define HOST_IMAGE_IMAGE_H

#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"
#include "host/image/annotations.h"
#include "host/image/config.h"
#include "host/image/layer.h"
#include "host/image/reference.h"
#include "host/image/source.h"
#include "host/image/work.h"

/* OVL_MAX_STACK: what the kernel's overlay can stack. */
#define IMAGE_LAYERS_MAX 500

/*
 * The readers of the forms (docker_archive.h) fill it in; nothing else knows
 * where it came from.
 */
struct image {
	enum reference_form form; /* what it was recognised as */
	char *path;		  /* owned; as the user wrote it */
	char *name;		  /* owned; "busybox:1"; NULL: it has none */

	/* Of OCI forms; a docker archive has no manifest of this kind. */
	struct digest manifest; /* "" where there is none */
	char *manifest_bytes;	/* owned; if it is OCI's own, else NULL */
	size_t manifest_size;	/* bytes */
	struct annotations annotations;

	struct image_config config; /* with its bytes as they came */

	/*
	 * Lowest first, each diffID once: what the image lists twice is found
	 * by its diffID, of which config.diff_ids has all.
	 */
	struct image_layer *layers; /* owned */
	size_t layer_count;
	struct source *sources; /* owned; the files that the layers lie in */
	size_t source_count;
};

/*
 * Open the image that the reference names, choose it, and read its config.
 * Layers are found but not read: image_prepare_layer() does.
 *
 * Every message begins with "image 'PATH'" or "open image 'PATH'". ENOTSUP is
 * for forms that are not read, and for images for other machines; ENOENT for
 * what is missing; EINVAL, EFBIG, E2BIG, EBADMSG for what is no sound image.
 * On failure *image is untouched.
 */
int image_open(struct image *image, const struct reference *reference,
	       const struct image_work *work, struct error *err);

/* image_layer_prepare() for layers[index], with the image in the message. */
int image_prepare_layer(struct image *image, size_t index,
			const struct image_work *work, struct error *err);

/*
 * Fails with ESTALE if a file that layers lie in is no longer as it was when
 * it was opened. To be asked when all that reads the layers has ended.
 */
int image_unchanged(const struct image *image, struct error *err);

/*
 * For the readers of forms: make the list of layers from the config and from
 * the names of the layers, lowest first. Of layers with the same diffID the
 * topmost stays: an overlay cannot have one twice, and what the lower one does
 * is done again by the upper one. EINVAL if config and names differ in number,
 * E2BIG beyond IMAGE_LAYERS_MAX.
 */
int image_list_layers(struct image *image, const struct string_list *names,
		      struct error *err);

/* For them too: tell the user that the first of `count` images was taken. */
void image_warn_of_choice(const struct image *image, size_t count,
			  const struct image_work *work);

void image_release(struct image *image);

DEFINE_AUTO(image, image_release)

#endif
