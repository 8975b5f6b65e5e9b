#!/bin/bash
# SPDX-License-Identifier: MIT
# The first run after the guest image was built, against booting each time.
# shellcheck disable=SC2034,SC2154

# Nothing is kept in either case, so that both prepare the layer and format the
# disk; and a boot where these are kept.
bench() {
	about 'first run ever'
	need_fixture debian-1 || return 1
	contender first 'overlayvm'
	contender booted 'a boot, nothing kept'
	contender kept 'a boot, layer and disk kept'
	ratio at-most 1.6 first booted
	ratio - - first kept
}

prepare_first() {
	forget_all
}

first() {
	change
}

check_first() {
	is_changed "$work/layer.tar"
}

prepare_booted() {
	forget_all
}

booted() {
	change --no-template
}

prepare_kept() {
	change --no-template
}

kept() {
	change --no-template
}

check_kept() {
	is_changed "$work/layer.tar"
}
