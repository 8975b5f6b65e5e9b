/* SPDX-License-Identifier: MIT */
/* target.c - see target.h */
#include "host/image/target.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "host/image/name.h"

static const char *const forms[] = {
	[TARGET_DOCKER_ARCHIVE] = "docker-archive:",
	[TARGET_OCI_ARCHIVE] = "oci-archive:",
	[TARGET_OCI] = "oci:",
	[TARGET_NIX] = "nix:",
};

static int find_form(const char *text)
{
	for (size_t i = 0; i < COUNT_OF(forms); i++)
		if (strncmp(text, forms[i], strlen(forms[i])) == 0)
			return (int)i;
	return -1;
}

static int say_memory(struct error *err)
{
	return error_set(err, ENOMEM, "out of memory");
}

/* Letters and digits, with separators between them; slashes between those. */
static bool is_ref(const char *ref)
{
	bool was_separator = true;

	for (; *ref; ref++) {
		if (isalnum((unsigned char)*ref)) {
			was_separator = false;
			continue;
		}
		if (!strchr("-._:@+/", *ref) || was_separator)
			return false;
		was_separator = ref[0] != '-' || ref[1] != '-';
	}
	return !was_separator;
}

/* "busybox" is "busybox:latest" to everybody. */
static int set_docker_name(struct target *target, const char *text,
			   struct error *err)
{
	const char *slash = strrchr(text, '/');
	bool has_tag = strchr(slash ? slash : text, ':') != NULL;

	target->name = image_name_normalise(text);
	if (!target->name && errno == ENOMEM)
		return say_memory(err);
	if (!target->name || strchr(text, '@'))
		return error_set(err, EINVAL,
				 "'%s' is not NAME:TAG, a name for an image",
				 text);
	if (asprintf(&target->ref, "%s%s", text, has_tag ? "" : ":latest") <
	    0) {
		target->ref = NULL;
		return say_memory(err);
	}
	return 0;
}

static int set_ref(struct target *target, const char *text, struct error *err)
{
	if (!*text)
		return error_set(err, EINVAL, "its name is empty");
	if (target->form == TARGET_DOCKER_ARCHIVE)
		return set_docker_name(target, text, err);
	if (!is_ref(text))
		return error_set(err, EINVAL,
				 "'%s' is not a name in an OCI layout", text);
	target->ref = strdup(text);
	return target->ref ? 0 : say_memory(err);
}

static int parse(struct target *target, const char *text, struct error *err)
{
	int form = find_form(text);
	size_t length;

	if (form < 0)
		return error_set(err, EINVAL,
				 "is none of docker-archive:PATH[:NAME:TAG], "
				 "oci-archive:PATH[:REF], oci:DIR[:REF], "
				 "nix:DIR");
	target->form = (enum target_form)form;
	text += strlen(forms[form]);
	length = form == TARGET_NIX ? strlen(text) : strcspn(text, ":");
	if (length == 0)
		return error_set(err, EINVAL, "its path is empty");
	target->path = strndup(text, length);
	if (!target->path)
		return say_memory(err);
	return text[length] ? set_ref(target, text + length + 1, err) : 0;
}

int target_parse(struct target *target, const char *text, struct error *err)
{
	AUTO(target) made = { 0 };

	if (parse(&made, text, err) < 0)
		return error_prefix(err, "'%s'", text);
	*target = made;
	made = (struct target){ 0 };
	return 0;
}

bool target_has_form(const char *text)
{
	return find_form(text) >= 0;
}

bool target_is_file(const struct target *target)
{
	return target->form == TARGET_DOCKER_ARCHIVE ||
	       target->form == TARGET_OCI_ARCHIVE;
}

void target_release(struct target *target)
{
	free(target->path);
	free(target->ref);
	free(target->name);
	*target = (struct target){ 0 };
}
