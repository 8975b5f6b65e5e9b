/* SPDX-License-Identifier: MIT */
/* marks.c - see marks.h */
#include "guest/agent/marks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/shared/cleanup.h"
#include "guest/shared/scratch_marks.h"

int marks_make_root(const struct agent *agent, struct error *err)
{
	int fd;

	err->code = 0;
	if (!agent->plan.keep)
		return -1;
	if (mkdir(SCRATCH_MARK_ROOT, 0755) < 0)
		return error_errno(err, "make directory '%s'",
				   SCRATCH_MARK_ROOT);
	fd = open(SCRATCH_MARK_ROOT,
		  O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return error_errno(err, "open '%s'", SCRATCH_MARK_ROOT);
	return fd;
}

void marks_converted(const struct agent *agent)
{
	if (agent->plan.keep)
		(void)mkdir(SCRATCH_MARK_CONVERTED, 0755);
}
