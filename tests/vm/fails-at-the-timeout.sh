#!/bin/bash
# SPDX-License-Identifier: MIT
# --timeout ends whatever goes on, with status 124.
. "$(dirname "$0")/lib.sh"

old_output
fails() {
	run_fails 124 "overlayvm: guest: timed out after 15 s (--timeout)" \
		--timeout 15 --post-mount "$1" --output nobody/layer.tar \
		--report nobody/report.json
	is_old_output
	grep -q '"class": "timeout"' nobody/report.json ||
		problem 'not of class timeout'
	verdict
}

claim=fails-at-the-timeout/a-hook-that-never-ends
fails 'trap "" TERM INT HUP QUIT; while :; do sleep 1000 || :; done'
said '==> run hook postMount'
claim=fails-at-the-timeout/a-hook-that-forks-without-end
fails 'bomb() { bomb | bomb & }; bomb; wait; sleep 1000'

claim=fails-at-the-timeout/before-the-guest-is-up
run_fails 124 'overlayvm: boot: timed out after 1 s (--timeout)' --timeout 1 --no-template \
	--output nobody/layer.tar
is_old_output
verdict

claim=fails-at-the-timeout/forks-are-gone-after-the-hook
# A hundred that fork on while they are killed must not outrun it.
run_ok --memory 1G --post-mount '
	spin() { while :; do (exit) & wait $!; done; }
	for ((i = 0; i < 100; i++)); do spin & done
' --post-umount 'cat /proc/[0-9]*/cmdline | tr "\0" "\n" | grep -c "^bash$"'
said 1
verdict
