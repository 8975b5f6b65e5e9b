/* SPDX-License-Identifier: MIT */
/* check_jail.c - see check_jail.h */
#include "host/layer/check_jail.h"

#include <errno.h>
#include <string.h>

#include "guest/shared/cleanup.h"
#include "host/jail/jail.h"

static int check_inside(struct jail *jail, void *context, struct error *err)
{
	const struct layer_limits limits = { .advance = jail_tick,
					     .context = jail };
	struct layer_summary summary;

	if (layer_check(*(const int *)context, &limits, &summary, err) < 0)
		return -1;
	return jail_put(jail, &summary, sizeof(summary), err);
}

int check_jail(int fd, int (*advance)(void *context, uint64_t bytes),
	       void *context, struct layer_summary *summary, struct error *err)
{
	const struct jail_work work = {
		.what = "the layer",
		.work = check_inside,
		.context = &fd,
		.fds = &fd,
		.fd_count = 1,
		.result_max = sizeof(*summary),
		.advance = advance,
		.advance_context = context,
	};
	AUTO(jail_result) result = { 0 };

	if (jail_run(&work, &result, err) < 0)
		return -1;
	if (result.size != sizeof(*summary))
		return error_set(err, EPROTO,
				 "the check of the layer ends in %zu bytes",
				 result.size);
	memcpy(summary, result.bytes, result.size);
	return 0;
}
