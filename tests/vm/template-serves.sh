#!/bin/bash
# SPDX-License-Identifier: MIT
# A guest that has booted once serves all later runs, and nothing shows it.
. "$(dirname "$0")/lib.sh"

export OVERLAYVM_CACHE=$WORK/nobody/cache SOURCE_DATE_EPOCH=1000000000
hook='
	echo "random $(od -An -tx1 -N16 /dev/urandom)"
	echo "uuid $(cat /proc/sys/kernel/random/uuid)"
	echo "boot $(cat /proc/sys/kernel/random/boot_id)"
	echo "luck $RANDOM$RANDOM$RANDOM"
	echo "seconds $(date +%s)"
	echo "age $SECONDS"
	echo x >mnt/file
'
said() { sed -n "s/^$1 //p" "$WORK/err"; }
steps() { grep '^==> ' "$WORK/err"; }

claim=template-serves/the-first-run-makes-it
run_ok --post-mount "$hook" --output nobody/first.tar
steps | grep -qx '==> make a template' || problem 'made none'
steps | grep -qx '==> restore the guest' || problem 'did not use it'
! steps | grep -qx '==> boot the guest' || problem 'booted besides'
random=$(said random) uuid=$(said uuid) boot=$(said boot) luck=$(said luck)
verdict

claim=template-serves/later-runs-restore-it
before=$(date +%s)
run_ok --post-mount "$hook" --output nobody/second.tar
after=$(date +%s)
steps | grep -qx '==> restore the guest' || problem 'did not restore it'
! steps | grep -qE 'make a template|boot the guest|format' ||
	problem "did more: $(steps)"
verdict

claim=template-serves/each-guest-has-its-own-luck
[ -n "$random" ] && [ "$(said random)" != "$random" ] ||
	problem "the same random bytes twice: $random"
[ "$(said uuid)" != "$uuid" ] || problem "the same uuid twice: $uuid"
[ "$(said boot)" != "$boot" ] || problem "the same boot twice: $boot"
[ "$(said luck)" != "$luck" ] || problem "the same \$RANDOM twice: $luck"
verdict

claim=template-serves/and-the-right-time
seconds=$(said seconds)
[ "$seconds" -ge "$before" ] && [ "$seconds" -le "$after" ] ||
	problem "$seconds is not between $before and $after"
[ "$(said age)" -le $((after - before)) ] || problem "\$SECONDS: $(said age)"
verdict

claim=template-serves/booted-or-restored-gives-the-same-bytes
run_ok --post-mount "$hook" --output nobody/booted.tar --no-template
steps | grep -qx '==> boot the guest' || problem 'did not boot'
steps | grep -qx '==> format the scratch disk' || problem 'did not format'
cmp nobody/first.tar nobody/second.tar >&2 &&
	cmp nobody/first.tar nobody/booted.tar >&2 || problem 'other bytes'
nothing_left
verdict

claim=template-serves/another-machine-has-another
run_ok --memory 384 --progress plain
steps | grep -qx '==> make a template' || problem 'used that of 512 MiB'
run_ok --disk-size 600 --progress plain --post-mount 'df -m . | sed "s/^/df /"'
steps | grep -qx '==> make a template' || problem 'used that of 1024 MiB'
size=$(said df | awk 'END { print $2 }')
[ "$size" -gt 500 ] && [ "$size" -le 600 ] || problem "a disk of $size MiB"
verdict
