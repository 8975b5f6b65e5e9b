#!/bin/bash
# SPDX-License-Identifier: MIT
# original.sh - what dockerTools.runWithOverlay does, with the tools it does it
# with, as a hook: unpack the archive and its layers, make devices of whiteouts,
# mount, run $HOOK, unmount, make whiteouts of devices, pack. The scratch disk
# has been formatted already, which is in favour of it.
set -e
archive=$PWD/image/1/layer/base.tar
result=$PWD/layer/original.tar

top=$PWD/original
mkdir -p "$top"/{image,upper,work,mnt}
cd "$top"
tar -xpf "$archive" -C image

jq -r '.[0].Config' image/manifest.json >config
jq -r '.[0].Layers[]' image/manifest.json | tac | awk '!seen[$0]++' | tac >list

lower=
count=0
while read -r file; do
	count=$((count + 1))
	root=image/lower/$count
	mkdir -p "$root"
	tar -xpf "image/$file" -C "$root"
	rm "image/$file"
	find "$root" -name '.wh.*' -exec bash -c '
		base=$(basename "$1")
		mknod "$(dirname "$1")/${base#.wh.}" c 0 0
		rm "$1"' bash {} \;
	lower=$root${lower:+:$lower}
done <list

mount -t overlay -o "lowerdir=$lower,upperdir=upper,workdir=work" overlay mnt
(eval "$HOOK")
umount mnt

(
	cd upper
	find . -type c -exec bash -c '
		rm "$1"
		touch "$(dirname "$1")/.wh.$(basename "$1")"' bash {} \;
	tar -cf "$result" .
)