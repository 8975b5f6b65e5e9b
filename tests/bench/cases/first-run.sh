#!/bin/bash
# SPDX-License-Identifier: MIT
# The first run over an image that no run has seen, against unpacking it.
# shellcheck disable=SC2034,SC2154

bench() {
	about 'first run of an image'
	need_fixture debian-1 || return 1
	contender first 'overlayvm'
	contender unpacked 'unpacking it in the guest'
	[ "$LAYERS" = mount ] ||
		absent first 'this program has no --layers=mount'
	ratio at-most 0.25 first unpacked
}

# The template is there.
prepare_first() {
	[ -d "$OVERLAYVM_CACHE/templates" ] || change
	forget_layers
}

first() {
	change
}

check_first() {
	is_changed "$work/layer.tar"
}

unpacked() {
	change --layers unpack
}

check_unpacked() {
	is_changed "$work/layer.tar"
}
