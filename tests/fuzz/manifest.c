/* SPDX-License-Identifier: MIT */
/* manifest.c - fuzz target: manifest.json of a docker archive */
#include "host/image/docker_manifest.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(docker_manifest) manifest = { 0 };
	const struct choice choice = { 0 };
	const struct docker_image *image;
	struct error err = { 0 };
	struct digest id;

	if (docker_manifest_parse(&manifest, (const char *)data, size, &err) ==
		    0 &&
	    docker_manifest_choose(&manifest, &choice, &image, &err) == 0)
		(void)docker_image_id(image, &id);
	return 0;
}
