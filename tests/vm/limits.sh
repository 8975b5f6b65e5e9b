#!/bin/bash
# SPDX-License-Identifier: MIT
# A limit that is hit ends the run, in one line that names it.
. "$(dirname "$0")/lib.sh"

old_output
fails() {
	run_fails 125 "overlayvm: guest: $1" "${@:2}" --infra-exit 75 \
		--output nobody/layer.tar --report nobody/report.json
	is_old_output
	grep -q '"class": "hook"' nobody/report.json ||
		problem 'not of class hook'
	verdict
}

claim=limits/a-hook-that-prints-without-end
fails 'hooks have printed more than 1 MiB (use a larger --limit log)' \
	--limit log=1 --post-mount 'yes'

claim=limits/a-layer-that-is-too-large
fails 'the layer has more than 1 MiB (use a larger --limit layer-size)' \
	--limit layer-size=1 --post-mount 'head -c 1048576 /dev/zero >mnt/zeros'

claim=limits/a-layer-of-too-many-entries
fails 'the layer has more than 10 entries (use a larger --limit layer-entries)' \
	--limit layer-entries=10 --post-mount 'mkdir mnt/{a..j}'

claim=limits/a-layer-at-the-limit
run_ok --limit layer-entries=11 --post-mount 'mkdir mnt/{a..j}'
verdict

claim=limits/a-hook-that-takes-too-long
run_fails 124 'overlayvm: hook postMount: has taken more than 1 s (use a larger --limit hook-time)' \
	--limit hook-time=1 --post-mount 'while :; do echo; done' \
	--output nobody/layer.tar --report nobody/report.json
is_old_output
grep -q '"class": "timeout"' nobody/report.json || problem 'not of class timeout'
verdict

claim=limits/a-hook-that-prints-nothing
run_fails 124 'overlayvm: hook preMount: has printed nothing for 1 s (use a larger --limit hook-silence)' \
	--limit hook-silence=1 --pre-mount 'sleep infinity'
verdict

claim=limits/a-guest-that-lives-is-heard-of
run_ok --limit guest-silence=10 --post-mount 'sleep 12'
verdict

# The hook says that it runs, and then QEMU is stopped for good.
claim=limits/a-qemu-that-is-stopped
stop_qemu() {
	local line

	while read -r line; do
		[[ $line != *stop-now* ]] || pkill -STOP -P "$(cat nobody/pid)" qemu
		printf '%s\n' "$line"
	done
}
as_nobody bash -c 'echo $$ >nobody/pid; exec "$@" 2>&1' _ "$OVERLAYVM" run --accel tcg --progress plain \
	--limit guest-silence=7 --report nobody/report.json \
	--post-mount 'echo stop-now; sleep infinity' | stop_qemu >said
grep -qxF 'overlayvm: guest: has shown no sign of life for 7 s (use a larger --limit guest-silence)' said ||
	problem "$(cat said)"
grep -q '"retryable": true' nobody/report.json || problem 'not retryable'
nothing_left
verdict
