/* SPDX-License-Identifier: MIT */
/* given.c - see given.h */
#include "guest/agent/given.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "guest/agent/device.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

#define MOUNTS	     AGENT_RUN "/inputs"
#define SECRET_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define PATH_BYTES   (sizeof(GIVEN_SECRETS) + MESSAGE_GIVEN_NAME_MAX + 64)

static int make_directory(const char *path, struct error *err)
{
	if (mkdir(path, 0755) < 0 && errno != EEXIST)
		return error_errno(err, "make directory '%s'", path);
	return 0;
}

/* Read by whatever user a command runs as. */
static int put_secret(const char *name, const struct frame *frame,
		      struct error *err)
{
	char path[PATH_BYTES];
	autoclose int fd = -1;

	(void)snprintf(path, sizeof(path), GIVEN_SECRETS "/%s", name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (fd < 0 || io_write(fd, frame->payload, frame->length) < 0 ||
	    fchmod(fd, 0444) < 0)
		return error_errno(err, "write '%s'", path);
	explicit_bzero((void *)frame->payload, frame->length);
	return 0;
}

int given_take_secrets(struct agent *agent, struct error *err)
{
	const struct message_strings *names = &agent->plan.secrets;
	struct frame frame;

	if (names->count == 0)
		return 0;
	if (make_directory(GIVEN_SECRETS, err) < 0)
		return -1;
	if (mount("tmpfs", GIVEN_SECRETS, "tmpfs", SECRET_FLAGS, "mode=0755") <
	    0)
		return error_errno(err, "mount '" GIVEN_SECRETS "'");
	for (size_t i = 0; i < names->count; i++)
		if (channel_expect(&agent->channel, FRAME_SECRET, &frame, err) <
			    0 ||
		    put_secret(names->item[i], &frame, err) < 0)
			return -1;
	if (mount(NULL, GIVEN_SECRETS, NULL,
		  MS_REMOUNT | MS_RDONLY | SECRET_FLAGS, NULL) < 0)
		return error_errno(err, "make '" GIVEN_SECRETS "' read-only");
	return 0;
}

/* A file is shown on a file, a directory on a directory. */
static int show(const struct message_input *input, struct error *err)
{
	char from[PATH_BYTES];
	char to[PATH_BYTES];
	autoclose int fd = -1;

	(void)snprintf(from, sizeof(from), MOUNTS "/%u%s", input->partition,
		       input->file ? "/file" : "");
	(void)snprintf(to, sizeof(to), GIVEN_INPUTS "/%s", input->name);
	if (input->file)
		fd = open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0444);
	else if (make_directory(to, err) < 0)
		return -1;
	if ((input->file && fd < 0) || mount(from, to, NULL, MS_BIND, NULL) < 0)
		return error_errno(err, "show '%s'", to);
	return 0;
}

static int mount_input(const struct message_input *input, const char *disk,
		       struct error *err)
{
	char device[DEVICE_PATH_MAX];
	char path[PATH_BYTES];

	(void)snprintf(device, sizeof(device), "%s%u", disk, input->partition);
	(void)snprintf(path, sizeof(path), MOUNTS "/%u", input->partition);
	if (make_directory(path, err) < 0)
		return -1;
	if (mount(device, path, "squashfs", MS_RDONLY, NULL) < 0)
		return error_errno(err, "mount '%s' on '%s'", device, path);
	return show(input, err);
}

int given_mount_inputs(const struct message_plan *plan, const char *disk,
		       struct error *err)
{
	if (plan->input_count == 0)
		return 0;
	if (make_directory(GIVEN_INPUTS, err) < 0 ||
	    make_directory(MOUNTS, err) < 0)
		return -1;
	for (size_t i = 0; i < plan->input_count; i++)
		if (mount_input(&plan->inputs[i], disk, err) < 0)
			return error_prefix(err, "input '%s'",
					    plan->inputs[i].name);
	return 0;
}
