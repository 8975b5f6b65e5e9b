/* SPDX-License-Identifier: MIT */
/* boot.c - see state.h: the machine, up to HELLO */
#include <stdio.h>

#include "host/run/state.h"
#include "host/vm/accel.h"
#include "host/vm/args.h"
#include "host/vm/qemu.h"

/*
 * How long a guest may take to say HELLO: two seconds alone, a minute with
 * many on one emulating core. A KVM that is only tried gets less.
 */
#define BOOT_LIMIT     300 /* seconds */
#define BOOT_LIMIT_KVM 60  /* seconds */

void run_say_step(struct run *run, const char *name, bool guest)
{
	timeline_step(&run->result->timeline, name, guest);
	if (run->events->step)
		run->events->step(run->events->ctx, name);
}

static void guest_step(void *ctx, const char *name)
{
	run_say_step(ctx, name, true);
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

static int boot(struct run *run, bool kvm, uint64_t limit, struct error *err)
{
	struct qemu qemu = {
		.program = run->qemu,
		.kvm = kvm,
		.memory = run->plan->memory,
		.cpus = run->plan->cpus,
		.layers = run->assignment.extent_count > 0,
	};
	AUTO(args) args = { 0 };

	session_release(&run->session);
	run->session = (struct session){
		.machine = &run->machine,
		.interrupt = run->interrupt,
		.deadline = run->deadline,
		.events = { guest_step, run_note, guest_log, NULL, run },
		.end = SESSION_HOST_FAILED,
	};
	run->result->kvm = kvm;
	if (qemu_args(&args, &qemu, err) < 0 ||
	    machine_start(&run->machine, &args, run->dir.fd, err) < 0)
		return -1;
	if (session_greet(&run->session, deadline_in(limit), err) < 0)
		return -1;
	return session_seed(&run->session, deadline_in(limit), err);
}

/*
 * A KVM that can be opened need not carry QEMU (nested ones often refuse what
 * it asks for), and that shows only when it is tried. The disks have not been
 * touched before HELLO, so the emulated machine starts from the same.
 */
int run_boot(struct run *run, struct error *err)
{
	enum plan_accel accel = run->plan->accel;
	char text[512];

	if (accel == PLAN_ACCEL_TCG)
		return boot(run, false, BOOT_LIMIT, err);
	if (accel_probe_kvm(err) < 0)
		return accel == PLAN_ACCEL_KVM
			       ? error_prefix(err, "--accel kvm")
			       : boot(run, false, BOOT_LIMIT, err);
	if (accel == PLAN_ACCEL_KVM)
		return boot(run, true, BOOT_LIMIT, err);

	if (boot(run, true, BOOT_LIMIT_KVM, err) == 0)
		return 0;
	if (run->session.end != SESSION_DIED &&
	    run->session.end != SESSION_SILENT)
		return -1;
	(void)snprintf(text, sizeof(text),
		       "KVM does not work here, emulating instead: %.400s",
		       err->msg);
	run_note(run, text);
	machine_release(&run->machine);
	return boot(run, false, BOOT_LIMIT, err);
}
