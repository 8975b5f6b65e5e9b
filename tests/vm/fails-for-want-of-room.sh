#!/bin/bash
# SPDX-License-Identifier: MIT
# Where the disk or the memory is too small, the message names the cure.
. "$(dirname "$0")/lib.sh"

old_output

claim=fails-for-want-of-room/a-hook-fills-the-disk
run_fails 1 'overlayvm: hook postMount: exited with status 1 (the scratch disk is full: use a --disk-size larger than 16)' \
	--disk-size 16 --post-mount 'cat /dev/zero >mnt/file' \
	--output nobody/layer.tar --report nobody/report.json
grep -q 'No space left on device$' err || problem 'the command says nothing'
is_old_output
verdict

claim=fails-for-want-of-room/a-hook-uses-up-the-inodes
run_fails 1 'overlayvm: hook postMount: exited with status 1 (the scratch disk has no inode left: use a --disk-size larger than 8)' \
	--disk-size 8 --output nobody/layer.tar --post-mount '
	for ((i = 0; ; i++)); do : >mnt/$i; done
'
is_old_output
verdict

claim=fails-for-want-of-room/a-hook-uses-up-the-memory
run_fails 137 'overlayvm: hook postMount: exited with status 137 (the guest ran out of memory: use a --memory larger than 192)' \
	--memory 192 --post-mount '(a=x; while :; do a=$a$a; done)' \
	--output nobody/layer.tar --report nobody/report.json
grep -q '"oomKilled": true' nobody/report.json || problem 'not in the report'
is_old_output
verdict

claim=fails-for-want-of-room/the-shell-itself-uses-up-the-memory
run_fails 137 'overlayvm: hook postMount: ended by signal 9 (SIGKILL) (the guest ran out of memory: use a --memory larger than 192)' \
	--memory 192 --post-mount 'a=x; while :; do a=$a$a; done' \
	--output nobody/layer.tar
is_old_output
verdict

claim=fails-for-want-of-room/a-hook-fills-tmp
run_fails 1 'overlayvm: hook postMount: exited with status 1 (the guest'\''s /tmp is full: use a --memory larger than 192, or a directory on the disk)' \
	--memory 192 --post-mount 'cat /dev/zero >/tmp/file' \
	--output nobody/layer.tar
is_old_output
verdict

claim=fails-for-want-of-room/the-image-is-larger-than-the-disk
mkdir big
head -c 20000000 /dev/urandom >big/file
pack_layer big big.tar
pack_image big-image.tar big:1 big.tar
unpacking="overlayvm: guest: unpack the layers: layer 1 (sha256:$(sha256sum <big.tar | cut -d ' ' -f 1)): entry 'file': write: No space left on device"
run_fails 125 "$unpacking (the scratch disk is full: use a --disk-size of 28 or more)" \
	--from-image big-image.tar --layers unpack --disk-size 16 \
	--output nobody/layer.tar --report nobody/report.json
is_old_output
grep -q '"class": "input"' nobody/report.json || problem 'not of class input'
run_ok --from-image big-image.tar --layers unpack --disk-size 28
verdict

claim=fails-for-want-of-room/the-image-has-more-files-than-the-disk
mkdir many
(cd many && seq -f 'a file of the image that has many %.0f' 3000 | xargs -d '\n' touch)
pack_layer many many.tar
pack_image many-image.tar many:1 many.tar
run --from-image many-image.tar --layers unpack --disk-size 16
[ "$status" -eq 125 ] || problem "exit status $status"
grep -q ': No space left on device (the scratch disk has no inode left: use a --disk-size of 32 or more)$' err ||
	problem "$(tail -n 1 err)"
run_ok --from-image many-image.tar --layers unpack --disk-size 32
verdict
