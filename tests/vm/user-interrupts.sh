#!/bin/bash
# SPDX-License-Identifier: MIT
# Signals to overlayvm, and to QEMU, while a hook runs.
. "$(dirname "$0")/lib.sh"

# With job control: without it, what runs in the background ignores SIGINT.
set -m
old_output
mkfifo said
# Start a run in the background, and wait until its hook has said so.
start() {
	"${nobody[@]}" "$OVERLAYVM" run --accel tcg --timeout 900 \
		--post-mount 'echo it runs; sleep 1000' \
		--output nobody/layer.tar --report nobody/report.json 2>said &
	exec 7<said
	while read -r line <&7 && [ "$line" != 'it runs' ]; do :; done
	[ "$line" = 'it runs' ] || problem "instead of the hook: '$line'"
	# setpriv(1) and env(1) have become the program, with this number.
	main=$!
	qemu=$(tr -d ' ' <"/proc/$main/task/$main/children")
	[ -d "/proc/$qemu" ] || problem "no QEMU, but '$qemu'"
}

# Its status, its last line, and that nothing is left.
ended() {
	status=0
	wait "$main" || status=$?
	last=$(tail -n 1 <&7)
	exec 7<&-
	is_old_output
}

gone() {
	local i

	for ((i = 0; i < 600; i++)); do
		[ -d "/proc/$1" ] || return 0
		sleep 0.1
	done
	problem "process $1 is still there"
}

for signal in INT TERM HUP QUIT; do
	claim=user-interrupts/SIG$signal
	start
	kill -s "$signal" "$main"
	ended
	[ "$(kill -l "$status")" = "$signal" ] || problem "status $status"
	[ "$last" = "overlayvm: guest: ended by SIG$signal" ] ||
		problem "says '$last'"
	gone "$qemu"
	nothing_left
	grep -q '"class": "cancelled"' nobody/report.json ||
		problem 'not of class cancelled'
	verdict
done

claim=user-interrupts/SIGKILL
start
left=$(ls -d nobody/overlayvm.*)
kill -KILL "$main"
ended
[ "$status" -eq 137 ] || problem "status $status"
gone "$qemu"
[ -d "$left" ] || problem 'nothing is left, so this shows nothing'
# shellcheck disable=SC2119 # no option is meant
run_ok
nothing_left
verdict

claim=user-interrupts/SIGKILL-of-QEMU
start
kill -KILL "$qemu"
ended
[ "$status" -eq 125 ] || problem "status $status"
[ "$last" = 'overlayvm: guest: the virtual machine ended before the run was complete (QEMU was ended by SIGKILL; is this host out of memory?)' ] ||
	problem "says '$last'"
nothing_left
grep -q '"retryable": true' nobody/report.json || problem 'not retryable'
verdict
