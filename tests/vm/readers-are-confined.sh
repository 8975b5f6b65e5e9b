#!/bin/bash
# SPDX-License-Identifier: MIT
# What reads a guest's layer on the host has two descriptors and no rights.
. "$(dirname "$0")/lib.sh"

# Starts a run that says more than a pipe holds, so that it waits for us, and
# waits until a reader waits for its layer: a child of the same program, there
# before the guest is. What the run says is then in descriptor 8.
mkfifo fifo
start() {
	"${nobody[@]}" "$OVERLAYVM" run --accel tcg \
		--post-mount 'head -c 1000000 /dev/zero | tr "\0" x; echo' \
		--output nobody/layer.tar --report nobody/report.json 2>fifo &
	pid=$!
	exec 8<fifo
	until reader=$(pgrep -P $pid -x overlayvm) &&
		grep -q '^State:.S' "/proc/$reader/status"; do
		kill -0 $pid || break
	done
}

old_output

claim=readers-are-confined/it-has-nothing-but-its-descriptors
start
grep -q '^NoNewPrivs:.1$' "/proc/$reader/status" || problem 'new privileges'
grep -q '^Seccomp:.2$' "/proc/$reader/status" || problem 'no filter'
open=$(find "/proc/$reader/fd" -type l | wc -l)
[ "$open" -eq 3 ] || problem "$open descriptors, not layer, socket and pipe"
verdict

claim=readers-are-confined/a-crash-fails-the-run-as-internal
kill -SEGV "$reader"
cat <&8 >err
status=0
wait $pid || status=$?
[ "$status" -eq 125 ] || problem "exit status $status"
[ "$(tail -n 1 err)" = 'overlayvm: guest: read the layer: its reader was ended by SIGSEGV, which is a mistake in overlayvm or its libraries' ] ||
	problem "says $(tail -n 1 err)"
grep -q '"class": "internal"' nobody/report.json || problem 'not internal'
is_old_output
nothing_left
verdict

claim=readers-are-confined/it-ends-with-its-parent
start
kill -KILL $pid
exec 8<&-
wait $pid
tail --pid="$reader" -f /dev/null # until it is gone
verdict
