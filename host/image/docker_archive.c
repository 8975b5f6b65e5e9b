/* SPDX-License-Identifier: MIT */
/* docker_archive.c - see docker_archive.h */
#include "host/image/docker_archive.h"

#include <errno.h>
#include <string.h>

#include "host/image/docker_agreement.h"
#include "host/image/name.h"

static int read_manifest(struct docker_manifest *manifest,
			 const struct tarfile *file, struct error *err)
{
	autofree char *bytes = NULL;
	size_t size;

	if (tarfile_read(file, DOCKER_MANIFEST_NAME, DOCKER_MANIFEST_MAX,
			 &bytes, &size, err) < 0)
		return -1;
	if (docker_manifest_parse(manifest, bytes, size, err) < 0)
		return error_prefix(err, DOCKER_MANIFEST_NAME);
	return 0;
}

static int read_config(struct image *image, const struct docker_image *chosen,
		       const struct tarfile *file, struct error *err)
{
	struct digest id;
	char *bytes;
	size_t size;

	if (tarfile_read(file, chosen->config, IMAGE_CONFIG_MAX, &bytes, &size,
			 err) < 0)
		return error_prefix(err, "config");
	if (image_config_parse(&image->config, bytes, size, err) < 0)
		return error_prefix(err, "config '%s'", chosen->config);
	if (docker_image_id(chosen, &id) &&
	    !digest_equal(&id, &image->config.digest))
		return error_set(err, EBADMSG,
				 "config '%s': content is sha256:%s",
				 chosen->config, image->config.digest.hex);
	return 0;
}

static int place_layers(struct image *image, const struct docker_image *chosen,
			const struct tarfile *file, struct error *err)
{
	if (image_list_layers(image, &chosen->layers, err) < 0)
		return -1;
	for (size_t i = 0; i < image->layer_count; i++) {
		struct image_layer *layer = &image->layers[i];
		const struct member *member;

		if (tarfile_find(file, layer->name, &member, err) < 0)
			return error_prefix(err, "layer %zu", layer->number);
		if (image_layer_place(layer, &image->sources[0], member->offset,
				      member->size, err) < 0)
			return -1;
	}
	return 0;
}

/* The image's one source; its address must last, so it is allocated. */
static int lend_source(struct image *image, struct tarfile *file,
		       struct error *err)
{
	image->sources = calloc(1, sizeof(*image->sources));
	if (!image->sources)
		return error_errno(err, "keep the archive open");
	image->sources[0] = file->source;
	return 0;
}

/* The tag that was asked for, or the first one. */
static int set_name(struct image *image, const struct docker_image *chosen,
		    const char *wanted, struct error *err)
{
	const char *name = NULL;

	for (size_t i = 0; i < chosen->tags.count && !name; i++)
		if (wanted && image_name_equal(chosen->tags.item[i], wanted))
			name = chosen->tags.item[i];
	if (!name && chosen->tags.count > 0)
		name = chosen->tags.item[0];
	if (!name)
		return 0;
	image->name = strdup(name);
	return image->name ? 0 : error_errno(err, "copy the name");
}

int docker_archive_load(struct image *image, struct tarfile *file,
			const char *wanted, const struct image_work *work,
			struct error *err)
{
	AUTO(docker_manifest) manifest = { 0 };
	const struct docker_image *chosen;
	struct choice choice;

	if (choice_make(&choice, wanted, err) < 0 ||
	    read_manifest(&manifest, file, err) < 0 ||
	    docker_manifest_choose(&manifest, &choice, &chosen, err) < 0 ||
	    read_config(image, chosen, file, err) < 0 ||
	    docker_agreement_check(chosen, &image->config.digest, file, work,
				   err) < 0 ||
	    set_name(image, chosen, wanted, err) < 0 ||
	    lend_source(image, file, err) < 0 ||
	    place_layers(image, chosen, file, err) < 0)
		return -1;

	image->form = REFERENCE_DOCKER_ARCHIVE;
	image->source_count = 1;
	file->source = (struct source){ 0 };
	if (!wanted && manifest.count > 1)
		image_warn_of_choice(image, manifest.count, work);
	return 0;
}
