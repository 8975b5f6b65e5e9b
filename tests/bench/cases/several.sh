#!/bin/bash
# SPDX-License-Identifier: MIT
# Eight warm runs at once: against one after another, and their memory.
# shellcheck disable=SC2034,SC2154

bench() {
	about '8 warm runs'
	need_fixture debian-1 || return 1
	contender serial 'overlayvm, one after another'
	contender at_once 'overlayvm, all at once'
	ratio at-least 1.6 serial at_once
	about 'memory of one of 8'
	contender memory 'overlayvm'
	figure at-most 72 memory
}

serial() {
	one_after_another 8 change_as
}

at_once() {
	side_by_side 8 change_as
}

check_at_once() {
	local i

	for i in {1..8}; do
		is_changed "$work/layer-$i.tar"
	done
}

# The QEMU below a process, as kB of its proportional set.
qemu_pss() {
	local child

	if [[ $(<"/proc/$1/comm") == qemu* ]]; then
		awk '/^Pss:/ { print $2 }' "/proc/$1/smaps_rollup"
		return
	fi
	for child in $(<"/proc/$1/task/$1/children"); do
		qemu_pss "$child"
	done
}

# Wait until the Ith run's hook has done its work.
is_waiting() {
	local i

	for ((i = 0; i < 3000; i++)); do
		! grep -qx 'it waits' "$work/said-$2" || return 0
		[ -d "/proc/$1" ] || return 1
		sleep 0.1
	done
	return 1
}

memory() {
	local i pids=() kilobytes=0 status=0

	for i in {1..8}; do
		# Not in a shell of its own: the number is the program's.
		"$OVERLAYVM" run --accel tcg --progress none --timeout 1800 \
			--layers "$LAYERS" \
			--from-image "$fixtures/debian-1.tar" \
			--post-mount "$HOOK; echo 'it waits'; sleep 1000" \
			>"$work/said-$i" 2>&1 &
		pids+=($!)
	done
	for i in {1..8}; do
		is_waiting "${pids[i - 1]}" "$i" || {
			status=1
			tail -n 3 "$work/said-$i"
		}
	done
	for i in "${pids[@]}"; do
		[ "$status" -ne 0 ] ||
			kilobytes=$((kilobytes + $(qemu_pss "$i" || echo 0)))
	done
	kill "${pids[@]}" 2>/dev/null || status=1
	wait "${pids[@]}" || true
	[ "$kilobytes" -gt 0 ] || status=1
	value "$(awk -v k="$kilobytes" 'BEGIN { print k * 1024 / 8 / 1e6 }')" MB
	return "$status"
}
