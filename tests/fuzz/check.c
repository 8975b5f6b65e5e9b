/* SPDX-License-Identifier: MIT */
/* check.c - fuzz target: a layer that a guest has sent */
#include <unistd.h>

#include "host/layer/check.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct layer_limits limits = { 0 };
	struct layer_summary summary;
	struct error err = { 0 };
	int fd = target_file(data, size);

	(void)layer_check(fd, &limits, &summary, &err);
	close(fd);
	return 0;
}
