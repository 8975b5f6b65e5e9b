#!/bin/bash
# SPDX-License-Identifier: MIT
# A KVM that is not there, may not be used or does not work: emulation takes its
# place, or --accel kvm says why not. An actor plays QEMU.
. "$(dirname "$0")/lib.sh"

# with CALL ERROR STATUS WORDS ACCEL: that call on /dev/kvm fails.
with() {
	as_nobody strace -f -qq -o /dev/null -P /dev/kvm -e "trace=openat,ioctl" \
		-e "inject=$1:error=$2" \
		"$OVERLAYVM" run --accel "$3" --no-template --post-mount x \
		--report nobody/report.json 2>err && status=0 || status=$?
}

for error in ENOENT EACCES ENXIO; do
	claim=kvm-that-fails/auto-with-$error
	with openat $error auto
	[ "$status" -eq 0 ] || problem "status $status: $(cat err)"
	grep -q '"accel": "tcg"' nobody/report.json || problem 'not emulated'
	verdict

	claim=kvm-that-fails/kvm-with-$error
	with openat $error kvm
	[ "$status" -eq 125 ] || problem "status $status: $(cat err)"
	grep -q '^overlayvm: boot: --accel kvm: ' err || problem "$(cat err)"
	nothing_left
	verdict
done
