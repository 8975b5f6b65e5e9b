#!/bin/bash
# SPDX-License-Identifier: MIT
# --disk-size auto and --memory auto: what does not go into the defaults does
# go into these, whichever way the layers take.
. "$(dirname "$0")/lib.sh"

automatic=(--disk-size auto --memory auto --report nobody/report.json)
is_said() {
	jq -e "$1" nobody/report.json >&2 || problem "not $1: $(jq -c '{diskSize, memory}' nobody/report.json)"
}

claim=sizes-that-fit/without-an-image
run_ok "${automatic[@]}" --post-mount :
is_said '.diskSize == 1024 and .memory == 512'
is_said '.spec.diskSize == "auto" and .spec.buildVMMemorySize == "auto"'
verdict

# 1.1 GiB that take no room in the tar: all of it is copied up.
claim=sizes-that-fit/hooks-touch-every-file
mkdir large
truncate -s 1150M large/file
tar -C large --sparse --format=pax --numeric-owner -cf large.tar .
pack_image large-image.tar large:1 large.tar
touch_it='printf x | dd of=mnt/file bs=1 conv=notrunc status=none && dd if=/dev/zero of=mnt/file bs=1M count=1140 conv=notrunc status=none'
run_fails 1 'overlayvm: hook postMount: exited with status 1 (the scratch disk is full: use a --disk-size larger than 1024)' \
	--from-image large-image.tar --post-mount "$touch_it"
run_ok "${automatic[@]}" --from-image large-image.tar --post-mount "$touch_it"
is_said '.diskSize == 4096 and .memory == 512'
run_ok "${automatic[@]}" --from-image large-image.tar --post-mount "ls -l mnt/file" --layers unpack
is_said '.diskSize == 4096 and .memory == 512'
verdict

claim=sizes-that-fit/memory-for-many-entries
mkdir many
(cd many && mkdir {1..30} && for d in {1..30}; do (cd "$d" && touch {1..50}); done)
pack_layer many many.tar
pack_image many-image.tar many:1 many.tar
for again in first second; do # the second time it is told by the cache
	run_ok "${automatic[@]}" --from-image many-image.tar --post-mount :
	is_said '.memory == 1024'
done
[ "$again" = second ] || problem 'only once'
verdict

claim=sizes-that-fit/as-words-in-a-spec
echo '{ "diskSize": "auto", "buildVMMemorySize": "auto" }' >spec.json
as_nobody "$OVERLAYVM" run --spec spec.json --dry-run >plan.json 2>err || problem "$(cat err)"
jq -e '.spec | .diskSize == "auto" and .buildVMMemorySize == "auto"' plan.json >&2 || problem "$(cat plan.json)"
verdict
