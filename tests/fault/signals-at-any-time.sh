#!/bin/bash
# SPDX-License-Identifier: MIT
# Signals to overlayvm and to QEMU, at every step of a run, and twice; and many
# runs at once. An actor plays QEMU: where it waits, its name says the step.
. "$(dirname "$0")/lib.sh"

# With job control: without it, what runs in the background ignores SIGINT.
set -m
steps='start hello prepared ready hook layer end'

# reach STEP: a run whose actor has come so far; sets main and qemu.
reach() {
	local i

	step=$1
	old_outputs
	OVERLAYVM_ACT=$1 "${nobody[@]}" "$OVERLAYVM" "${arguments[@]}" 2>err &
	main=$!
	for ((i = 0; i < 3000; i++)); do
		qemu=$(tr -d ' ' <"/proc/$main/task/$main/children")
		[ "$(cat "/proc/$qemu/comm" 2>/dev/null)" != "at-$1" ] || return 0
		sleep 0.02
	done
	problem "$1 is not reached: $(cat err)"
}

# ends_by SIGNAL: it does, and says so in one line, and is as it should be.
ends_by() {
	status=0
	# -f: of a job that was stopped, bash would say that instead of the end.
	wait -f "$main" || status=$?
	[ "$(kill -l "$status")" = "$1" ] || problem "$step: status $status"
	status=125
	judge
	cmp -s nobody/layer.tar old || problem "$step: another output"
}

gone() {
	local i

	for ((i = 0; i < 3000; i++)); do
		[ -d "/proc/$1" ] || return 0
		sleep 0.02
	done
	problem "$step: process $1 is still there"
}

# With job control bash leaves a loop when it sees that a job has stopped.
stopped() {
	timeout 600 bash -c 'until grep -q "^State:.T" "/proc/$1/status"; do sleep 0.02; done' \
		bash "$1" || problem "$step: process $1 is not stopped"
}

# The agent has said all at `end`: the run is over, and cannot be ended.
for signal in INT TERM HUP QUIT; do
	claim=signals-at-any-time/SIG$signal
	for at in ${steps/ end/}; do
		reach "$at"
		kill -s "$signal" "$main"
		ends_by "$signal"
		grep -q "^overlayvm: [a-z]*: ended by SIG$signal\$" err ||
			problem "$at: $(cat err)"
		gone "$qemu"
	done
	nothing_left
	verdict
done

claim=signals-at-any-time/twice
for at in ${steps/ end/}; do
	reach "$at"
	kill -INT "$main"
	kill -TERM "$main"
	kill -INT "$main"
	status=0
	wait "$main" || status=$?
	[[ $(kill -l "$status") == @(INT|TERM) ]] || problem "$at: status $status"
	status=125
	judge
	gone "$qemu"
done
nothing_left
verdict

# While it removes what it has made: the last calls of a run.
claim=signals-at-any-time/while-it-cleans-up
for when in 1 2 3 4 5 6 7 8 9; do
	step="unlinkat $when"
	old_outputs
	status=0
	OVERLAYVM_ACT=-hook as_nobody strace -qq -o /dev/null -e trace=unlinkat \
		-e "inject=unlinkat:signal=TERM:when=$when" \
		"$OVERLAYVM" "${arguments[@]}" 2>err || status=$?
	case $status in
	125 | 143) status=125 && judge ;;
	*) problem "$step: status $status" ;;
	esac
done
nothing_left
verdict

claim=signals-at-any-time/stopped-and-continued
reach hook
kill -TSTP "$main"
stopped "$main"
kill -PIPE "$main"
kill -CONT "$main"
kill -TERM "$main"
ends_by TERM
verdict

claim=signals-at-any-time/SIGKILL
for at in $steps; do
	[ "$at" != end ] || continue
	reach "$at"
	kill -KILL "$main"
	wait "$main"
	gone "$qemu"
	is_whole nobody/layer.tar nobody/wanted.tar
	is_whole nobody/image.tar nobody/wanted-image.tar
done
[ -n "$(find nobody -name 'overlayvm.*')" ] || problem 'nothing is left to show'
wait_for_the_killed
run_ok --no-template --post-mount x
nothing_left
verdict

for signal in KILL SEGV ABRT; do
	claim=signals-at-any-time/SIG$signal-of-QEMU
	for at in ${steps/ end/}; do
		reach "$at"
		kill -s "$signal" "$qemu"
		status=0
		wait "$main" || status=$?
		judge
		[ "$status" -eq 125 ] || problem "$at: status $status"
		grep -q "QEMU was ended by SIG$signal" err || problem "$at: $(cat err)"
		grep -q '"retryable": true' nobody/report.json ||
			problem "$at: not retryable"
	done
	nothing_left
	verdict
done

claim=signals-at-any-time/QEMU-ends-by-itself
for at in ${steps/ end/}; do
	step=$at
	old_outputs
	status=0
	OVERLAYVM_ACT=-$at as_nobody "$OVERLAYVM" "${arguments[@]}" 2>err || status=$?
	judge
	[ "$status" -eq 125 ] || problem "$at: status $status"
	cmp -s nobody/layer.tar old || problem "$at: another output"
done
nothing_left
verdict

# The first to come prepare the layers, and all get the same.
claim=signals-at-any-time/twenty-at-once
export OVERLAYVM_CACHE=$WORK/nobody/cache
runs=()
for i in {1..20}; do
	as_nobody "$OVERLAYVM" run --accel tcg --no-template --from-image base.tar \
		--post-mount x --output "nobody/layer-$i.tar" 2>"err-$i" &
	runs+=($!)
done
for i in {1..20}; do
	wait "${runs[i - 1]}" || problem "run $i: $(cat "err-$i")"
	cmp "nobody/layer-$i.tar" nobody/wanted.tar >&2 || problem "run $i: another layer"
	! grep -q warning "err-$i" || problem "run $i: $(cat "err-$i")"
done
[ -z "$(find "$OVERLAYVM_CACHE" -mindepth 2 -maxdepth 2 -name '*.*')" ] ||
	problem "left: $(find "$OVERLAYVM_CACHE")"
nothing_left
verdict
