#!/bin/bash
# SPDX-License-Identifier: MIT
# Time against the number of layers that the same Debian is in.
# shellcheck disable=SC2034,SC2154

bench() {
	about 'number of layers'
	points=(1 2 5 10 20 50 100 200 300)
	contender unpacked 'unpacked in the guest'
	contender first 'first run'
	contender warm 'warm run'
	[ "$LAYERS" = mount ] || absent first 'this program has no --layers=mount'
	plot 'layers' 'seconds' x
}

before_point() {
	need_fixture "debian-$POINT"
}

after_point() {
	forget_layers
}

small() {
	change --from-image "$fixtures/debian-$POINT.tar" "$@"
}

unpacked() {
	small --layers unpack
}

prepare_first() {
	forget_layers
}

first() {
	small
}

warm() {
	small
}
