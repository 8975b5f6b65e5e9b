#!/bin/bash
# SPDX-License-Identifier: MIT
# A hook can enter the image as the original's callers do: with /dev, /sys and
# /proc mounted and namespaces of its own. None of it reaches the layer.
. "$(dirname "$0")/lib.sh"

mkdir -p base/bin base/proc base/sys base/dev
cp "$(command -v busybox)" base/bin/busybox
ln -s busybox base/bin/sh
pack_layer base base.tar.layer
pack_image base.tar enter:latest base.tar.layer

run_ok --from-image base.tar --output nobody/layer.tar --post-mount '
	mount --rbind /dev mnt/dev
	mount --rbind /sys mnt/sys
	unshare --ipc --mount --net --pid --uts --fork --mount-proc sh -c "
		mount --bind /proc mnt/proc
		exec chroot mnt /bin/sh -ec \"
			/bin/busybox test -c /dev/null
			/bin/busybox test -d /sys/kernel
			echo pid \\\$\\\$ of \\\$(/bin/busybox ls -d /proc/[0-9]* | /bin/busybox wc -l)
			echo 1 >/new
		\"
	"
'
grep -qE '^pid 1 of [0-9]$' err || problem "no PID namespace: $(grep pid err)"
[ "$(names_of nobody/layer.tar | grep -v '^\./$')" = new ] ||
	problem "more than the file: $(names_of nobody/layer.tar)"
nothing_left
verdict
