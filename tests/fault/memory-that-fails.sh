#!/bin/bash
# SPDX-License-Identifier: MIT
# Each allocation of a run fails once, or with EVERY=9, which is the default,
# each ninth: what has to be true then is as of calls-that-fail. OpenSSL and
# json-c crash for want of memory, and libarchive ends the program with status
# 1: what they do is no better than being killed, but no worse either.
. "$(dirname "$0")/lib.sh"

every=${EVERY:-9}
mark=$WORK/nobody/mark
runs=0 ended=0

judge_ended() {
	[[ $(cat "$mark") == */lib* ]] ||
		problem "$step: status $status, and $(cat "$mark") asked"
	is_whole nobody/layer.tar nobody/wanted.tar
	is_whole nobody/image.tar nobody/wanted-image.tar
	ended=$((ended + 1))
}

claim=memory-that-fails/each-time
for ((n = every; ; n += every)); do
	step="allocation $n"
	rm -f "$mark"
	old_outputs
	status=0
	as_nobody env NO_MEMORY_AT=$n NO_MEMORY_MARK="$mark" \
		LD_PRELOAD="$(dirname "$RECORD")/no_memory.so" \
		"$OVERLAYVM" "${arguments[@]}" 2>err || status=$?
	[ -e "$mark" ] || break
	case $status in
	1 | 134 | 139) judge_ended ;;
	*) judge ;;
	esac
	[ -z "$(find nobody -name 'overlayvm.*')" ] || rm -r nobody/overlayvm.*
	runs=$((runs + 1))
done
nothing_left
cmp base.tar base.copy || problem 'the image has changed'
[ $((runs * every)) -ge 3000 ] || problem "$runs runs only"
echo "memory-that-fails: $runs runs, of which libraries ended $ended" >&2
verdict
