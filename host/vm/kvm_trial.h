/* SPDX-License-Identifier: MIT */
/* kvm_trial.h - what came of trying to run QEMU on KVM */
#ifndef HOST_VM_KVM_TRIAL_H
#define HOST_VM_KVM_TRIAL_H

#include <stdbool.h>

#define KVM_TRIAL_WHY 256 /* bytes, with the terminator */

/*
 * A KVM that can be opened need not carry QEMU, as nested ones show, and to try
 * it takes up to half a minute. What came of it is kept in <cache>/kvm.json, and
 * holds until this machine starts again (boot_id of random(4)), for the QEMU
 * that was tried: the file, its inode, size and times.
 */

/* true if the last try of this QEMU has failed, and why. */
bool kvm_trial_has_failed(const char *qemu, char why[KVM_TRIAL_WHY]);

/* It has failed. What cannot be kept is tried again. */
void kvm_trial_keep(const char *qemu, const char *why);

/* It works. */
void kvm_trial_forget(void);

#endif
