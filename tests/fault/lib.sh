# SPDX-License-Identifier: MIT
# lib.sh - a run that is made to fail in many ways, and what must be true after
# each; sourced, with an actor that plays QEMU
# shellcheck shell=bash
. "${BASH_SOURCE[0]%/*}/../vm/lib.sh"

base_image base.tar
cp base.tar base.copy
echo old >old
export SOURCE_DATE_EPOCH=1500000000
OVERLAYVM_QEMU=$(dirname "$RECORD")/actor
export OVERLAYVM_QEMU
arguments=(run --accel tcg --no-template --timeout 900 --progress none
	--from-image base.tar --layers unpack --post-mount x
	--output nobody/layer.tar --output-image docker-archive:nobody/image.tar:a:1
	--report nobody/report.json)

run_ok --no-template --from-image base.tar --layers unpack --post-mount x \
	--output nobody/wanted.tar --output-image docker-archive:nobody/wanted-image.tar:a:1

old_outputs() {
	cp old nobody/layer.tar
	cp old nobody/image.tar
}

# is_whole FILE WANTED: one or the other.
is_whole() {
	cmp -s "$1" old || cmp -s "$1" "$2" ||
		problem "$step: half of $1"
}

# What must be true after each; `step` says in which way it failed. With
# `removing` something may be left for the next run to remove.
removing=
judge() {
	local lines

	lines=$(grep -v '^overlayvm: warning: ' err | grep -c '^overlayvm: ')
	is_whole nobody/layer.tar nobody/wanted.tar
	is_whole nobody/image.tar nobody/wanted-image.tar
	case $status in
	0)
		cmp -s nobody/layer.tar nobody/wanted.tar || problem "$step: no layer"
		cmp -s nobody/image.tar nobody/wanted-image.tar || problem "$step: no image"
		[ "$lines" -eq 0 ] || problem "$step: $(cat err)"
		;;
	125)
		[ "$lines" -eq 1 ] || problem "$step: not one line: $(cat err)"
		;;
	*) problem "$step: status $status: $(cat err)" ;;
	esac
	[ -n "$removing" ] || [ -z "$(find nobody \( -name 'overlayvm.*' -o -name '.*.tmp' \) -print -quit)" ] ||
		problem "$step: left behind: $(find nobody)"
}

