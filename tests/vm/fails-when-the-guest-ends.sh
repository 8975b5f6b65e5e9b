#!/bin/bash
# SPDX-License-Identifier: MIT
# A hook that ends the machine under itself ends the run, and never with 0.
. "$(dirname "$0")/lib.sh"

old_output
# fails WORDS SCRIPT: the machine ends, and these are its last words.
fails() {
	run_fails 125 "overlayvm: guest: the virtual machine ended before the run was complete$1" \
		--post-mount "$2"$'\nsleep 1000' --output nobody/layer.tar \
		--report nobody/report.json
	is_old_output
	grep -q '"class": "guest"' nobody/report.json ||
		problem 'not of class guest'
	verdict
}

claim=fails-when-the-guest-ends/poweroff
fails ' (powered off or rebooted from within)' 'poweroff -f'
claim=fails-when-the-guest-ends/reboot
fails ' (powered off or rebooted from within)' 'reboot -f'
claim=fails-when-the-guest-ends/panic
fails ' (Kernel panic - not syncing: sysrq triggered crash)' \
	'echo c >/proc/sysrq-trigger'
claim=fails-when-the-guest-ends/the-consoles-last-lines-are-in-the-report
grep -q '^ *"\[ *[0-9.]*\] Kernel panic - not syncing: sysrq triggered crash",$' nobody/report.json ||
	problem "$(grep -A99 console nobody/report.json)"
verdict
claim=fails-when-the-guest-ends/the-agent-is-killed
fails ' (Kernel panic - not syncing: Attempted to kill init! exitcode=0x0000000b)' '
	# Nothing of the program of PID 1 is code any more.
	while read -r range mode _; do
		[[ $mode == r-x* ]] || continue
		from=$((0x${range%-*} / 4096))
		dd if=/dev/zero of=/proc/1/mem bs=4096 seek=$from \
			count=$((0x${range#*-} / 4096 - from)) conv=notrunc || :
	done </proc/1/maps
	kill -CHLD 1
'

claim=fails-when-the-guest-ends/SIGKILL-does-not-end-the-agent
run_ok --post-mount 'kill -9 1; kill -9 -1; echo still here; echo >mnt/file' \
	--output nobody/layer.tar
said 'still here'
assert_has nobody/layer.tar file
verdict
