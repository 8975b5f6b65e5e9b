#!/bin/bash
# SPDX-License-Identifier: MIT
# Time against the number of files in an image.
# shellcheck disable=SC2034,SC2154

bench() {
	about 'files in an image'
	points=(1000 5000 20000 50000 100000 200000)
	contender unpacked 'unpacked in the guest'
	contender first 'first run'
	contender warm 'warm run'
	[ "$LAYERS" = mount ] || absent first 'this program has no --layers=mount'
	plot 'files in the image' 'seconds' xy
}

before_point() {
	need_fixture "entries-$POINT"
}

after_point() {
	rm -f "$fixtures/entries-$POINT.tar"
	forget_layers
}

small() {
	overlayvm --from-image "$fixtures/entries-$POINT.tar" --disk-size 4G \
		--post-mount 'echo changed >mnt/changed; rm mnt/0/file-000' "$@"
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
