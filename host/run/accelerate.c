/* SPDX-License-Identifier: MIT */
/* accelerate.c - see state.h: KVM where it works, otherwise emulation */
#include <stdio.h>

#include "host/run/state.h"
#include "host/vm/accel.h"
#include "host/vm/kvm_trial.h"

bool run_is_over(const struct run *run)
{
	return interrupt_pending(run->interrupt) ||
	       deadline_passed(run->deadline);
}

bool run_blames_kvm(const struct run *run)
{
	return run->session.end == SESSION_DIED ||
	       run->session.end == SESSION_SILENT;
}

static int boot_with_kvm(struct run *run, struct error *err)
{
	if (accel_probe_kvm(err) < 0)
		return error_prefix(err, "--accel kvm");
	if (run_boot_on(run, true, err) < 0)
		return -1;
	kvm_trial_forget();
	return 0;
}

/* Whether it is worth to be tried. */
static bool may_have_kvm(const struct run *run)
{
	char why[KVM_TRIAL_WHY];
	struct error ignored;

	return accel_probe_kvm(&ignored) == 0 &&
	       !kvm_trial_has_failed(run->qemu, why);
}

/*
 * A KVM that can be opened need not carry QEMU (nested ones often refuse what
 * it asks for), and that shows only when it is tried. The disks have not been
 * touched before PLAN, so the emulated machine starts from the same. Later runs
 * do not try it again.
 */
static int boot_with_either(struct run *run, struct error *err)
{
	char text[512];

	if (!may_have_kvm(run))
		return run_boot_on(run, false, err);
	if (run_boot_on(run, true, err) == 0)
		return 0;
	if (run_is_over(run) || !run_blames_kvm(run))
		return -1;
	kvm_trial_keep(run->qemu, err->msg);
	(void)snprintf(text, sizeof(text),
		       "KVM does not work here, emulating instead: %.400s",
		       err->msg);
	run_note(run, text);
	return run_boot_on(run, false, err);
}

int run_boot(struct run *run, struct error *err)
{
	if (run_raise_network(run, err) < 0)
		return -1;
	switch (run->plan->accel) {
	case PLAN_ACCEL_TCG:
		return run_boot_on(run, false, err);
	case PLAN_ACCEL_KVM:
		return boot_with_kvm(run, err);
	case PLAN_ACCEL_AUTO:
		break;
	}
	return boot_with_either(run, err);
}
