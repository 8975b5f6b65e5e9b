#!/bin/bash
# SPDX-License-Identifier: MIT
# What a host lacks is named before anything boots, with the cure.
. "$(dirname "$0")/lib.sh"

old_output
fails() {
	run_fails 125 "overlayvm: $1" --output nobody/layer.tar
	is_old_output
}

claim=bad-surroundings/no-QEMU
OVERLAYVM_QEMU=/nonexistent fails "host: run '/nonexistent': No such file or directory"
OVERLAYVM_QEMU=/ fails "host: run '/': Is a directory"
OVERLAYVM_QEMU=/etc/passwd fails "host: run '/etc/passwd': Permission denied"
OVERLAYVM_QEMU=no-such-qemu fails "host: no 'no-such-qemu' in PATH (on Debian and Ubuntu: apt-get install qemu-system-x86; or set OVERLAYVM_QEMU)"
verdict

claim=bad-surroundings/QEMU-ends-at-once
# The last line is the last of what it says.
qemu() {
	printf '%s\n' "$@" >qemu
	chmod 755 qemu
	export OVERLAYVM_QEMU=./qemu
}
qemu '#!/bin/sh' 'exit 1'
fails 'boot: the virtual machine ended before the run was complete (QEMU exited with status 1)'
qemu '#!/bin/sh' 'echo some words >&2' 'echo qemu: no machine >&2' 'exit 1'
fails 'boot: the virtual machine ended before the run was complete (qemu: no machine)'
qemu '#!/bin/sh' 'kill -SEGV $$'
fails 'boot: the virtual machine ended before the run was complete (QEMU was ended by SIGSEGV)'
qemu 'no program'
fails "boot: start '$WORK/./qemu': Exec format error"
unset OVERLAYVM_QEMU
verdict

claim=bad-surroundings/--infra-exit-is-the-status-of-host-and-guest
OVERLAYVM_QEMU=/nonexistent run_fails 75 \
	"overlayvm: host: run '/nonexistent': No such file or directory" \
	--infra-exit 75 --output nobody/layer.tar --report nobody/report.json
grep -q '"class": "host"' nobody/report.json || problem 'not of class host'
grep -q '"status": 75,' nobody/report.json || problem 'not so in the report'
qemu '#!/bin/sh' 'exit 1'
run_fails 75 'overlayvm: boot: the virtual machine ended before the run was complete (QEMU exited with status 1)' \
	--infra-exit 75 --output nobody/layer.tar --report nobody/report.json
grep -q '"class": "guest"' nobody/report.json || problem 'not of class guest'
unset OVERLAYVM_QEMU
# What was asked for wrongly stays 125.
run_fails 125 "overlayvm: plan: --cpus '0' is not a number from 1 to 255" \
	--infra-exit 75 --cpus 0
is_old_output
verdict

claim=bad-surroundings/no-guest-image
mkdir alone
cp "$OVERLAYVM" alone/
(
	OVERLAYVM=$WORK/alone/overlayvm
	export OVERLAYVM_CACHE=$WORK/none
	fails "guest image: none found (make one with 'overlayvm guest build')"
	verdict
)

claim=bad-surroundings/no-directory-for-temporary-files
for dir in /nonexistent /etc; do
	why='Permission denied'
	[ -d "$dir" ] || why='No such file or directory'
	why+=' (OVERLAYVM_TMPDIR names another place)'
	OVERLAYVM_TMPDIR=$dir fails "host: use '$dir' for temporary files: $why"
	OVERLAYVM_TMPDIR='' TMPDIR=$dir \
		fails "host: use '$dir' for temporary files: $why"
done
verdict
