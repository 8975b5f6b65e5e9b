/* SPDX-License-Identifier: MIT */
/* accel.h - whether KVM can be used here */
#ifndef HOST_VM_ACCEL_H
#define HOST_VM_ACCEL_H

#include "guest/shared/error.h"

/*
 * 0 if /dev/kvm can be opened and makes a virtual machine; -1 with the reason
 * and, where there is one, the cure. That QEMU then runs on it is not proven:
 * a nested KVM may refuse what QEMU wants of it.
 */
int accel_probe_kvm(struct error *err);

#endif
