/* SPDX-License-Identifier: MIT */
/* oci_image.c - see oci_image.h */
#include "host/image/oci_image.h"

#include <errno.h>
#include <string.h>

#include "host/image/media_type.h"
#include "host/image/oci_choose.h"
#include "host/image/oci_index.h"
#include "host/image/oci_layout.h"
#include "host/image/oci_manifest.h"

static int read_index(struct oci_layout *layout, struct descriptors *index,
		      struct error *err)
{
	autofree char *bytes = NULL;
	size_t size;

	if (oci_layout_check(layout, err) < 0 ||
	    oci_layout_read_index(layout, &bytes, &size, err) < 0)
		return -1;
	if (oci_index_parse(index, bytes, size, NULL, err) < 0)
		return error_prefix(err, OCI_INDEX_NAME);
	return 0;
}

/* The name that was asked for, or the first one. */
static int set_name(struct image *image, const struct descriptor *entry,
		    const struct choice *choice, struct error *err)
{
	const char *name = NULL;

	if (choice->kind == CHOICE_NAME)
		name = oci_index_named(entry, choice->text);
	if (!name)
		name = oci_index_name(entry, 0);
	if (!name)
		return 0;
	image->name = strdup(name);
	return image->name ? 0 : error_errno(err, "copy the name");
}

static int read_manifest(struct oci_manifest *manifest, struct image *image,
			 struct oci_layout *layout,
			 const struct descriptor *descriptor, struct error *err)
{
	autofree char *bytes = NULL;

	if (oci_layout_read(layout, descriptor, &bytes, err) < 0)
		return error_prefix(err, "manifest");
	if (oci_manifest_parse(manifest, bytes, descriptor->size,
			       descriptor->media_type, err) < 0)
		return error_prefix(err, "manifest 'sha256:%s'",
				    descriptor->digest.hex);
	image->manifest = descriptor->digest;
	if (strcmp(descriptor->media_type, MEDIA_OCI_MANIFEST) == 0) {
		image->manifest_bytes = take_pointer(&bytes);
		image->manifest_size = descriptor->size;
	}
	image->annotations = manifest->annotations;
	manifest->annotations = (struct annotations){ 0 };
	return 0;
}

static int read_config(struct image *image, struct oci_layout *layout,
		       const struct descriptor *descriptor, struct error *err)
{
	char *bytes;

	if (oci_layout_read(layout, descriptor, &bytes, err) < 0)
		return error_prefix(err, "config");
	if (image_config_parse(&image->config, bytes, descriptor->size, err) <
	    0)
		return error_prefix(err, "config 'sha256:%s'",
				    descriptor->digest.hex);
	return 0;
}

static int list_layers(struct image *image, const struct descriptors *layers,
		       struct error *err)
{
	AUTO(string_list) names = { 0 };

	if (string_list_make(&names, layers->count, err) < 0)
		return -1;
	for (size_t i = 0; i < layers->count; i++) {
		names.item[i] = malloc(OCI_BLOB_NAME_SIZE);
		if (!names.item[i])
			return error_errno(err, "list the layers");
		oci_layout_blob_name(&layers->item[i].digest, names.item[i]);
	}
	return image_list_layers(image, &names, err);
}

static int place_layer(struct image *image, size_t number,
		       const struct oci_layout *layout,
		       const struct descriptor *descriptor, struct error *err)
{
	struct image_layer *layer = &image->layers[number];
	struct source *source = &image->sources[layout->dir ? number : 0];
	uint64_t offset;

	/* One that was opened is the image's, whatever comes next. */
	if (layout->dir)
		image->source_count = number + 1;
	if (oci_layout_find(layout, descriptor, source, &offset, err) < 0)
		return error_prefix(err, "layer %zu", layer->number);
	layer->stored = descriptor->digest;
	layer->media_type = strdup(descriptor->media_type);
	if (!layer->media_type)
		return error_errno(err, "layer %zu", layer->number);
	return image_layer_place(layer, source, offset, descriptor->size, err);
}

/* Their addresses must last. */
static int make_sources(struct image *image, const struct oci_layout *layout,
			struct error *err)
{
	image->sources =
		calloc(image->layer_count + 1, sizeof(*image->sources));
	if (!image->sources)
		return error_errno(err, "keep the layers open");
	if (!layout->dir)
		image->sources[0] = layout->file->source;
	return 0;
}

static int read_image(struct image *image, struct oci_layout *layout,
		      const struct descriptor *entry, struct error *err)
{
	AUTO(descriptor) descriptor = { 0 };
	AUTO(oci_manifest) manifest = { 0 };

	if (oci_resolve(layout, entry, &descriptor, err) < 0 ||
	    read_manifest(&manifest, image, layout, &descriptor, err) < 0 ||
	    read_config(image, layout, &manifest.config, err) < 0 ||
	    list_layers(image, &manifest.layers, err) < 0 ||
	    make_sources(image, layout, err) < 0)
		return -1;
	for (size_t i = 0; i < image->layer_count; i++) {
		size_t place = image->layers[i].place;

		if (place_layer(image, i, layout, &manifest.layers.item[place],
				err) < 0)
			return -1;
	}
	return 0;
}

static int load(struct image *image, struct oci_layout *layout,
		const char *wanted, const struct image_work *work,
		struct error *err)
{
	AUTO(descriptors) index = { 0 };
	const struct descriptor *entry;
	struct choice choice;

	if (choice_make(&choice, wanted, err) < 0 ||
	    read_index(layout, &index, err) < 0 ||
	    oci_choose(layout, &index, &choice, &entry, err) < 0 ||
	    set_name(image, entry, &choice, err) < 0 ||
	    read_image(image, layout, entry, err) < 0)
		return -1;
	if (choice.kind == CHOICE_FIRST && oci_count(&index) > 1)
		image_warn_of_choice(image, oci_count(&index), work);
	return 0;
}

int oci_directory_load(struct image *image, const char *dir, const char *wanted,
		       const struct image_work *work, struct error *err)
{
	struct oci_layout layout = { .dir = dir };

	if (load(image, &layout, wanted, work, err) < 0)
		return -1;
	image->form = REFERENCE_OCI;
	return 0;
}

int oci_archive_load(struct image *image, struct tarfile *file,
		     const char *wanted, const struct image_work *work,
		     struct error *err)
{
	struct oci_layout layout = { .file = file };

	if (load(image, &layout, wanted, work, err) < 0)
		return -1;
	image->form = REFERENCE_OCI_ARCHIVE;
	image->source_count = 1;
	file->source = (struct source){ 0 };
	return 0;
}
