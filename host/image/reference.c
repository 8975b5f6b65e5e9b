/* SPDX-License-Identifier: MIT */
/* reference.c - see reference.h */
#include "host/image/reference.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const struct {
	const char *prefix;
	enum reference_form form;
} forms[] = {
	{ "docker-archive:", REFERENCE_DOCKER_ARCHIVE },
	{ "oci-archive:", REFERENCE_OCI_ARCHIVE },
	{ "oci:", REFERENCE_OCI },
	{ "rootfs-tar:", REFERENCE_ROOTFS_TAR },
};

static bool exists(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0;
}

/* Cut text where the path ends; returns the REF or NULL. */
static char *cut_name(char *text)
{
	char *first = strchr(text, ':');

	if (!first || exists(text))
		return NULL;

	for (char *colon = first; colon; colon = strchr(colon + 1, ':')) {
		*colon = '\0';
		if (exists(text))
			return colon + 1;
		*colon = ':';
	}
	*first = '\0';
	return first + 1;
}

/* Returns what follows the form's prefix: all of text for a bare path. */
static const char *take_form(const char *text, enum reference_form *form)
{
	*form = REFERENCE_PATH;
	if (exists(text))
		return text;

	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		size_t length = strlen(forms[i].prefix);

		if (strncmp(text, forms[i].prefix, length) == 0) {
			*form = forms[i].form;
			return text + length;
		}
	}
	return text;
}

int reference_parse(struct reference *reference, const char *text,
		    struct error *err)
{
	AUTO(reference) new = { 0 };
	const char *name = NULL;

	new.path = strdup(take_form(text, &new.form));
	if (!new.path)
		return error_errno(err, "read reference '%s'", text);
	if (new.form != REFERENCE_PATH &&new.form != REFERENCE_ROOTFS_TAR)
		name = cut_name(new.path);

	if (!*new.path)
		return error_set(err, EINVAL,
				 "read reference '%s': the path is empty",
				 text);
	if (name && !*name)
		return error_set(err, EINVAL,
				 "read reference '%s': nothing follows the "
				 "last ':'",
				 text);
	if (name) {
		new.name = strdup(name);
		if (!new.name)
			return error_errno(err, "read reference '%s'", text);
	}

	*reference = new;
	new = (struct reference){ 0 };
	return 0;
}

int reference_select(struct reference *reference, const char *name,
		     const char *tag, struct error *err)
{
	if (!name && !tag)
		return 0;
	if (!tag || !*tag)
		return error_set(err, EINVAL,
				 "image name '%s' is given without a tag",
				 name ? name : "");
	if (!name || !*name)
		return error_set(err, EINVAL,
				 "image tag '%s' is given without a name", tag);
	if (reference->name)
		return error_set(err, EINVAL,
				 "image name '%s' and tag '%s' are given, but "
				 "the reference says '%s'",
				 name, tag, reference->name);

	if (asprintf(&reference->name, "%s:%s", name, tag) < 0) {
		reference->name = NULL;
		return error_errno(err, "select image '%s'", name);
	}
	return 0;
}

void reference_release(struct reference *reference)
{
	free(reference->path);
	free(reference->name);
	*reference = (struct reference){ 0 };
}
