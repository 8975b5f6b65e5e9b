/* SPDX-License-Identifier: MIT */
/* media_type.c - see media_type.h */
#include "host/image/media_type.h"

#include <stddef.h>
#include <string.h>

#include "guest/shared/cleanup.h"

#define DOCKER	       "application/vnd.docker."
#define DOCKER_LAYER   DOCKER "image.rootfs.diff.tar"
#define DOCKER_FOREIGN DOCKER "image.rootfs.foreign.diff.tar"
#define OCI_FOREIGN    "application/vnd.oci.image.layer.nondistributable.v1.tar"
#define ENCRYPTED      "+encrypted"

static const struct {
	const char *type;
	enum media_kind kind;
} types[] = {
	{ MEDIA_OCI_INDEX, MEDIA_INDEX },
	{ DOCKER "distribution.manifest.list.v2+json", MEDIA_INDEX },
	{ MEDIA_OCI_MANIFEST, MEDIA_MANIFEST },
	{ DOCKER "distribution.manifest.v2+json", MEDIA_MANIFEST },
	{ DOCKER "distribution.manifest.v1+json", MEDIA_OLD_MANIFEST },
	{ DOCKER "distribution.manifest.v1+prettyjws", MEDIA_OLD_MANIFEST },
	{ MEDIA_OCI_CONFIG, MEDIA_CONFIG },
	{ DOCKER "container.image.v1+json", MEDIA_CONFIG },
	{ MEDIA_OCI_LAYER, MEDIA_LAYER },
	{ MEDIA_OCI_LAYER "+gzip", MEDIA_LAYER },
	{ MEDIA_OCI_LAYER "+zstd", MEDIA_LAYER },
	{ DOCKER_LAYER, MEDIA_LAYER },
	{ DOCKER_LAYER ".gzip", MEDIA_LAYER },
	{ DOCKER_LAYER ".zstd", MEDIA_LAYER },
	{ OCI_FOREIGN, MEDIA_FOREIGN_LAYER },
	{ OCI_FOREIGN "+gzip", MEDIA_FOREIGN_LAYER },
	{ OCI_FOREIGN "+zstd", MEDIA_FOREIGN_LAYER },
	{ DOCKER_FOREIGN, MEDIA_FOREIGN_LAYER },
	{ DOCKER_FOREIGN ".gzip", MEDIA_FOREIGN_LAYER },
};

enum media_kind media_kind(const char *type)
{
	size_t length = strlen(type);
	size_t suffix = strlen(ENCRYPTED);

	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (strcmp(type, types[i].type) == 0)
			return types[i].kind;
	if (length > suffix && strcmp(type + length - suffix, ENCRYPTED) == 0)
		return MEDIA_ENCRYPTED_LAYER;
	return MEDIA_UNKNOWN;
}
