/* SPDX-License-Identifier: MIT */
/* platform.c - see platform.h */
#include "host/image/platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/image/config.h"
#include "host/image/document.h"

/* What an image that names no variant is for (containerd, platforms). */
#if defined(__aarch64__)
#define BASE_VARIANT 8
#else
#define BASE_VARIANT 1
#endif

int platform_read(struct platform *platform, struct json_object *object,
		  struct error *err)
{
	AUTO(platform) new = { 0 };
	struct json_object *field;

	if (document_object(object, "platform", &field, err) < 0)
		return -1;
	if (document_copy(field, "os", &new.os, err) < 0 ||
	    document_copy(field, "architecture", &new.architecture, err) < 0 ||
	    document_copy(field, "variant", &new.variant, err) < 0)
		return error_prefix(err, "'platform'");

	*platform = new;
	new = (struct platform){ 0 };
	return 0;
}

/* "v3" is 3; what is none of the kind is the newest of all. */
static int variant_number(const char *variant)
{
	char *end;
	long number;

	if (!*variant)
		return BASE_VARIANT;
	if (variant[0] != 'v')
		return PLATFORM_SILENT;
	number = strtol(variant + 1, &end, 10);
	return end > variant + 1 && number >= 0 && number < PLATFORM_SILENT
		       ? (int)number
		       : PLATFORM_SILENT;
}

int platform_rank(const struct platform *platform)
{
	int rank;

	if (!*platform->os && !*platform->architecture)
		return PLATFORM_SILENT;
	if (strcmp(platform->os, "linux") != 0 ||
	    strcmp(platform->architecture, image_config_architecture()) != 0)
		return -1;
	rank = variant_number(platform->variant) - BASE_VARIANT;
	if (rank < 0)
		return 0;
	return rank < PLATFORM_SILENT ? rank : PLATFORM_SILENT - 1;
}

void platform_name(const struct platform *platform, char *name, size_t size)
{
	(void)snprintf(name, size, "%s/%s%s%s", platform->os,
		       platform->architecture, *platform->variant ? "/" : "",
		       platform->variant);
}

void platform_release(struct platform *platform)
{
	free(platform->os);
	free(platform->architecture);
	free(platform->variant);
	*platform = (struct platform){ 0 };
}
