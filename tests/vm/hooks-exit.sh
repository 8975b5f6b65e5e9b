#!/bin/bash
# SPDX-License-Identifier: MIT
# A hook may end the shell where no other hook needs it any more.
. "$(dirname "$0")/lib.sh"

claim=hooks-exit/exit-0-in-the-last-hook-is-an-end
run_ok --pre-mount 'trap "echo trapped" EXIT' \
	--post-mount 'echo >mnt/file; exit 0; echo not this' \
	--output nobody/layer.tar
said trapped
said_nothing_of 'not this'
assert_has nobody/layer.tar file
verdict

claim=hooks-exit/exit-0-before-another-hook-is-an-error
old_output
run_fails 125 'overlayvm: guest: run hook postMount: an earlier hook has ended the shell (by '\''exit'\'' or '\''exec'\'')' \
	--pre-mount 'exit 0' --post-mount 'echo not this' \
	--output nobody/layer.tar --report nobody/report.json
said_nothing_of 'not this'
is_old_output
grep -q '"class": "hook"' nobody/report.json || problem 'not of class hook'
verdict

claim=hooks-exit/a-trap-can-fail-the-run
old_output
run_fails 3 'overlayvm: hook postUmount: exited with status 3' \
	--post-mount 'trap "exit 3" EXIT' --post-umount true \
	--output nobody/layer.tar
is_old_output
verdict
