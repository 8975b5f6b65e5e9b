#!/bin/bash
# SPDX-License-Identifier: MIT
# What a hook leaves running, open or mounted neither delays the run nor gets
# into the layer.
. "$(dirname "$0")/lib.sh"

base_image base.tar
run_ok --from-image base.tar --post-mount '
	# Daemons: with the output open, in their own session and namespaces,
	# with a working directory in mnt, and one that writes without end.
	sleep 100001 &
	setsid sleep 100002 </dev/null >/dev/null 2>&1 &
	unshare -fpm --mount-proc sleep 100003 &
	(cd mnt/dir; exec sleep 100004) &
	(trap "" TERM HUP; while :; do echo >>mnt/counter; done) &
	disown -a
	# Four, and unshare, which waits for its own.
	sleeps() { cat /proc/[0-9]*/cmdline 2>&1 | tr "\\0" "\\n" |
		grep -c "^10000[1-4]$" || :; }
	until [ -s mnt/counter ] && [ "$(sleeps)" -eq 5 ]; do :; done

	mkdir mnt/proc mnt/tmpfs mnt/bind "mnt/a b"
	mount -t proc proc mnt/proc
	mount -t tmpfs tmpfs mnt/tmpfs
	mkdir mnt/tmpfs/inner "mnt/a b/c"
	mount -t tmpfs inner mnt/tmpfs/inner
	mount -t tmpfs "with space" "mnt/a b/c"
	mount --bind image mnt/bind
	mount --bind mnt/tmpfs mnt/dir
	echo >mnt/tmpfs/file
	echo >"mnt/a b/c/file"
	echo >mnt/dir/hidden

	echo open >mnt/open
	exec 7<mnt/open 8>>mnt/appended
	cd mnt/dir
' --post-umount '
	echo "$(sleeps) left"
	echo "mounts left: $(grep -c /disk/mnt /proc/mounts)"
	ls -A mnt | wc -l
	cat <&7
' --output nobody/layer.tar
nothing_left

claim=hooks-leave-things/daemons-are-gone-before-the-unmount
said '0 left'
verdict

claim=hooks-leave-things/mounts-are-taken-off
said 'mounts left: 0'
said 0
verdict

claim=hooks-leave-things/open-files-do-not-hinder
said open
verdict

claim=hooks-leave-things/nothing-of-a-mount-is-in-the-layer
printf '%s\n' ./ 'a b/' 'a b/c/' appended bind/ counter open proc/ tmpfs/ >want
names_of nobody/layer.tar | diff want - >&2 || problem 'the layer has others'
verdict
