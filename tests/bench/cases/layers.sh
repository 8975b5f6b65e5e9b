#!/bin/bash
# SPDX-License-Identifier: MIT
# The same Debian in 100 layers and in one.
# shellcheck disable=SC2034,SC2154

bench() {
	about '100 layers'
	need_fixture debian-1 && need_fixture debian-100 || return 1
	contender hundred 'overlayvm'
	contender one 'one layer'
	ratio at-most 1.5 hundred one
}

hundred() {
	change --from-image "$fixtures/debian-100.tar"
}

check_hundred() {
	is_changed "$work/layer.tar"
}

one() {
	change
}

check_one() {
	is_changed "$work/layer.tar"
}
