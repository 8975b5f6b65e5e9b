/* SPDX-License-Identifier: MIT */
/* image.c - see image.h */
#include "host/image/image.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "host/image/docker_archive.h"
#include "host/image/oci_image.h"
#include "host/image/oci_layout.h"
#include "host/image/rootfs_tar.h"
#include "host/image/tarfile.h"

/* More are not even compared with each other. */
#define LISTED_MAX 4096

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int say_no_layout(const char *path, struct error *err)
{
	autofree char *version = NULL;

	if (asprintf(&version, "%s/version", path) < 0)
		version = NULL;
	if (version && access(version, F_OK) == 0)
		return error_set(err, ENOTSUP,
				 "is a directory of the form 'dir', which is "
				 "not read (skopeo copy dir:DIR oci:OTHER "
				 "makes one that is)");
	return error_set(err, EINVAL,
			 "is a directory without the file " OCI_LAYOUT_NAME);
}

static int load_directory(struct image *image,
			  const struct reference *reference,
			  const struct image_work *work, struct error *err)
{
	if (!oci_layout_is_at(reference->path))
		return say_no_layout(reference->path, err);
	return oci_directory_load(image, reference->path, reference->name, work,
				  err);
}

static int say_no_manifest(const struct tarfile *file, struct error *err)
{
	if (tarfile_has(file, OCI_INDEX_NAME))
		return error_set(err, EINVAL,
				 "contains no manifest.json: it is an OCI "
				 "archive (oci-archive:PATH)");
	if (tarfile_has(file, "repositories"))
		return error_set(err, EINVAL,
				 "contains no manifest.json (archives of "
				 "Docker before 1.10 are not read; load and "
				 "save it with a newer one)");
	return error_set(err, EINVAL, "contains no manifest.json%s",
			 file->is_cut ? " (it is cut off)" : "");
}

static bool is_oci(const struct tarfile *file, enum reference_form form)
{
	if (form != REFERENCE_PATH)
		return form == REFERENCE_OCI_ARCHIVE;
	return !tarfile_has(file, DOCKER_MANIFEST_NAME) &&
	       (tarfile_has(file, OCI_LAYOUT_NAME) ||
		tarfile_has(file, OCI_INDEX_NAME));
}

static int load_archive(struct image *image, const struct reference *reference,
			struct tarfile *file, const struct image_work *work,
			struct error *err)
{
	if (is_oci(file, reference->form))
		return oci_archive_load(image, file, reference->name, work,
					err);
	if (!tarfile_has(file, DOCKER_MANIFEST_NAME))
		return say_no_manifest(file, err);
	return docker_archive_load(image, file, reference->name, work, err);
}

static int say_no_directory(const char *path, struct error *err)
{
	if (access(path, F_OK) < 0)
		return error_errno(err, "open image '%s'", path);
	return error_set(err, ENOTDIR,
			 "image '%s': is not a directory (oci-archive:PATH "
			 "reads an archive)",
			 path);
}

static bool may_be_directory(enum reference_form form)
{
	return form == REFERENCE_PATH || form == REFERENCE_OCI;
}

/* Reads what lies at the path in the form that was asked for. */
static int load(struct image *image, const struct reference *reference,
		const struct image_work *work, struct error *err)
{
	const char *path = reference->path;
	AUTO(tarfile) file = { 0 };
	int status;

	if (reference->form == REFERENCE_ROOTFS_TAR) {
		status = rootfs_tar_load(image, reference->name, work, err);
	} else if (may_be_directory(reference->form) && is_directory(path)) {
		status = load_directory(image, reference, work, err);
	} else if (reference->form == REFERENCE_OCI) {
		return say_no_directory(path, err);
	} else {
		if (tarfile_open(&file, path, work, err) < 0)
			return -1;
		status = load_archive(image, reference, &file, work, err);
	}
	return status < 0 ? error_prefix(err, "image '%s'", path) : 0;
}

int image_open(struct image *image, const struct reference *reference,
	       const struct image_work *work, struct error *err)
{
	AUTO(image) new = { 0 };

	new.path = strdup(reference->path);
	if (!new.path)
		return error_errno(err, "open image '%s'", reference->path);
	if (load(&new, reference, work, err) < 0)
		return -1;

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

void image_warn_of_choice(const struct image *image, size_t count,
			  const struct image_work *work)
{
	struct error text;

	if (!work->warn)
		return;
	error_set(&text, 0,
		  "image '%s' holds %zu images and none was named: "
		  "taking the first, '%s'",
		  image->path, count,
		  image->name ? image->name : image->config.digest.hex);
	work->warn(work->context, text.msg);
}

void image_release(struct image *image)
{
	free(image->path);
	free(image->name);
	annotations_release(&image->annotations);
	free(image->manifest_bytes);
	image_config_release(&image->config);
	for (size_t i = 0; i < image->layer_count; i++)
		image_layer_release(&image->layers[i]);
	free(image->layers);
	for (size_t i = 0; i < image->source_count; i++)
		source_release(&image->sources[i]);
	free(image->sources);
	*image = (struct image){ 0 };
}
