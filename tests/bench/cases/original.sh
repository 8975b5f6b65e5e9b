#!/bin/bash
# SPDX-License-Identifier: MIT
# A small change to Debian, against the steps that this program replaces.
# shellcheck disable=SC2034,SC2154

bench() {
	about 'warm run'
	need_fixture archive || return 1
	contender ours 'overlayvm'
	contender original "the original's steps, cold boot"
	ratio at-most 0.125 ours original
}

ours() {
	change
}

check_ours() {
	is_changed "$work/layer.tar"
}

# There the archive lies in a shared directory; here it is the only file of an
# image, read where it is.
original() {
	overlayvm --no-template --from-image "$fixtures/archive.tar" \
		--env "HOOK=$HOOK" --pre-mount "@$BENCH/original.sh"
}

check_original() {
	tar -xf "$work/layer.tar" -O ./original.tar >"$work/original.tar" ||
		tar -xf "$work/layer.tar" -O original.tar >"$work/original.tar"
	is_changed "$work/original.tar"
}
