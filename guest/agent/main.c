/* SPDX-License-Identifier: MIT */
/* main.c - PID 1 of the guest: a list of steps */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "guest/agent/agent.h"
#include "guest/agent/boot.h"
#include "guest/agent/census_walk.h"
#include "guest/agent/command.h"
#include "guest/agent/convert.h"
#include "guest/agent/device.h"
#include "guest/agent/layers.h"
#include "guest/agent/note.h"
#include "guest/agent/overlay.h"
#include "guest/agent/process.h"
#include "guest/agent/restack.h"
#include "guest/agent/scratch.h"
#include "guest/agent/seed.h"
#include "guest/agent/sender.h"
#include "guest/shared/cleanup.h"
#include "guest/shared/io.h"

static int mount_api(struct agent *agent, struct error *err)
{
	(void)agent;
	return boot_mount(err);
}

static int load_modules(struct agent *agent, struct error *err)
{
	(void)agent;
	if (device_listen(err) < 0)
		return -1;
	return boot_load_modules(err);
}

static int open_channel(struct agent *agent, struct error *err)
{
	return channel_open(&agent->channel, err);
}

/*
 * What is done before HELLO, a guest that is restored need not do. It has the
 * disks of the one that was saved, with other contents: none of it is read.
 */
static int find_disks(struct agent *agent, struct error *err)
{
	(void)agent;
	return scratch_find(err) < 0 ? -1 : layers_find(err);
}

static int say_hello(struct agent *agent, struct error *err)
{
	struct message_hello hello = { .version = FRAME_VERSION };
	struct utsname kernel;

	if (uname(&kernel) < 0)
		return error_errno(err, "ask for the kernel's release");
	(void)snprintf(hello.kernel, sizeof(hello.kernel), "%s",
		       kernel.release);
	return message_send_hello(agent->channel.fd, &hello, err);
}

static int take_prepare(struct agent *agent, struct error *err)
{
	struct frame frame;

	if (channel_expect(&agent->channel, FRAME_PREPARE, &frame, err) < 0)
		return -1;
	return message_read_prepare(&agent->prepare, &frame, err);
}

static int format_scratch(struct agent *agent, struct error *err)
{
	const struct message_prepare *prepare = &agent->prepare;
	struct frame frame;

	if (prepare->scratch == SCRATCH_FORMATTED)
		return 0;
	if (message_send_step(agent->channel.fd, "format the scratch disk",
			      err) < 0 ||
	    scratch_format(prepare->size, err) < 0)
		return -1;
	if (prepare->scratch == SCRATCH_FORMAT)
		return 0;
	if (frame_send(agent->channel.fd, FRAME_FORMATTED, "{}", 2, err) < 0)
		return -1;
	return channel_expect(&agent->channel, FRAME_GO, &frame, err);
}

static int mount_scratch(struct agent *agent, struct error *err)
{
	(void)agent;
	return scratch_mount(err);
}

static int start_shell(struct agent *agent, struct error *err)
{
	return shell_start(&agent->shell, err);
}

/* Here the machine may be saved. What comes after is another run's, maybe. */
static int say_prepared(struct agent *agent, struct error *err)
{
	return frame_send(agent->channel.fd, FRAME_PREPARED, "{}", 2, err);
}

static int take_seed(struct agent *agent, struct error *err)
{
	struct message_seed seed;
	struct frame frame;

	if (channel_expect(&agent->channel, FRAME_SEED, &frame, err) < 0 ||
	    message_read_seed(&seed, &frame, err) < 0)
		return -1;
	if (seed_apply(&seed, err) < 0)
		return -1;
	return frame_send(agent->channel.fd, FRAME_READY, "{}", 2, err);
}

static int take_plan(struct agent *agent, struct error *err)
{
	struct frame frame;

	if (channel_expect(&agent->channel, FRAME_PLAN, &frame, err) < 0)
		return -1;
	if (message_read_plan(&agent->plan, &frame, err) < 0)
		return -1;
	return shell_assign(&agent->shell, &agent->plan, err);
}

static int mount_layers(struct agent *agent, struct error *err)
{
	return layers_mount(agent, err);
}

static int unpack_layers(struct agent *agent, struct error *err)
{
	if (layers_unpack(agent, err) < 0)
		return -1;
	return layers_inherit_root(agent, err);
}

static int send_log(void *ctx, const void *bytes, size_t size,
		    struct error *err)
{
	struct agent *agent = ctx;

	return frame_send(agent->channel.fd, FRAME_LOG, bytes, size, err);
}

/* The host ends the machine once it knows of a failure. */
static void flush_kept(const struct agent *agent)
{
	if (agent->plan.keep)
		sync();
}

/* How it ended, and what the guest ran out of, if it failed. */
static int say_end(struct agent *agent, struct message_hook_result *result,
		   unsigned long oom_before, struct error *err)
{
	if (result->status != 0) {
		result->oom_killed = process_oom_kills() > oom_before;
		result->disk_full = scratch_is_full();
		result->tmp_full = scratch_tmp_is_full();
		agent->hook_failed = true;
		flush_kept(agent);
	}
	if (message_send_hook(agent->channel.fd, result, err) < 0)
		return -1;
	return agent->hook_failed ? -1 : 0;
}

static int run_hook(struct agent *agent, enum message_hook hook,
		    struct error *err)
{
	unsigned long oom_before = process_oom_kills();
	struct message_hook_result result;
	char step[64];

	if (!agent->plan.hooks[hook].text)
		return 0;
	(void)snprintf(step, sizeof(step), "run hook %s",
		       message_hook_name(hook));
	if (message_send_step(agent->channel.fd, step, err) < 0)
		return -1;
	if (shell_run_hook(&agent->shell, hook, send_log, agent, &result, err) <
	    0)
		return -1;
	return say_end(agent, &result, oom_before, err);
}

static int run_pre_mount(struct agent *agent, struct error *err)
{
	return run_hook(agent, HOOK_PRE_MOUNT, err);
}

static int mount_overlay(struct agent *agent, struct error *err)
{
	return overlay_mount(agent->lower_count, agent->empty_layers, err);
}

static int run_post_mount(struct agent *agent, struct error *err)
{
	return run_hook(agent, HOOK_POST_MOUNT, err);
}

static int run_command(struct agent *agent, size_t index, struct error *err)
{
	unsigned long oom_before = process_oom_kills();
	struct message_hook_result result;
	char step[64];

	(void)snprintf(step, sizeof(step), "run command %zu", index + 1);
	if (message_send_step(agent->channel.fd, step, err) < 0 ||
	    command_run(&agent->plan.commands, index, send_log, agent, &result,
			err) < 0)
		return -1;
	return say_end(agent, &result, oom_before, err);
}

static int open_directory(const char *path, struct error *err)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return error_errno(err, "open '%s'", path);
	return fd;
}

/* What the layers have to make, once they are put together again. */
static int record_merged(struct agent *agent, struct error *err)
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

static int unmount_overlay(struct agent *agent, struct error *err)
{
	process_end_others(agent->shell.pid);
	return overlay_unmount(err);
}

static int convert_over(struct agent *agent, int lower, struct error *err)
{
	const struct warn warn = { note_send, agent };
	autoclose int upper = open_directory(AGENT_UPPER, err);

	if (upper < 0)
		return -1;
	return upper_convert(upper, lower, &warn, err);
}

static int convert_upper(struct agent *agent, struct error *err)
{
	int lower = overlay_open_lower(agent->lower_count, agent->empty_layers,
				       err);
	int status;

	if (lower < 0 && err->code != 0)
		return -1;
	status = convert_over(agent, lower, err);
	if (lower < 0)
		return status;
	close(lower);
	return status < 0 ? -1 : overlay_close_lower(err);
}

/* What has been done so far is a layer; what follows is another's. */
static int end_layer(struct agent *agent, struct error *err)
{
	if (message_send_step(agent->channel.fd, "end a layer", err) < 0 ||
	    unmount_overlay(agent, err) < 0 || convert_upper(agent, err) < 0 ||
	    sender_send(agent, err) < 0 || restack(agent, err) < 0)
		return -1;
	return mount_overlay(agent, err);
}

static int run_commands(struct agent *agent, struct error *err)
{
	const struct message_commands *commands = &agent->plan.commands;

	for (size_t i = 0; i < commands->lines.count; i++) {
		bool last = i + 1 == commands->lines.count;

		if (run_command(agent, i, err) < 0 ||
		    (commands->layer_each && !last &&
		     end_layer(agent, err) < 0))
			return -1;
	}
	return 0;
}

static int run_post_umount(struct agent *agent, struct error *err)
{
	return run_hook(agent, HOOK_POST_UMOUNT, err);
}

static int send_layer(struct agent *agent, struct error *err)
{
	/* Whatever hooks have left running could write to the layer still. */
	process_end_others(0);
	return sender_send(agent, err);
}

/* In this order. The names are what the host shows when a step fails. */
static const struct step {
	const char *name;
	bool shown; /* takes time enough to be announced */
	int (*run)(struct agent *agent, struct error *err);
} steps[] = {
	{ "mount /proc, /sys and /dev", false, mount_api },
	{ "load the kernel modules", false, load_modules },
	{ "open the channel", false, open_channel },
	{ "find the disks", false, find_disks },
	{ "say hello", false, say_hello },
	{ "take the preparations", false, take_prepare },
	{ "format the scratch disk", false, format_scratch },
	{ "mount the scratch disk", true, mount_scratch },
	{ "start the shell", false, start_shell },
	{ "say that it is prepared", false, say_prepared },
	{ "take the seed", false, take_seed },
	{ "take the plan", false, take_plan },
	{ "mount the layers", false, mount_layers },
	{ "unpack the layers", false, unpack_layers },
	{ "run hook preMount", false, run_pre_mount },
	{ "mount the overlay", true, mount_overlay },
	{ "run hook postMount", false, run_post_mount },
	{ "run the commands", false, run_commands },
	{ "record the merged tree", false, record_merged },
	{ "unmount the overlay", true, unmount_overlay },
	{ "convert the upper layer", true, convert_upper },
	{ "run hook postUmount", false, run_post_umount },
	{ "send the upper layer", true, send_layer },
};

/* The console goes into the host's message where there is no channel yet. */
static void report_failure(struct agent *agent, const char *step,
			   struct error *err)
{
	struct message_fail fail = { .code = err->code };
	struct error ignored;

	scratch_explain(agent->prepare.size, err);
	flush_kept(agent);
	(void)snprintf(fail.step, sizeof(fail.step), "%s", step);
	(void)snprintf(fail.message, sizeof(fail.message), "%s", err->msg);
	if (!agent->channel.open ||
	    message_send_fail(agent->channel.fd, &fail, &ignored) < 0)
		fprintf(stderr, "overlayvm agent: %s: %s\n", step, err->msg);
}

static int run_step(struct agent *agent, const struct step *step)
{
	struct error err = { 0 };

	if ((!step->shown ||
	     message_send_step(agent->channel.fd, step->name, &err) == 0) &&
	    step->run(agent, &err) == 0)
		return 0;
	if (!agent->hook_failed)
		report_failure(agent, step->name, &err);
	return -1;
}

/* SIGCHLD is read from a descriptor, SIGPIPE would end PID 1's writes. */
static void set_up_process(void)
{
	sigset_t child;
	int fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &child, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	if (fd >= 0) {
		(void)io_write(fd, "-1000", 5);
		close(fd);
	}
}

int main(void)
{
	static struct agent agent = { .channel.fd = -1 };

	for (size_t i = 0; i < COUNT_OF(steps); i++) {
		if (run_step(&agent, &steps[i]) < 0)
			break;
		if (i == 0)
			set_up_process(); /* needs /proc */
	}

	/*
	 * The host ends the machine when it has what it wants, and closes the
	 * port if it dies. PID 1 must not return: the kernel would panic.
	 */
	channel_wait_closed(&agent.channel);
	(void)reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
