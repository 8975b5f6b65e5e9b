#!/bin/bash
# SPDX-License-Identifier: MIT
# Without a base, mnt is the layer itself and the layer is all that is in it.
. "$(dirname "$0")/lib.sh"

claim=hooks-without-an-image/the-layer-is-what-is-in-it
run_ok --pre-mount '
	echo "names: $(echo *)"
	mkdir layer/dir
	echo pre >layer/dir/pre
	echo pre >layer/pre
' --post-mount '
	[ "$(stat -c %d:%i layer)" = "$(stat -c %d:%i mnt)" ] && echo same
	rm mnt/pre
	echo post >mnt/dir/post
' --post-umount '
	echo "mnt has $(ls -A mnt | wc -l)"
	echo umount >layer/umount
' --output nobody/layer.tar
said 'names: image layer layer-list mnt out work'
said same
said 'mnt has 0'
printf '%s\n' ./ dir/ dir/post dir/pre umount >want
names_of nobody/layer.tar | diff want - >&2 || problem 'the layer has others'
nothing_left
verdict

claim=hooks-without-an-image/preMount-fills-the-layer-over-an-image
base_image base.tar
run_ok --from-image base.tar --pre-mount '
	mkdir layer/dir
	echo pre >layer/dir/pre
	echo pre >layer/file
' --post-mount '
	echo "dir: $(echo $(ls mnt/dir)), file: $(cat mnt/file)"
' --output nobody/layer.tar
said 'dir: lower pre upper, file: pre'
printf '%s\n' ./ dir/ dir/pre file >want
names_of nobody/layer.tar | diff want - >&2 || problem 'the layer has others'
verdict

claim=hooks-without-an-image/no-hook-gives-an-empty-layer
run_ok --output nobody/layer.tar
head -c 1024 /dev/zero | cmp - nobody/layer.tar >&2 ||
	problem 'it is not two blocks of zeros'
run_ok --from-image base.tar --output nobody/layer.tar
head -c 1024 /dev/zero | cmp - nobody/layer.tar >&2 ||
	problem 'over an image it is not two blocks of zeros'
verdict

claim=hooks-without-an-image/without-output-nothing-is-kept
rm nobody/layer.tar
run_ok --post-mount 'echo it runs; echo >mnt/file'
said 'it runs'
[ -z "$(ls -A nobody)" ] || problem "it leaves $(ls -A nobody)"
verdict
