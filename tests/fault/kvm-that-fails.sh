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

# A KVM that can be opened, and a QEMU that does not run on it: a file plays
# /dev/kvm, whose calls are said to succeed.
touch kvm
# shellcheck disable=SC2094 # nothing is read from it
accel() {
	as_nobody strace -f -qq -o /dev/null -P /dev/kvm -P "$WORK/kvm" \
		-e trace=openat,ioctl -e inject=openat:retval=9:when=1 \
		-e inject=ioctl:retval=8 \
		env OVERLAYVM_ACT=-kvm "$@" 9<"$WORK/kvm" 8<"$WORK/kvm" 2>err &&
		status=0 || status=$?
}
auto() {
	accel "$OVERLAYVM" run --accel auto --no-template --post-mount x \
		--report nobody/report.json
	[ "$status" -eq 0 ] || problem "status $status: $(cat err)"
	grep -q '"accel": "tcg"' nobody/report.json || problem 'not emulated'
}
cp "$OVERLAYVM_QEMU" nobody/actor
OVERLAYVM_QEMU=$WORK/nobody/actor
export OVERLAYVM_CACHE=$WORK/nobody/cache
note='overlayvm: warning: KVM does not work here, emulating instead: '

claim=kvm-that-fails/what-does-not-run-on-it-is-emulated
auto
grep -q "^$note" err || problem "$(cat err)"
verdict

claim=kvm-that-fails/and-is-not-tried-again
auto
! grep -q "^$note" err || problem 'it is'
accel "$OVERLAYVM" doctor --json --no-run >said
jq -r '.checks[] | select(.name == "accelerator").text' said >text
grep -q '^emulated: KVM has failed since this machine started: ' text ||
	problem "doctor: $(cat text)"
verdict

claim=kvm-that-fails/unless-it-is-asked-for
accel "$OVERLAYVM" run --accel kvm --no-template --post-mount x
[ "$status" -eq 125 ] && grep -q '^overlayvm: boot: ' err || problem "$(cat err)"
verdict

claim=kvm-that-fails/or-another-qemu-is-there
touch -d '2020-01-01' nobody/actor
auto
grep -q "^$note" err || problem 'not tried again'
echo nonsense >nobody/cache/kvm.json
auto
grep -q "^$note" err || problem 'a record that is none holds'
verdict
