/* SPDX-License-Identifier: MIT */
/* oci_fixture.c - see oci_fixture.h */
#include "tests/unit/oci_fixture.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "guest/shared/cleanup.h"
#include "host/image/media_type.h"
#include "tests/unit/image_fixture.h"

char *oci_text(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		err(1, "text");
	va_end(args);
	return text;
}

void oci_write(const char *name, const char *text)
{
	autofree char *path = oci_text("x/%s", name);

	fixture_write(path, text, strlen(text));
}

void oci_begin(void)
{
	if (mkdir("x", 0700) < 0 || mkdir("x/blobs", 0700) < 0 ||
	    mkdir("x/blobs/sha256", 0700) < 0)
		err(1, "layout");
	oci_write("oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}");
}

char *oci_blob(const char *type, const void *bytes, size_t size,
	       const char *more)
{
	const char *hex = fixture_sha256(bytes, size);
	autofree char *path = oci_text("x/blobs/sha256/%s", hex);

	fixture_write(path, bytes, size);
	return oci_text("{\"mediaType\":\"%s\",\"digest\":\"sha256:%s\","
			"\"size\":%zu%s}",
			type, hex, size, more);
}

char *oci_image(const char *const *layers, const char *type, const char *more)
{
	autofree char *config_text = fixture_config(layers);
	autofree char *config = oci_blob(MEDIA_OCI_CONFIG, config_text,
					 strlen(config_text), "");
	autofree char *list = oci_text("%s", "");
	autofree char *manifest = NULL;

	for (size_t i = 0; layers[i]; i++) {
		autofree char *layer =
			oci_blob(type, layers[i], strlen(layers[i]), "");
		char *longer = oci_text("%s%s%s", list, i ? "," : "", layer);

		free(list);
		list = longer;
	}
	manifest = oci_text("{\"schemaVersion\":2,\"mediaType\":"
			    "\"" MEDIA_OCI_MANIFEST "\",\"config\":%s,"
			    "\"layers\":[%s],\"annotations\":{\"k\":\"v\"}}",
			    config, list);
	return oci_blob(MEDIA_OCI_MANIFEST, manifest, strlen(manifest), more);
}

char *oci_index(const char *const *descriptors)
{
	char *text = oci_text("{\"schemaVersion\":2,\"manifests\":[");

	for (size_t i = 0; descriptors[i]; i++) {
		char *longer =
			oci_text("%s%s%s", text, i ? "," : "", descriptors[i]);

		free(text);
		text = longer;
	}
	text = realloc(text, strlen(text) + 3);
	if (!text)
		err(1, "index");
	return strcat(text, "]}");
}

void oci_end(const char *const *descriptors)
{
	autofree char *text = oci_index(descriptors);

	oci_write("index.json", text);
}

void oci_pack(void)
{
	if (system("tar -C x -cf x.tar .") != 0)
		errx(1, "tar");
}
