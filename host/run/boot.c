/* SPDX-License-Identifier: MIT */
/* boot.c - see state.h: the machine, up to READY */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "host/run/state.h"
#include "host/run/template_find.h"
#include "host/vm/boot_files.h"
#include "host/vm/confine.h"
#include "host/vm/qemu.h"
#include "host/vm/qmp.h"
#include "host/vm/template.h"

/*
 * How long a guest may take to be PREPARED: two seconds alone, a minute with
 * many on one emulating core. A KVM that is only tried gets less.
 */
#define BOOT_LIMIT     300 /* seconds */
#define BOOT_LIMIT_KVM 30  /* seconds */
#define RESTORE_LIMIT  60  /* seconds, to the answer of a restored guest */
#define SAVE_LIMIT_MS  60000

#define BYTES_EVERY_NS UINT64_C(100000000) /* what a user can follow */

/* What a template has besides the memory: the devices, some 100 KiB. */
#define STATE_MAX (64 * RUN_MIB)

void run_say_step(struct run *run, const char *name, bool guest)
{
	const struct timeline_step *step;

	run_end_step(run);
	run->read = 0;
	step = timeline_step(&run->result->timeline, name, guest);
	if (run->events->step)
		run->events->step(run->events->ctx, step);
}

void run_end_step(struct run *run)
{
	const struct timeline_step *step =
		timeline_stop(&run->result->timeline);

	if (step && run->events->step_end)
		run->events->step_end(run->events->ctx, step);
}

static void guest_step(void *ctx, const char *name)
{
	run_say_step(ctx, name, true);
}

void run_say_bytes(struct run *run, uint64_t done, uint64_t total)
{
	uint64_t now;

	if (!run->events->bytes)
		return;
	now = clock_now();
	if (now - run->told < BYTES_EVERY_NS)
		return;
	run->told = now;
	run->events->bytes(run->events->ctx, done, total);
}

static void guest_sent(void *ctx, uint64_t size)
{
	run_say_bytes(ctx, size, 0);
}

void run_note(void *ctx, const char *text)
{
	struct run *run = ctx;

	if (run->events->note)
		run->events->note(run->events->ctx, text);
}

static void guest_log(void *ctx, const void *bytes, size_t size)
{
	struct run *run = ctx;

	if (run->events->log)
		run->events->log(run->events->ctx, bytes, size);
}

static void guest_formatted(void *ctx)
{
	run_keep_scratch(ctx);
}

static struct deadline boot_limit(const struct run *run, bool kvm)
{
	bool tried = kvm && run->plan->accel == PLAN_ACCEL_AUTO;

	return deadline_in(tried ? BOOT_LIMIT_KVM : BOOT_LIMIT);
}

/* Its files are in their places: the disks, the kernel, the template. */
static int confine(struct run *run, bool kvm, enum qemu_network network,
		   struct confine *confined, struct error *err)
{
	uint64_t memory = run->memory * RUN_MIB;
	uint64_t disk = run->disk_size * RUN_MIB;
	const struct confine_options options = {
		.program = run->qemu,
		.dir = run->dir.fd,
		.layers = run->assignment.extent_count,
		.kvm = kvm,
		.network = network == QEMU_NETWORK_USER,
		.memory = memory,
		.file_size = (disk > memory ? disk : memory) + STATE_MAX,
	};

	run->result->confinement.sandbox = !run->no_sandbox;
	return confine_make(confined, &options, &run->result->confinement, err);
}

static int start(struct run *run, bool kvm, enum qemu_start how, int state,
		 struct error *err)
{
	struct qemu qemu = {
		.program = run->qemu,
		.kvm = kvm,
		.memory = run->memory,
		.cpus = run->plan->cpus,
		.layers = run->assignment.extent_count > 0,
		.start = how,
		.no_sandbox = run->no_sandbox,
	};
	struct args *args = &run->words;
	AUTO(confine) confined = CONFINE_NONE;
	autoclose int network = -1;
	struct machine_start machine = {
		.args = args,
		.dir = run->dir.fd,
		.state = state,
		.confine = &confined,
	};

	machine_release(&run->machine);
	session_release(&run->session);
	args_release(args);
	run->session = (struct session){
		.machine = &run->machine,
		.interrupt = run->interrupt,
		.deadline = run->deadline,
		.limits = run->plan->limits,
		.events = { guest_step, run_note, guest_log, guest_formatted,
			    guest_sent, run_take_census, run_take_out,
			    run_next_layer, run },
		.end = SESSION_HOST_FAILED,
	};
	if (boot_files_place(run->dir.fd, run->guest.kernel,
			     run->guest.initramfs, how != QEMU_RESTORE,
			     err) < 0 ||
	    run_network_end(run, how, &qemu.network, &network, err) < 0 ||
	    qemu_args(args, &qemu, err) < 0 ||
	    confine(run, kvm, qemu.network, &confined, err) < 0)
		return -1;
	machine.network = network;
	return machine_start(&run->machine, &machine, err);
}

/* The memory file is known to QEMU by a name in the run directory. */
static int link_ram(struct run *run, const char *dir, struct error *err)
{
	autofree char *path = NULL;

	if (asprintf(&path, "%s/%s", dir, QEMU_RAM) < 0) {
		path = NULL;
		return error_set(err, ENOMEM, "out of memory");
	}
	(void)unlinkat(run->dir.fd, QEMU_RAM, 0);
	if (symlinkat(path, run->dir.fd, QEMU_RAM) < 0)
		return error_errno(err, "link '%s'", path);
	return 0;
}

/* From nothing to a machine that is PREPARED. */
static int boot_up(struct run *run, bool kvm, enum qemu_start how,
		   struct error *err)
{
	struct deadline limit = boot_limit(run, kvm);

	if (run_new_scratch(run, err) < 0 ||
	    start(run, kvm, how, -1, err) < 0 ||
	    session_greet(&run->session, limit, err) < 0)
		return -1;
	return session_prepare(&run->session, &run->prepare, limit, err);
}

static int make_template(struct run *run, bool kvm,
			 const struct template *template, struct error *err)
{
	AUTO(template_draft) draft = TEMPLATE_DRAFT_NONE;

	run_say_step(run, "make a template", false);
	if (template_begin(&draft, run->memory, err) < 0 ||
	    link_ram(run, draft.draft.dir.path, err) < 0 ||
	    boot_up(run, kvm, QEMU_MAKE, err) < 0 ||
	    qmp_save(run->machine.monitor, draft.state, SAVE_LIMIT_MS, err) < 0)
		return -1;
	machine_release(&run->machine);
	run->cache_grew = true;
	if (template_keep_scratch(&draft, run->dir.fd, run->prepare.size, err) <
	    0)
		return -1;
	return template_publish(&draft, template, run->session.hello.kernel,
				err);
}

static int restore(struct run *run, bool kvm, struct template *template,
		   struct error *err)
{
	if (template_open(template, err) < 0)
		return -1;
	run_say_step(run, "restore the guest", false);
	if (run_template_scratch(run, template, err) < 0 ||
	    link_ram(run, template->kept.dir, err) < 0 ||
	    start(run, kvm, QEMU_RESTORE, template->state, err) < 0 ||
	    qmp_restore(run->machine.monitor, QEMU_STATE_FD, err) < 0)
		return -1;
	run->session.hello.version = FRAME_VERSION;
	(void)snprintf(run->session.hello.kernel,
		       sizeof(run->session.hello.kernel), "%s",
		       template->kept.word);
	return session_seed(&run->session, deadline_in(RESTORE_LIMIT), err);
}

static int find_template(struct run *run, bool kvm, struct error *err)
{
	const struct template_wish wish = {
		.qemu = run->qemu,
		.guest_key = run->guest.key,
		.disk_size = run->disk_size * RUN_MIB,
		.memory = run->memory,
		.cpus = run->plan->cpus,
		.kvm = kvm,
		.network = run->plan->network == PLAN_NETWORK_USER,
	};

	template_release(&run->template);
	return template_find(&run->template, &wish, &run->no_sandbox, err);
}

/*
 * A run never fails because of a template: one that is of no use is dropped,
 * made anew, and if that is of no use either the caller boots.
 */
static int start_from_template(struct run *run, bool kvm, struct error *err)
{
	struct template *template = &run->template;

	if (find_template(run, kvm, err) < 0)
		return -1;
	if (restore(run, kvm, template, err) == 0)
		return 0;
	if (run_is_over(run))
		return -1;
	if (err->code != ENOENT) {
		run_note(run, err->msg);
		kept_drop(&template->kept);
	}
	if (make_template(run, kvm, template, err) < 0 ||
	    find_template(run, kvm, err) < 0)
		return -1;
	return restore(run, kvm, template, err);
}

/*
 * A QEMU that was built without seccomp says so and ends, before there is a
 * guest that could make it say it.
 */
static bool has_no_sandbox(const struct run *run)
{
	return !run->no_sandbox && run->session.end == SESSION_DIED &&
	       strstr(run->machine.errors_tail.bytes, "-sandbox") != NULL;
}

static int boot_once(struct run *run, bool kvm, struct error *err)
{
	run->result->kvm = kvm;
	if (!run->plan->no_template) {
		if (start_from_template(run, kvm, err) == 0)
			return 0;
		/* What KVM does not carry it does not carry twice. */
		if (run_is_over(run) || has_no_sandbox(run) ||
		    (kvm && run_blames_kvm(run)))
			return -1;
	}
	template_release(&run->template);
	(void)unlinkat(run->dir.fd, QEMU_RAM, 0);
	run_say_step(run, "boot the guest", false);
	if (boot_up(run, kvm, QEMU_BOOT, err) < 0)
		return -1;
	return session_seed(&run->session, boot_limit(run, kvm), err);
}

int run_boot_on(struct run *run, bool kvm, struct error *err)
{
	if (boot_once(run, kvm, err) == 0)
		return 0;
	if (run_is_over(run) || !has_no_sandbox(run))
		return -1;
	run->no_sandbox = true;
	return boot_once(run, kvm, err);
}
