/* SPDX-License-Identifier: MIT */
/* merged.c - see merged.h */
#include "guest/agent/merged.h"

#include <fcntl.h>
#include <unistd.h>

#include "guest/agent/census_walk.h"
#include "guest/agent/convert.h"
#include "guest/agent/marks.h"
#include "guest/agent/note.h"
#include "guest/agent/overlay.h"
#include "guest/agent/points.h"
#include "guest/agent/process.h"
#include "guest/shared/cleanup.h"

int merged_mount(struct agent *agent, struct error *err)
{
	return overlay_mount(agent->lower_count, agent->empty_layers, err);
}

static int open_directory(const char *path, struct error *err)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return error_errno(err, "open '%s'", path);
	return fd;
}

/* What the layers have to make, once they are put together again. */
int merged_record(struct agent *agent, struct error *err)
{
	autoclose int root = -1;
	autoclose int upper = -1;

	if (!agent->plan.verify)
		return 0;
	process_end_others(agent->shell.pid);
	if (message_send_step(agent->channel.fd, "record the merged tree",
			      err) < 0 ||
	    overlay_clear(err) < 0)
		return -1;
	root = open_directory(AGENT_MERGED, err);
	upper = open_directory(AGENT_UPPER, err);
	if (root < 0 || upper < 0)
		return -1;
	return census_walk_send(root, upper, agent->channel.fd, err);
}

int merged_unmount(struct agent *agent, struct error *err)
{
	autoclose int upper = -1;

	process_end_others(agent->shell.pid);
	if (overlay_unmount(err) < 0)
		return -1;
	upper = open_directory(AGENT_UPPER, err);
	return upper < 0 ? -1 : points_forget(upper, err);
}

static int convert_over(struct agent *agent, int lower, struct error *err)
{
	const struct warn warn = { note_send, agent };
	autoclose int upper = open_directory(AGENT_UPPER, err);

	if (upper < 0)
		return -1;
	return upper_convert(upper, lower, &warn, err);
}

int merged_convert(struct agent *agent, struct error *err)
{
	int lower = overlay_open_lower(agent->lower_count, agent->empty_layers,
				       err);
	int status;

	if (lower < 0 && err->code != 0)
		return -1;
	status = convert_over(agent, lower, err);
	if (lower >= 0)
		close(lower);
	if (status < 0 || (lower >= 0 && overlay_close_lower(err) < 0))
		return -1;
	marks_converted(agent);
	return 0;
}
