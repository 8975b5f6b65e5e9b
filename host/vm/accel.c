/* SPDX-License-Identifier: MIT */
/* accel.c - see accel.h */
#include "host/vm/accel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>

#include "guest/shared/cleanup.h"

int accel_probe_kvm(struct error *err)
{
	autoclose int kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	autoclose int vm = -1;

	if (kvm < 0 && errno == EACCES)
		return error_set(err, EACCES,
				 "open '/dev/kvm': Permission denied (are you "
				 "in the group kvm?)");
	if (kvm < 0)
		return error_errno(err, "open '/dev/kvm'");
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0)
		return error_errno(err, "make a virtual machine of KVM");
	return 0;
}
