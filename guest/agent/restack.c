/* SPDX-License-Identifier: MIT */
/* restack.c - see restack.h */
#include "guest/agent/restack.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/agent/layers.h"
#include "guest/agent/overlay.h"
#include "guest/agent/revert.h"
#include "guest/shared/cleanup.h"

#define PLACE_MAX 64 /* bytes, "image/N/work" */

static int revert(struct error *err)
{
	autoclose int upper = open(AGENT_UPPER, O_PATH | O_DIRECTORY |
							O_NOFOLLOW | O_CLOEXEC);

	if (upper < 0)
		return error_errno(err, "open '%s'", AGENT_UPPER);
	return upper_revert(upper, err);
}

static int move(const char *from, const char *to, struct error *err)
{
	if (rename(from, to) < 0)
		return error_errno(err, "rename '%s' to '%s'", from, to);
	if (mkdir(from, 0755) < 0 || chmod(from, 0755) < 0)
		return error_errno(err, "make directory '%s'", from);
	return 0;
}

/* A work directory serves one volatile overlay only (Linux, overlayfs.rst). */
static int move_both(size_t number, struct error *err)
{
	char place[PLACE_MAX];
	char layer[OVERLAY_LAYER_MAX];
	char work[PLACE_MAX];

	(void)snprintf(place, sizeof(place), "image/%zu", number);
	(void)snprintf(work, sizeof(work), "image/%zu/work", number);
	overlay_layer_path(layer, number);
	if (mkdir(place, 0755) < 0)
		return error_errno(err, "make directory '%s'", place);
	return move(AGENT_UPPER, layer, err) < 0 ? -1
						 : move(AGENT_WORK, work, err);
}

int restack(struct agent *agent, struct error *err)
{
	if (revert(err) < 0 || move_both(agent->lower_count + 1, err) < 0)
		return -1;
	agent->empty_layers[agent->lower_count++] = false;
	agent->root_layer = agent->lower_count;
	return layers_inherit_root(agent, err);
}
