#!/bin/bash
# SPDX-License-Identifier: MIT
# SIGKILL while things are made for the cache leaves nothing that a later run
# trips over; and a cache that is too large shrinks.
. "$(dirname "$0")/lib.sh"

base_image base.tar
export OVERLAYVM_CACHE=$WORK/nobody/cache
hook='cat mnt/file mnt/dir/*; echo new >mnt/new'
export SOURCE_DATE_EPOCH=1500000000
run_ok --from-image base.tar --post-mount "$hook" --output nobody/wanted

# Calls by which a run changes anything that others may see.
changes='mkdir rename symlinkat unlinkat rmdir flock fsync ftruncate clone clone3
	kill copy_file_range sendmsg'

# killed OPTION...: the program, traced, as far as it comes.
killed() {
	as_nobody strace -qq -o /dev/null "$@" "$OVERLAYVM" run --accel tcg \
		--timeout 900 --from-image base.tar --post-mount "$hook" \
		--output nobody/layer.tar >"$WORK/err" 2>&1
}

# What is there, a lock or a thing that is being made has a dot in its name.
leftovers() {
	find "$OVERLAYVM_CACHE" -mindepth 2 -maxdepth 2 -name '*.*'
}

survives() {
	wait_for_the_killed
	run_ok --from-image base.tar --post-mount "$hook" \
		--output nobody/layer.tar
	cmp nobody/wanted nobody/layer.tar >&2 || problem "another layer after $1"
	nothing_left
	[ -z "$(leftovers)" ] || problem "left after $1: $(leftovers)"
	said_nothing_of warning
}

# At the first of each, at the seventh, and so on.
claim=cache-survives/killed-at-changes
kills=0
for call in $changes; do
	when=1
	while rm -rf "$OVERLAYVM_CACHE" nobody/layer.tar
		killed -e "trace=$call" -e "inject=$call:signal=KILL:when=$when"
		[ $? -eq 137 ]; do
		[ ! -e nobody/layer.tar ] ||
			cmp nobody/wanted nobody/layer.tar >&2 ||
			problem "half an output after $call $when"
		survives "$call $when"
		when=$((when + 6))
		kills=$((kills + 1))
	done
done
[ "$kills" -ge 15 ] || problem "killed $kills times only"
verdict

# Its threads, and tar2sqfs, which then fails, and the layer is unpacked.
claim=cache-survives/killed-while-layers-are-prepared
for call in flock rename fchmod execve; do
	for when in 1 2; do
		rm -rf "$OVERLAYVM_CACHE"
		killed -f -e "trace=$call" \
			-e "inject=$call:signal=KILL:when=$when"
		survives "$call $when"
	done
done
verdict

claim=cache-survives/no-larger-than-asked-for
size() { as_nobody "$OVERLAYVM" cache list | awk '{ n = $3 } END { print n }'; }
run_ok --from-image base.tar --post-mount "$hook" --memory 300
[ "$(find "$OVERLAYVM_CACHE/templates" -name ram | wc -l)" -eq 2 ] ||
	problem 'there are not two templates'
all=$(size)
export OVERLAYVM_CACHE_SIZE=${all%.*}
touch -d '2001-01-01' "$OVERLAYVM_CACHE"/templates/*
run_ok --from-image base.tar --post-mount "$hook" --memory 301
[ "$(find "$OVERLAYVM_CACHE/templates" -name ram | wc -l)" -le 2 ] ||
	problem 'no template has gone'
[ "$(printf '%.0f' "$(size)")" -le "$OVERLAYVM_CACHE_SIZE" ] ||
	problem "the cache has $(size) MiB, not $OVERLAYVM_CACHE_SIZE"
OVERLAYVM_CACHE_SIZE=1 run_ok --from-image base.tar --post-mount "$hook" \
	--memory 302 --output nobody/layer.tar
cmp nobody/wanted nobody/layer.tar >&2 || problem 'another layer'
OVERLAYVM_CACHE_SIZE=big run_fails 125 "overlayvm: plan: OVERLAYVM_CACHE_SIZE\
 'big' is not a size in MiB (digits, then M, G or T if wanted)"
verdict
