#!/bin/bash
# SPDX-License-Identifier: MIT
# The status of a failing hook is the exit status, later hooks do not run, and
# the output is as it was.
. "$(dirname "$0")/lib.sh"

old_output
# fails STATUS WHAT SCRIPT: at this status, which the last line tells so.
fails() {
	run_fails "$1" "overlayvm: hook postMount: $2" \
		--pre-mount 'later() { :; }' --post-mount "$3"$'\necho not this' \
		--post-umount 'echo not this' --output nobody/layer.tar
	said_nothing_of 'not this'
	is_old_output
	[ -z "${4:-}" ] || grep -q "$4" err || problem "no line '$4'"
	verdict
}

claim=fails-with-the-hooks-status/of-exit
fails 3 'exited with status 3' 'echo some words; exit 3'
claim=fails-with-the-hooks-status/of-a-command
fails 1 'exited with status 1' 'false | true; false'
claim=fails-with-the-hooks-status/of-return
fails 255 'exited with status 255' 'return 255'
claim=fails-with-the-hooks-status/not-found
fails 127 'exited with status 127' no-such-command \
	': line 1: no-such-command: command not found$'
claim=fails-with-the-hooks-status/not-executable
fails 126 'exited with status 126' 'echo >file; ./file' \
	': line 1: ./file: Permission denied$'
claim=fails-with-the-hooks-status/of-a-syntax-error
fails 2 'exited with status 2' 'if true; the end'
claim=fails-with-the-hooks-status/SIGKILL
fails 137 'ended by signal 9 (SIGKILL)' 'kill -9 $$'
claim=fails-with-the-hooks-status/SIGTERM
fails 143 'ended by signal 15 (SIGTERM)' 'kill -TERM $$; sleep 1'
claim=fails-with-the-hooks-status/of-a-command-that-a-signal-ended
fails 139 'exited with status 139' '(kill -SEGV $BASHPID)'
