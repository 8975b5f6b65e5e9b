#!/bin/bash
# SPDX-License-Identifier: MIT
# Whatever is wrong with a template, a run throws it away and does without.
. "$(dirname "$0")/lib.sh"

export OVERLAYVM_CACHE=$WORK/nobody/cache
run_ok --post-mount 'echo x >mnt/file'
template=$(echo nobody/cache/templates/*)
master=$(echo nobody/cache/scratch/*)
[ -f "$template/ram" ] && [ -f "$master/disk" ] ||
	problem 'no template to break'
claim=template-breaks/there-is-one-to-break
verdict

# breaks NAME WARNING COMMAND...: break it, run, and it is whole again
breaks() {
	claim=template-breaks/$1
	local warning=$2

	shift 2
	"$@"
	run_ok --post-mount 'echo x >mnt/file' --output nobody/layer.tar
	grep -qF "overlayvm: warning: $warning" err || [ -z "$warning" ] ||
		problem "does not warn of it: $(grep warning err)"
	assert_has nobody/layer.tar file
	nothing_left
	run_ok
	! grep -q 'make a template\|warning' err ||
		problem 'the next run finds no sound template'
	verdict
}

drop="drop '$WORK/nobody/cache/templates/"
breaks memory-cut-short "$drop" truncate -s 1M "$template/ram"
breaks memory-written-to "$drop" \
	dd if=/dev/urandom of="$template/ram" bs=4096 count=1 conv=notrunc status=none
breaks disk-written-to "$drop" \
	dd if=/dev/zero of="$template/scratch.img" bs=4096 count=1 conv=notrunc status=none
breaks disk-gone "$drop" rm "$template/scratch.img"
breaks state-cut-short "$drop" truncate -s 1000 "$template/state"
breaks state-gone "$drop" rm "$template/state"
breaks record-gone "$drop" rm "$template/record.json"
breaks record-is-junk "$drop" sh -c "echo '{\"format\":' >$template/record.json"
breaks record-of-another-format "$drop" \
	sed -i 's/"format":1/"format":2/' "$template/record.json"
breaks unreadable "$drop" chmod 000 "$template"
breaks a-file-in-its-place "$drop" \
	sh -c "rm -r $template && echo junk >$template"
breaks gone '' rm -r "$template"
breaks master-written-to '' sh -c "echo junk >$master/disk; rm -r $template"

# A state that QEMU does not load, with a record that vouches for it.
vouch() {
	printf junk | dd of="$template/state" bs=1 conv=notrunc status=none
	python3 - "$template" <<'P'
import json, os, sys
path = sys.argv[1] + '/record.json'
record = json.load(open(path))
st = os.stat(sys.argv[1] + '/state')
record['files']['state'] = {'inode': st.st_ino, 'size': st.st_size,
    'mtimeNs': st.st_mtime_ns, 'ctimeNs': st.st_ctime_ns}
json.dump(record, open(path, 'w'))
P
}
breaks state-that-does-not-load 'the virtual machine ended' vouch

claim=template-breaks/no-room-for-a-cache
OVERLAYVM_CACHE=/proc/nowhere run_ok --post-mount 'echo x >mnt/file' \
	--output nobody/layer.tar
grep -qx '==> boot the guest' err || problem 'did not boot'
assert_has nobody/layer.tar file
verdict

only_one_template() {
	local all=(nobody/cache/templates/*)

	[ ${#all[@]} -eq 1 ] && [ -f "${all[0]}/record.json" ] ||
		problem "left: ${all[*]}"
}

# Killed while it makes one: nothing that a later run trips over.
claim=template-breaks/killed-while-it-is-made
rm -r nobody/cache
"${nobody[@]}" "$OVERLAYVM" run --accel tcg 2>killed.err &
killed=$!
until grep -q '==> make a template' killed.err && [ -d nobody/cache/templates ] &&
	[ -n "$(ls nobody/cache/templates)" ]; do
	kill -0 "$killed" 2>/dev/null || break
done
kill -9 "$killed"
wait "$killed" 2>/dev/null
run_ok --post-mount 'echo x >mnt/file' --output nobody/layer.tar
only_one_template
nothing_left
verdict

claim=template-breaks/made-by-two-at-once
rm -r nobody/cache
"${nobody[@]}" "$OVERLAYVM" run --accel tcg 2>other.err &
other=$!
run_ok --post-mount 'echo x >mnt/file' --output nobody/layer.tar
wait "$other" || problem "the other one: $(tail -n 1 other.err)"
only_one_template
nothing_left
verdict
