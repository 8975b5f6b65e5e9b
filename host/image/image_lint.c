/* SPDX-License-Identifier: MIT */
/* image_lint.c - see image_lint.h */
#include "host/image/image_lint_state.h"

#include <errno.h>
#include <string.h>

#include "host/image/docker_manifest.h"
#include "host/image/image.h"
#include "host/image/name.h"

#define LAYERS_DOCKER 125 /* what its overlay2 stacks */

static void image_lint_release(struct image_lint *lint)
{
	free(lint->met);
}

DEFINE_AUTO(image_lint, image_lint_release)

bool image_lint_is_wanted(const struct image_lint *lint, const char *name)
{
	return !lint->wanted || image_name_equal(name, lint->wanted);
}

/* The image's number, from 1, and whether it was met before; it has been now. */
static int meet(struct image_lint *lint, const struct digest *config,
		size_t *number, bool *again, struct error *err)
{
	struct image_lint_met *met = lint->met;
	size_t i = 0;

	while (i < lint->met_count && !digest_equal(&met[i].config, config))
		i++;
	*number = i + 1;
	*again = i < lint->met_count;
	if (*again) {
		met[i].in_index |= lint->in_index;
		return 0;
	}
	met = realloc(met, *number * sizeof(*met));
	if (!met)
		return error_errno(err, "remember an image");
	met[i] = (struct image_lint_met){ *config, lint->in_index };
	lint->met = met;
	lint->met_count = *number;
	return 0;
}

static void check_counts(struct image_lint *lint, size_t count,
			 ssize_t diff_ids)
{
	if (diff_ids >= 0 && (size_t)diff_ids != count)
		findings_add(lint->findings, RULE_LAYER_COUNT,
			     "it has %zu layers, and %zd diff_ids", count,
			     diff_ids);
	if (count > IMAGE_LAYERS_MAX)
		findings_add(lint->findings, RULE_LAYERS,
			     "it has %zu layers, more than the %d that an "
			     "overlay can stack",
			     count, IMAGE_LAYERS_MAX);
	else if (count > LAYERS_DOCKER)
		findings_add(lint->findings, RULE_LAYERS,
			     "it has %zu layers, more than the %d that Docker "
			     "stacks",
			     count, LAYERS_DOCKER);
}

/* Which skopeo refuses. */
static void check_files(struct image_lint *lint,
			const struct image_lint_layer *layers, size_t count,
			const struct digest *diff_ids)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (layers[i].file && layers[j].file &&
			    strcmp(layers[i].file, layers[j].file) == 0 &&
			    !digest_equal(&diff_ids[i], &diff_ids[j])) {
				findings_add(lint->findings, RULE_LAYER_FILE,
					     "layers %zu and %zu are both "
					     "'%.300s', with different "
					     "diff_ids",
					     j + 1, i + 1, layers[i].file);
				break;
			}
}

/* What is the same for all layers of an image. */
struct one {
	size_t number;
	bool again;		 /* its layers have been shown before */
	struct digest *diff_ids; /* owned */
	ssize_t known;		 /* of diff_ids; -1: it has none */
};

static int check_layers(struct image_lint *lint, const struct one *image,
			const struct image_lint_layer *layers, size_t count,
			struct error *err)
{
	if (!image->again)
		lint->layers->begin(lint->layers->context);
	for (size_t i = 0; i < count; i++) {
		bool known = image->known > 0 && i < (size_t)image->known;

		if (image->number > 1)
			findings_at(lint->findings, "image %zu layer %zu",
				    image->number, i + 1);
		else
			findings_at(lint->findings, "layer %zu", i + 1);
		if (image_lint_layer_file(lint, &layers[i],
					  known ? &image->diff_ids[i] : NULL,
					  !image->again, err) < 0)
			return error_prefix(err, "layer %zu", i + 1);
	}
	return 0;
}

static void ignore(void *context, const char *place, const struct rule *rule,
		   const char *what)
{
	(void)context;
	(void)place;
	(void)rule;
	(void)what;
}

/* A config that was read before is silent the second time. */
static int read_config(struct image_lint *lint, struct one *image,
		       const char *bytes, size_t size, struct error *err)
{
	struct findings silent = { .report = ignore };
	struct findings *findings = lint->findings;
	int status;

	if (image->again)
		lint->findings = &silent;
	status = image_lint_config(lint, bytes, size, &image->diff_ids,
				   &image->known, err);
	lint->findings = findings;
	return status;
}

static int check_image(struct image_lint *lint, struct one *image,
		       const char *bytes, size_t size,
		       const struct image_lint_layer *layers, size_t count,
		       struct error *err)
{
	if (read_config(lint, image, bytes, size, err) < 0)
		return -1;
	check_counts(lint, count, image->known);
	if (image->known >= 0 && (size_t)image->known == count)
		check_files(lint, layers, count, image->diff_ids);
	return check_layers(lint, image, layers, count, err);
}

int image_lint_one(struct image_lint *lint, const char *bytes, size_t size,
		   const struct image_lint_layer *layers, size_t count,
		   struct error *err)
{
	struct one image = { 0 };
	struct digest id;
	int status;

	if (digest_of(&id, bytes, size, err) < 0 ||
	    meet(lint, &id, &image.number, &image.again, err) < 0)
		return -1;
	if (count > IMAGE_LINT_LAYERS_MAX) {
		findings_add(lint->findings, RULE_LIMIT,
			     "it has %zu layers, which are not looked at",
			     count);
		return 0;
	}
	findings_at(lint->findings, "config %.*s", IMAGE_LINT_DIGITS, id.hex);
	status = check_image(lint, &image, bytes, size, layers, count, err);
	free(image.diff_ids);
	return status;
}

/* Those that Docker would load must be those that containerd would. */
static void check_agreement(struct image_lint *lint, size_t of_manifest)
{
	findings_at(lint->findings, "%s", DOCKER_MANIFEST_NAME);
	for (size_t i = 0; i < of_manifest; i++)
		if (!lint->met[i].in_index)
			findings_add(lint->findings, RULE_AGREEMENT,
				     "index.json does not lead to the image "
				     "%.*s",
				     IMAGE_LINT_DIGITS,
				     lint->met[i].config.hex);
}

int image_lint(const struct store *store, const char *wanted,
	       const struct image_lint_layers *layers,
	       const struct image_work *work, struct findings *findings,
	       struct error *err)
{
	AUTO(image_lint)
	lint = { .store = store,
		 .wanted = wanted,
		 .layers = layers,
		 .work = work,
		 .findings = findings };
	bool is_docker = store_has(store, DOCKER_MANIFEST_NAME) && !store->dir;
	bool is_oci = store_has(store, "index.json") ||
		      store_has(store, "oci-layout");
	size_t of_manifest;

	if (!is_docker && !is_oci)
		return error_set(err, EINVAL,
				 "has neither manifest.json nor index.json");
	if (is_docker && image_lint_docker(&lint, err) < 0)
		return -1;
	of_manifest = lint.met_count;
	if (is_oci && image_lint_oci(&lint, err) < 0)
		return -1;
	if (is_docker && is_oci)
		check_agreement(&lint, of_manifest);
	findings_end(findings);
	if (wanted && lint.met_count == 0 && findings->errors == 0)
		return error_set(err, ENOENT, "has no image '%s'", wanted);
	return 0;
}
