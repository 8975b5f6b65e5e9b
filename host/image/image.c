/* SPDX-License-Identifier: MIT */
/* image.c - see image.h */
#include "host/image/image.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "host/image/docker_archive.h"
#include "host/image/tarfile.h"

/* More are not even compared with each other. */
#define LISTED_MAX 4096

static int say_no_manifest(const struct tarfile *file, struct error *err)
{
	if (tarfile_has(file, "index.json") || tarfile_has(file, "oci-layout"))
		return error_set(err, ENOTSUP,
				 "is an OCI archive, which is not read yet");
	if (tarfile_has(file, "repositories"))
		return error_set(err, EINVAL,
				 "contains no manifest.json (archives of "
				 "Docker before 1.10 are not read; load and "
				 "save it with a newer one)");
	return error_set(err, EINVAL, "contains no manifest.json%s",
			 file->is_cut ? " (it is cut off)" : "");
}

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int check_form(const struct reference *reference, struct error *err)
{
	bool is_layout = reference->form == REFERENCE_OCI ||
			 (reference->form == REFERENCE_PATH &&
			  is_directory(reference->path));

	if (is_layout)
		return error_set(err, ENOTSUP,
				 "image '%s': is a directory; OCI layouts are "
				 "not read yet",
				 reference->path);
	if (reference->form == REFERENCE_OCI_ARCHIVE)
		return error_set(err, ENOTSUP,
				 "image '%s': OCI archives are not read yet",
				 reference->path);
	return 0;
}

int image_open(struct image *image, const struct reference *reference,
	       const struct image_work *work, struct error *err)
{
	AUTO(tarfile) file = { 0 };
	AUTO(image) new = { 0 };
	const char *path = reference->path;

	if (check_form(reference, err) < 0 ||
	    tarfile_open(&file, path, work, err) < 0)
		return -1;

	new.path = strdup(path);
	if (!new.path)
		return error_errno(err, "open image '%s'", path);
	if (!tarfile_has(&file, DOCKER_MANIFEST_NAME)) {
		say_no_manifest(&file, err);
		return error_prefix(err, "image '%s'", path);
	}
	if (docker_archive_load(&new, &file, reference->name, work, err) < 0)
		return error_prefix(err, "image '%s'", path);

	*image = new;
	new = (struct image){ 0 };
	return 0;
}

int image_prepare_layer(struct image *image, size_t index,
			const struct image_work *work, struct error *err)
{
	if (image_layer_prepare(&image->layers[index], work, err) < 0)
		return error_prefix(err, "image '%s'", image->path);
	return 0;
}

int image_unchanged(const struct image *image, struct error *err)
{
	for (size_t i = 0; i < image->source_count; i++)
		if (!source_is_unchanged(&image->sources[i]))
			return error_set(err, ESTALE,
					 "image '%s' changed while it was read",
					 image->path);
	return 0;
}

static bool is_repeated_above(const struct image_config *config, size_t i)
{
	for (size_t j = i + 1; j < config->diff_id_count; j++)
		if (digest_equal(&config->diff_ids[i], &config->diff_ids[j]))
			return true;
	return false;
}

static int check_count(const struct image_config *config, size_t count,
		       struct error *err)
{
	if (count != config->diff_id_count)
		return error_set(err, EINVAL,
				 "has %zu layers but its config has %zu "
				 "diff_ids",
				 count, config->diff_id_count);
	if (count > LISTED_MAX)
		return error_set(err, E2BIG, "has %zu layers, more than %d",
				 count, LISTED_MAX);
	return 0;
}

int image_list_layers(struct image *image, const struct string_list *names,
		      struct error *err)
{
	const struct image_config *config = &image->config;

	if (check_count(config, names->count, err) < 0)
		return -1;
	image->layers = calloc(names->count + 1, sizeof(*image->layers));
	if (!image->layers)
		return error_errno(err, "list the layers");

	for (size_t i = 0; i < names->count; i++) {
		struct image_layer *layer = &image->layers[image->layer_count];

		if (is_repeated_above(config, i))
			continue;
		image->layer_count++;
		layer->number = image->layer_count;
		layer->place = i;
		layer->diff_id = config->diff_ids[i];
		layer->name = strdup(names->item[i]);
		if (!layer->name)
			return error_errno(err, "list the layers");
	}
	if (image->layer_count > IMAGE_LAYERS_MAX)
		return error_set(err, E2BIG,
				 "has %zu layers, more than the %d that an "
				 "overlay can stack",
				 image->layer_count, IMAGE_LAYERS_MAX);
	return 0;
}

void image_release(struct image *image)
{
	free(image->path);
	free(image->name);
	annotations_release(&image->annotations);
	image_config_release(&image->config);
	for (size_t i = 0; i < image->layer_count; i++)
		image_layer_release(&image->layers[i]);
	free(image->layers);
	for (size_t i = 0; i < image->source_count; i++)
		source_release(&image->sources[i]);
	free(image->sources);
	*image = (struct image){ 0 };
}
