#!/bin/bash
# SPDX-License-Identifier: MIT
# lib.sh - what the contenders of all cases share; sourced
#
# run sets OVERLAYVM, OVERLAYVM_CACHE, OVERLAYVM_TMPDIR, LAYERS (mount or
# unpack), BENCH (this directory) and BENCH_DIR.
: "${BENCH_DIR:?run by tests/bench/run}"

work=$BENCH_DIR/work
fixtures=$BENCH_DIR/fixtures

# What everybody has to do to the Debian base: write a file and delete one.
CHANGE='echo changed >/etc/changed && rm /etc/issue'
HOOK="chroot mnt /bin/sh -c '$CHANGE'"

# overlayvm OPTION...: a run with a report, which measure.sh takes from there.
overlayvm() {
	"$OVERLAYVM" run --accel tcg --progress none --timeout 1800 \
		--layers "$LAYERS" --output "$work/layer.tar" \
		--report "$work/report.json" "$@"
}

# The change to the base image.
change() {
	overlayvm --from-image "$fixtures/debian-1.tar" --post-mount "$HOOK" "$@"
}

# Whether a layer says what CHANGE did.
is_changed() {
	[ "$(tar -tf "$1" | grep -cxE '(\./)?etc/(changed|\.wh\.issue)')" -eq 2 ]
}

# side_by_side N COMMAND...: N times at once, each with a number behind it.
side_by_side() {
	local count=$1 i pids=() status=0

	shift
	for ((i = 1; i <= count; i++)); do
		"$@" "$i" &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || status=1
	done
	return "$status"
}

# one_after_another N COMMAND...
one_after_another() {
	local count=$1 i

	shift
	for ((i = 1; i <= count; i++)); do
		"$@" "$i" || return 1
	done
}

# The change, as the Ith of several.
change_as() {
	change --output "$work/layer-$1.tar" --report "$work/report-$1.json"
}

# value NUMBER UNIT: what was measured, where it is not the time.
value() {
	[ -n "$1" ] || return 1
	printf '%s %s\n' "$1" "$2" >"$work/value"
}

forget_layers() {
	rm -rf "${OVERLAYVM_CACHE:?}/layers"
}

forget_all() {
	rm -rf "${OVERLAYVM_CACHE:?}"
}
