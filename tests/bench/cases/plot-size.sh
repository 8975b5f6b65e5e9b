#!/bin/bash
# SPDX-License-Identifier: MIT
# Time against the size of an image: files of 1 MB that do not compress.
# shellcheck disable=SC2034,SC2154

bench() {
	about 'image size'
	points=(10 50 200 500 1000 2000)
	contender unpacked 'unpacked in the guest'
	contender first 'first run'
	contender warm 'warm run'
	[ "$LAYERS" = mount ] || absent first 'this program has no --layers=mount'
	plot 'image size (MB)' 'seconds' xy
}

before_point() {
	need_fixture "size-$POINT"
}

# The larger ones would fill a disk that has to hold them all.
after_point() {
	rm -f "$fixtures/size-$POINT.tar"
	forget_layers
}

small() {
	overlayvm --from-image "$fixtures/size-$POINT.tar" --disk-size 4G \
		--post-mount 'echo changed >mnt/changed; rm mnt/file-0000' "$@"
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
