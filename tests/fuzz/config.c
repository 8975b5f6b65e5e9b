/* SPDX-License-Identifier: MIT */
/* config.c - fuzz target: an image's config, and what becomes of it */
#include <stdlib.h>
#include <string.h>

#include "host/image/config.h"
#include "host/image/config_edit.h"
#include "tests/fuzz/target.h"

static void edit(const struct image_config *config)
{
	const struct image_addition addition = { .created_by = "fuzz" };
	const struct config_edit change = { .additions = &addition,
					    .addition_count = 1 };
	struct error err = { 0 };
	char *bytes = NULL;
	size_t size;

	if (config_edit(config, &change, &bytes, &size, &err) == 0)
		free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(image_config) config = { 0 };
	char *copy = malloc(size + 1);
	struct error err = { 0 };

	memcpy(copy, data, size);
	copy[size] = '\0';
	if (image_config_parse(&config, copy, size, &err) == 0)
		edit(&config);
	return 0;
}
