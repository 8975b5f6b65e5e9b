/* SPDX-License-Identifier: MIT */
/* spec.c - fuzz target: a spec, and the plan that it makes */
#include <stdio.h>
#include <unistd.h>

#include "host/plan/plan.h"
#include "host/plan/spec.h"
#include "tests/fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct surroundings around = { .qemu = "qemu",
					     .tmpdir = "/var/tmp",
					     .memory = 8192,
					     .disk_free = 100000 };
	AUTO(request) request = { 0 };
	AUTO(plan) plan = { 0 };
	struct error err = { 0 };
	int fd = target_file(data, size);
	char path[64];

	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (spec_load(&request, path, &err) == 0)
		(void)plan_make(&plan, &request, &around, &err);
	close(fd);
	return 0;
}
