#!/bin/bash
# SPDX-License-Identifier: MIT
# measure.sh - the cases and their contenders, timed in turns; sourced by run
#
# A case is a file of cases/. It defines bench(), which makes what is needed
# and says who is measured, and a function for each contender: NAME() is timed;
# prepare_NAME(), if there is one, comes before each time, and check_NAME()
# after the first. All of them run in a process of their own (contender). In
# bench():
#
#	about TEXT                        what the case is, for the table
#	contender NAME TEXT [COMMAND]...  missing, unless the commands are there
#	absent NAME WHY                   missing for another reason
#	ratio at-most|at-least GOAL A B   of the medians, A to B; GOAL may be -
#	figure at-most|at-least GOAL A    of a contender with a value()
#
# A case with points is measured at each of them, in $POINT (plot.sh).

: "${work:?}"

# record FILE KEY VALUE...: one JSON object, its values being text.
record() {
	local file=$1

	shift
	jq -nc '[$ARGS.positional | _nwise(2) | { (.[0]): .[1] }] | add' \
		--args case "$case" "$@" >>"$work/$file"
}

about() {
	about=$1
}

contender() {
	local name=$1 text=$2 command

	shift 2
	contenders+=("$name")
	record contenders contender "$name" about "$text" title "$about"
	for command; do
		command -v "$command" >/dev/null ||
			absent "$name" "no $command on this machine"
	done
}

absent() {
	out+=" $1 "
	note "$case: $1: $2"
	record contenders contender "$1" missing "$2"
}

ratio() {
	record goals title "$about" kind ratio bound "$1" goal "$2" a "$3" b "$4"
}

figure() {
	record goals title "$about" kind figure bound "$1" goal "$2" a "$3"
}

is_out() {
	[[ $out == *" $1 "* ]]
}

gave_up() {
	out+=" $1 "
	note "$case: $1: $2"
	sed 's/^/    /' "$work/log" | tail -n 20 >&2
	record contenders contender "$1" failed "$2"
}

# The steps of the run's report, as name and seconds.
steps_of() {
	[ ! -f "$1" ] || jq -c '[.steps[] | { name: (.side + ": " + .name),
		start: (.startNs / 1e9), seconds: (.durationNs / 1e9) }]' "$1"
}

keep_sample() {
	local number=null unit=s

	[ ! -f "$work/value" ] || read -r number unit <"$work/value"
	jq -c --arg case "$case" --arg contender "$1" --arg unit "$unit" \
		--argjson number "$number" --arg point "${POINT:-}" \
		--argjson steps "$(steps_of "$work/report.json" | grep . || echo null)" \
		'.results[0] | { case: $case, contender: $contender,
			value: ($number // .times[0]), unit: $unit,
			user, system, steps: $steps }
		| if $point == "" then . else .point = ($point | tonumber) end' \
		"$work/timed.json" >>"$work/samples"
}

# One time of one contender. The first is not counted.
take_turn() {
	local name=$1 round=$2 status=0

	rm -f "$work"/{value,timed.json,report*.json,layer*.tar}
	cd "$BENCH" || exit 1
	hyperfine --shell=none \
		--show-output --runs 1 --export-json "$work/timed.json" \
		--prepare "./contender $case prepare_$name" \
		"./contender $case $name" >"$work/log" 2>&1 || status=$?
	if [ "$status" -ne 0 ]; then
		gave_up "$name" "ended with status $status"
	elif [ "$round" -gt 0 ]; then
		keep_sample "$name"
	else
		./contender "$case" "check_$name" >"$work/log" 2>&1 ||
			gave_up "$name" 'did not do its work'
	fi
}

take_turns() {
	local round name

	for ((round = 0; round <= count; round++)); do
		for name in "${contenders[@]}"; do
			is_out "$name" || take_turn "$name" "$round"
		done
	done
}

# In a shell of its own, so that nothing of a case gets into the next.
run_case() (
	case=$1 count=$2 out='' about=$1
	contenders=() points=()
	note "$case: $count runs of each"
	# shellcheck disable=SC1090 # any of them
	. "$BENCH/cases/$case.sh"
	bench || {
		: >"$work/log"
		gave_up "$case" 'cannot be set up'
		return
	}
	[ ${#points[@]} -gt 0 ] || take_turns
	for POINT in "${points[@]}"; do
		export POINT
		note "$case: at $POINT"
		before_point && take_turns || gave_up "$case" "not at $POINT"
		after_point
	done
)

machine() {
	jq -n '{ cpus: ($cpus | tonumber), cpu: $cpu, kernel: $kernel,
		qemu: $qemu, memory: ($memory | tonumber), load: ($load | tonumber),
		layers: $layers, program: $program, date: $date }' \
		--arg cpus "$(nproc)" --arg kernel "$(uname -r)" \
		--arg cpu "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo |
			head -n 1)" \
		--arg qemu "$("${OVERLAYVM_QEMU:-qemu-system-x86_64}" --version |
			sed -n '1s/.*version \([^ ]*\).*/\1/p')" \
		--arg memory "$(awk '/^MemTotal/ { print $2 * 1024 }' \
			/proc/meminfo)" \
		--arg load "$(cut -d ' ' -f 1 /proc/loadavg)" \
		--arg layers "$LAYERS" --arg date "$(date -u +%Y-%m-%d)" \
		--arg program "$(git -C "$BENCH_TOP" describe --always --dirty \
			2>/dev/null)"
}
