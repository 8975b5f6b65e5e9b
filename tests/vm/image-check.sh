#!/bin/bash
# SPDX-License-Identifier: MIT
# image check names every rule that a layer or an image breaks, and nothing of
# those that break none. broken-images breaks each rule.
. "$(dirname "$0")/lib.sh"

mkdir broken
python3 "$here/broken-images" broken || exit 1
cd broken || exit 1

# checked FILE WANT: the lines are those, and the status says if one is an error.
checked() {
	local want=0

	overlayvm image check "$1" >out
	! grep -q '^error: ' "$2" || want=1
	[ "$status" -eq "$want" ] ||
		problem "$1: exit status $status: $(cat "$WORK/err")"
	diff "$2" out >&2 || problem "$1: other findings"
	[ "$want" -eq 0 ] ||
		grep -qxE "overlayvm: image check: '$1' breaks rules: [0-9]+ errors?, [0-9]+ warnings?" "$WORK/err" ||
		problem "$1: says '$(cat "$WORK/err")'"
	nothing_left
}

for claim in layers docker-archives oci-archives oci-layouts; do
	case $claim in
	layers) names=$(printf '%s\n' *.tar | grep -vE '^(docker|oci|both)-') ;;
	docker-archives) names=$(printf '%s\n' docker-*.tar both-*.tar) ;;
	oci-archives) names=$(printf '%s\n' oci-*.tar) ;;
	oci-layouts) names=$(printf '%s\n' oci-*/ | tr -d /) ;;
	esac
	claim=image-check/$claim
	[ "$(wc -l <<<"$names")" -ge 20 ] || problem 'few fixtures'
	for name in $names; do
		checked "$name" "${name%.tar}.want"
	done
	verdict
done

claim=image-check/every-rule-is-broken-once
overlayvm image check --rules >rules
[ "$(wc -l <rules)" -ge 50 ] || problem 'few rules'
while read -r severity rule _; do
	grep -qE "^$severity: [^:]*: $rule: " ./*.want ||
		problem "no fixture breaks the rule $rule"
done <rules
verdict

claim=image-check/compressed-files-are-read
for packer in gzip zstd xz bzip2; do
	for name in duplicate docker-created; do
		"$packer" -c $name.tar >$name.$packer
		sed "s/ $name\.tar: / $name.$packer: /" $name.want >want
		checked $name.$packer want
	done
done
verdict

claim=image-check/one-image-of-several
checked docker-archive:docker-tag.tar docker-tag.want
checked docker-archive:docker-tag.tar:host:5000/a/b:1 docker-tag.want
checked oci:oci-twice:it:1 oci-twice.want
overlayvm image check docker-archive:docker-good.tar:other:1 >out
[ "$status" -eq 125 ] || problem "exit status $status"
[ "$(cat "$WORK/err")" = "overlayvm: image check: image 'docker-good.tar': has no image 'other:1'" ] ||
	problem "says '$(cat "$WORK/err")'"
verdict

claim=image-check/a-layer-that-looks-like-an-image
checked rootfs-tar:duplicate.tar duplicate.want
overlayvm image check rootfs-tar:docker-not-json.tar >out
[ "$status" -eq 0 ] || problem "exit status $status: $(cat "$WORK/err")"
! grep -q ^error out || problem "$(cat out)"
verdict

claim=image-check/all-places
overlayvm image check --all many.tar >out
[ "$(wc -l <out)" -eq 9 ] || problem "$(wc -l <out) lines instead of 9"
! grep -q more out || problem 'more than all'
verdict

# refused LINE [WORD]...: the words after `overlayvm image check`.
refused() {
	local line=$1

	shift
	overlayvm image check "$@" >out
	[ "$status" -eq 125 ] || problem "$*: exit status $status"
	[ "$(cat "$WORK/err")" = "overlayvm: image check: $line" ] ||
		problem "$*: says '$(cat "$WORK/err")' instead of '$line'"
	[ ! -s out ] || problem "$*: prints '$(head -n 1 out)'"
	nothing_left
}

claim=image-check/what-cannot-be-read
try="(try 'overlayvm image check --help')"
refused "no image or layer given $try"
refused "more than one image or layer given $try" a b
refused "unknown option '--x' $try" --x
refused "open 'x': No such file or directory" x
echo text >text
refused "open 'text': not a tar archive: neither an image nor a layer" text
: >empty
refused "open 'empty': is empty" empty
mkdir directory
refused "image 'directory': has neither manifest.json nor index.json" directory
refused "open image 'x': No such file or directory" oci:x
head -c 40 duplicate.gzip >'cut'
refused "open 'cut': decompress gzip data: truncated gzip input" cut
verdict
