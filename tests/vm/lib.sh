# SPDX-License-Identifier: MIT
# lib.sh - what the tests in a virtual machine share; sourced by each
#
# tests/run calls a test with OVERLAYVM, RECORD and WORK (a directory of its
# own) set. A test prints "ok CLAIM", "not ok CLAIM: why" or "skip CLAIM: why",
# a line for each claim it shows, and everything else to standard error.
# shellcheck shell=bash

set -u
umask 022
export LC_ALL=C
: "${OVERLAYVM:?run by tests/run}" "${RECORD:?}" "${WORK:?}"
# shellcheck disable=SC2034 # for those who source this
here=$(cd "$(dirname "$0")" && pwd)
cd "$WORK" || exit 1

# The user that overlayvm runs as: nobody, without a capability.
NOBODY=65534
nobody=(env)
[ "$(id -u)" -ne 0 ] ||
	nobody=(setpriv --reuid "$NOBODY" --regid "$NOBODY" --clear-groups
		--inh-caps=-all --bounding-set=-all --no-new-privs
		env HOME=/nonexistent)
as_nobody() {
	"${nobody[@]}" "$@"
}

# A directory that nobody can write to, for outputs and temporary files.
mkdir -p "$WORK/nobody"
[ "$(id -u)" -ne 0 ] || chown "$NOBODY:$NOBODY" "$WORK/nobody"
chmod 755 "$WORK" "$WORK/nobody"
export OVERLAYVM_TMPDIR=$WORK/nobody

claim=${0##*/}
claim=${claim%.sh}
problems=0

problem() {
	printf '%s: %s\n' "$claim" "$*" >&2
	problems=$((problems + 1))
	first_problem=${first_problem:-$*}
}

# Ends a claim; a script that shows several begins the next one with `claim=`.
verdict() {
	if [ "$problems" -eq 0 ]; then
		printf 'ok %s\n' "$claim"
	else
		printf 'not ok %s: %s\n' "$claim" "${first_problem//$'\n'/ }"
	fi
	problems=0
	first_problem=
}

skip() {
	printf 'skip %s: %s\n' "$claim" "$*"
	exit 0
}

# The program, as nobody, emulated wherever it runs: so that every machine
# tests the same. Sets $status; what it says is in $WORK/err.
overlayvm() {
	status=0
	as_nobody "$OVERLAYVM" "$@" 2>"$WORK/err" || status=$?
	return 0
}

run() {
	overlayvm run --accel tcg --timeout 900 "$@"
}

run_ok() {
	run "$@"
	[ "$status" -eq 0 ] ||
		problem "exit status $status: $(tail -n 3 "$WORK/err")"
}

# same_every_way OPTION...: the run gives the same bytes, whether the guest is
# booted or restored, and whether it mounts the layers or unpacks them.
same_every_way() {
	local -x SOURCE_DATE_EPOCH=1500000000
	local layers boot first=$WORK/nobody/first.tar other=$WORK/nobody/other.tar

	rm -f "$first"
	for layers in mount unpack; do
		for boot in '' --no-template; do
			# shellcheck disable=SC2086 # none or one word
			run_ok "$@" --layers $layers $boot --output "$other"
			[ -e "$first" ] || cp "$other" "$first"
			cmp "$first" "$other" >&2 ||
				problem "other bytes with --layers $layers $boot"
			rm -f "$other"
		done
	done
}

# run_fails STATUS LINE [OPTION]...: ends with this status, and its last line
# is this one, word for word.
run_fails() {
	local want=$1 line=$2 last

	shift 2
	run "$@"
	last=$(tail -n 1 "$WORK/err")
	[ "$status" -eq "$want" ] ||
		problem "exit status $status instead of $want: $last"
	[ "$last" = "$line" ] || problem "says '$last' instead of '$line'"
	nothing_left
}

# said LINE: a hook or the program printed this line.
said() {
	grep -aqxF -- "$1" "$WORK/err" || problem "no line '$1'"
}

said_nothing_of() {
	! grep -aqF -- "$1" "$WORK/err" || problem "a line with '$1'"
}

# What stands at --output before a run must be there after one that fails.
old_output() {
	echo old >"$WORK/nobody/layer.tar"
}

is_old_output() {
	[ "$(cat "$WORK/nobody/layer.tar")" = old ] ||
		problem 'the output is not as it was'
}

# processes NAMES: those of this test whose name begins so.
processes() {
	local environ pid

	grep -lzs "^OVERLAYVM_TMPDIR=$WORK/nobody\$" /proc/[0-9]*/environ |
		while read -r environ; do
			pid=${environ#/proc/}
			pid=${pid%/environ}
			! grep -qsE "^($1)" "/proc/$pid/comm" || echo "$pid"
		done
}

# What a killed run has started ends with it, but not at the same instant.
wait_for_the_killed() {
	local i

	for ((i = 0; i < 3000; i++)); do
		[ -n "$(processes 'overlayvm|qemu|passt|actor|at-|tar2sqfs|strace')" ] || return 0
		sleep 0.02
	done
	problem 'what a killed run has started does not end'
}

# Whatever happened, no file of a run, no QEMU and no passt of this test is left.
nothing_left() {
	local left

	left=$(find "$WORK/nobody" -name 'overlayvm.*')
	[ -z "$left" ] || problem "left behind: $left"
	left=$(find "$WORK/nobody" -name '.*.tmp')
	[ -z "$left" ] || problem "left behind: $left"
	left=$(processes 'qemu|passt|actor|at-')
	[ -z "$left" ] || problem "processes left behind: $left"
}

# pack_layer DIR TAR: a directory as a layer, with all that root can give it.
pack_layer() {
	tar -C "$1" --format=pax --sort=name --numeric-owner \
		--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime \
		--xattrs --xattrs-include='*' -cf "$2" .
}

# pack_image OUT TAG LAYER...: layers, lowest first, as a docker archive, with
# $IMAGE_CONFIG as the JSON of how it is to run.
pack_image() {
	local out=$1 tag=$2 dir layer n=0 layers='' diff_ids='' id

	shift 2
	dir=$(mktemp -d "$WORK/image.XXXXXX")
	for layer; do
		n=$((n + 1))
		mkdir -p "$dir/l$n"
		cp "$layer" "$dir/l$n/layer.tar"
		id=$(sha256sum "$layer")
		layers+="${layers:+,}\"l$n/layer.tar\""
		diff_ids+="${diff_ids:+,}\"sha256:${id%% *}\""
	done
	printf '{"architecture":"amd64","os":"linux","config":%s,"rootfs":{"type":"layers","diff_ids":[%s]}}' \
		"${IMAGE_CONFIG:-"{}"}" "$diff_ids" >"$dir/config.json"
	printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":[%s]}]' \
		"$tag" "$layers" >"$dir/manifest.json"
	tar -C "$dir" -cf "$out" .
	rm -rf "$dir"
	chmod 644 "$out"
}

# base_image OUT: a small image of two layers to start from, base:1.
base_image() {
	mkdir -p "$WORK/base/1/dir" "$WORK/base/2/dir"
	echo lower >"$WORK/base/1/dir/lower"
	echo lower >"$WORK/base/1/file"
	echo upper >"$WORK/base/2/dir/upper"
	pack_layer "$WORK/base/1" "$WORK/base/1.tar"
	pack_layer "$WORK/base/2" "$WORK/base/2.tar"
	pack_image "$1" base:1 "$WORK/base/1.tar" "$WORK/base/2.tar"
}

# umoci_apply IMAGE LAYER DIR: what an implementation of OCI that shares no
# code with us makes of the image and the new layer.
umoci_apply() {
	local oci=$3.oci

	rm -rf "$oci" "$3"
	skopeo --insecure-policy copy -q "docker-archive:$1" "oci:$oci:it" >&2 &&
		umoci --log=error raw add-layer --image "$oci:it" "$2" >&2 &&
		umoci --log=error unpack --image "$oci:it" "$3.bundle" >&2 &&
		mv "$3.bundle/rootfs" "$3"
}

# What a hook is to print of the merged tree, and to get it out of the log.
# shellcheck disable=SC2034
RECORD_HOOK='echo "=== record"; chroot mnt /record / ./record; echo "=== end"'
recorded() {
	sed -n '/^=== record$/,/^=== end$/p' "$WORK/err" | sed '1d;$d'
}

names_of() {
	tar -tf "$1"
}

assert_has() {
	names_of "$1" | grep -qxF -- "$2" || problem "no '$2' in the layer"
}

assert_lacks() {
	! names_of "$1" | grep -qxF -- "$2" || problem "'$2' is in the layer"
}
