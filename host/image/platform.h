/* SPDX-License-Identifier: MIT */
/* platform.h - which machine an image of several is for */
#ifndef HOST_IMAGE_PLATFORM_H
#define HOST_IMAGE_PLATFORM_H

#include <stddef.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/error.h"

struct json_object;

/* OCI image-spec, image-index.md. "" is what is not said. */
struct platform {
	char *os;	    /* owned */
	char *architecture; /* owned */
	char *variant;	    /* owned; "v2" */
};

/* Read the field "platform" of an object; missing is one that says nothing. */
int platform_read(struct platform *platform, struct json_object *object,
		  struct error *err);

/*
 * How well an image for that platform suits this machine: 0 is best, then come
 * ever newer variants, which the guest's processor may not be able to run, then
 * one that does not say what it is for. -1: not at all.
 */
#define PLATFORM_SILENT 1000
int platform_rank(const struct platform *platform);

/* "linux/amd64", "linux/arm/v7"; cut to fit. */
void platform_name(const struct platform *platform, char *name, size_t size);

void platform_release(struct platform *platform);

DEFINE_AUTO(platform, platform_release)

#endif
