/* SPDX-License-Identifier: MIT */
/* docker_agreement.c - see docker_agreement.h */
#include "host/image/docker_agreement.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "host/image/oci_choose.h"
#include "host/image/oci_index.h"
#include "host/image/oci_layout.h"
#include "host/image/oci_manifest.h"

struct agreement {
	const struct docker_image *image;
	const struct digest *config;
	const struct image_work *work;
	struct oci_layout layout;

	bool confirmed;		 /* a manifest of the index is this image's */
	const char *contested;	 /* a name that leads to another; NULL: none */
	struct digest contender; /* its config */
};

/* The manifest that an entry leads to on this machine, if it can be read. */
static bool follow(struct agreement *agreement, const struct descriptor *entry,
		   struct oci_manifest *manifest)
{
	AUTO(descriptor) at = { 0 };
	autofree char *bytes = NULL;
	struct error ignored;

	return oci_resolve(&agreement->layout, entry, &at, &ignored) == 0 &&
	       oci_layout_read(&agreement->layout, &at, &bytes, &ignored) ==
		       0 &&
	       oci_manifest_parse(manifest, bytes, at.size, at.media_type,
				  &ignored) == 0;
}

static int compare_layer(const char *name, const struct digest *digest,
			 size_t number, struct error *err)
{
	char blob[OCI_BLOB_NAME_SIZE];

	if (strncmp(name, "./", 2) == 0)
		name += 2;
	oci_layout_blob_name(digest, blob);
	if (strcmp(name, blob) == 0)
		return 0;
	return error_set(err, EBADMSG,
			 "layer %zu is '%.300s' in " DOCKER_MANIFEST_NAME
			 ", '%s' by " OCI_INDEX_NAME,
			 number, name, blob);
}

static void warn_of_no_layers(const struct agreement *agreement)
{
	if (agreement->work->warn)
		agreement->work->warn(agreement->work->context,
				      "the OCI manifest in the archive lists "
				      "no layers (Docker 25.0.0 wrote such): "
				      "taking those of " DOCKER_MANIFEST_NAME);
}

static int compare_layers(const struct agreement *agreement,
			  const struct oci_manifest *manifest,
			  struct error *err)
{
	const struct string_list *names = &agreement->image->layers;

	if (manifest->layers.count == 0 && names->count > 0) {
		warn_of_no_layers(agreement);
		return 0;
	}
	if (manifest->layers.count != names->count)
		return error_set(err, EBADMSG,
				 "has %zu layers in " DOCKER_MANIFEST_NAME
				 ", %zu by " OCI_INDEX_NAME,
				 names->count, manifest->layers.count);
	for (size_t i = 0; i < names->count; i++)
		if (compare_layer(names->item[i],
				  &manifest->layers.item[i].digest, i + 1,
				  err) < 0)
			return -1;
	return 0;
}

/* Which of the image's names the entry has; NULL: none. */
static const char *shared_name(const struct agreement *agreement,
			       const struct descriptor *entry)
{
	const struct string_list *tags = &agreement->image->tags;

	for (size_t i = 0; i < tags->count; i++)
		if (oci_index_named(entry, tags->item[i]))
			return tags->item[i];
	return NULL;
}

static int check_entry(struct agreement *agreement,
		       const struct descriptor *entry, struct error *err)
{
	AUTO(oci_manifest) manifest = { 0 };
	const char *name = shared_name(agreement, entry);

	if (!follow(agreement, entry, &manifest))
		return 0;
	if (digest_equal(&manifest.config.digest, agreement->config)) {
		agreement->confirmed = true;
		return compare_layers(agreement, &manifest, err);
	}
	if (name) {
		agreement->contested = name;
		agreement->contender = manifest.config.digest;
	}
	return 0;
}

static int check_entries(struct agreement *agreement,
			 const struct descriptors *index, struct error *err)
{
	for (size_t i = 0; i < index->count; i++)
		if (check_entry(agreement, &index->item[i], err) < 0)
			return -1;
	if (agreement->confirmed || !agreement->contested)
		return 0;
	return error_set(
		err, EBADMSG,
		"'%.300s' has config sha256:%s in " DOCKER_MANIFEST_NAME
		", sha256:%s by " OCI_INDEX_NAME,
		agreement->contested, agreement->config->hex,
		agreement->contender.hex);
}

int docker_agreement_check(const struct docker_image *image,
			   const struct digest *config,
			   const struct tarfile *file,
			   const struct image_work *work, struct error *err)
{
	struct agreement agreement = {
		.image = image,
		.config = config,
		.work = work,
		.layout.file = file,
	};
	AUTO(descriptors) index = { 0 };
	autofree char *bytes = NULL;
	struct error ignored;
	size_t size;

	if (!tarfile_has(file, OCI_INDEX_NAME) ||
	    oci_layout_read_index(&agreement.layout, &bytes, &size, &ignored) <
		    0 ||
	    oci_index_parse(&index, bytes, size, NULL, &ignored) < 0)
		return 0;
	return check_entries(&agreement, &index, err);
}
