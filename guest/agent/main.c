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
#include "guest/agent/beat.h"
#include "guest/agent/boot.h"
#include "guest/agent/device.h"
#include "guest/agent/given.h"
#include "guest/agent/hooks.h"
#include "guest/agent/kmsg.h"
#include "guest/agent/layers.h"
#include "guest/agent/merged.h"
#include "guest/agent/network.h"
#include "guest/agent/process.h"
#include "guest/agent/restack.h"
#include "guest/agent/scratch.h"
#include "guest/agent/seed.h"
#include "guest/agent/sender.h"
#include "guest/agent/terminal.h"
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
	if (kmsg_open(err) < 0)
		return -1;
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
	if (message_read_plan(&agent->plan, &frame, err) < 0 ||
	    given_take_secrets(agent, err) < 0)
		return -1;
	beat_over(agent->channel.fd);
	return shell_assign(&agent->shell, &agent->plan, err);
}

static int mount_layers(struct agent *agent, struct error *err)
{
	return layers_mount(agent, err);
}

static int raise_network(struct agent *agent, struct error *err)
{
	return agent->plan.network ? network_raise(err) : 0;
}

static int unpack_layers(struct agent *agent, struct error *err)
{
	if (layers_unpack(agent, err) < 0)
		return -1;
	return layers_inherit_root(agent, err);
}

static int run_pre_mount(struct agent *agent, struct error *err)
{
	return hooks_run(agent, HOOK_PRE_MOUNT, err);
}

static int run_post_mount(struct agent *agent, struct error *err)
{
	return hooks_run(agent, HOOK_POST_MOUNT, err);
}

/* What has been done so far is a layer; what follows is another's. */
static int end_layer(struct agent *agent, struct error *err)
{
	if (message_send_step(agent->channel.fd, "end a layer", err) < 0 ||
	    merged_unmount(agent, err) < 0 || merged_convert(agent, err) < 0 ||
	    sender_send(agent, err) < 0 || restack(agent, err) < 0)
		return -1;
	return merged_mount(agent, err);
}

static int run_commands(struct agent *agent, struct error *err)
{
	const struct message_commands *commands = &agent->plan.commands;

	for (size_t i = 0; i < commands->lines.count; i++) {
		bool last = i + 1 == commands->lines.count;

		if (hooks_run_command(agent, i, err) < 0 ||
		    (commands->layer_each && !last &&
		     end_layer(agent, err) < 0))
			return -1;
	}
	return 0;
}

static int run_post_umount(struct agent *agent, struct error *err)
{
	return hooks_run(agent, HOOK_POST_UMOUNT, err);
}

static int send_layer(struct agent *agent, struct error *err)
{
	/* Whatever hooks have left running could write to the layer still. */
	process_end_others(0);
	if (agent->plan.out && sender_send_out(agent, err) < 0)
		return -1;
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
	{ "raise the network", false, raise_network },
	{ "mount the layers", false, mount_layers },
	{ "unpack the layers", false, unpack_layers },
	{ "run hook preMount", false, run_pre_mount },
	{ "mount the overlay", true, merged_mount },
	{ "run hook postMount", false, run_post_mount },
	{ "run the commands", false, run_commands },
	{ "record the merged tree", false, merged_record },
	{ "unmount the overlay", true, merged_unmount },
	{ "convert the upper layer", true, merged_convert },
	{ "run hook postUmount", false, run_post_umount },
	{ "send the upper layer", true, send_layer },
};

/* The console goes into the host's message where there is no channel yet. */
static void report_failure(struct agent *agent, const char *step,
			   struct error *err)
{
	struct message_fail fail = { .code = err->code };
	struct error ignored;

	if (err->code == ENOSPC)
		fail.lack = scratch_lack();
	hooks_flush_kept(agent);
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
	 * The host ends the machine when it has what it wants, or asks for a
	 * terminal, if the run has failed; it closes the port if it dies. PID 1 must not return: the kernel would panic.
	 */
	terminal_serve(&agent);
	channel_wait_closed(&agent.channel);
	(void)reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
