#!/bin/bash
# SPDX-License-Identifier: MIT
# --keep-failed: what a run that failed had, in a directory that appears whole,
# and nothing of one that worked.
. "$(dirname "$0")/lib.sh"

base_image base.tar
kept="nobody/kept 'it' \$(x)"

claim=fails-keeps/disk-console-plan-report-and-command
run_fails 3 'overlayvm: hook postMount: exited with status 3' --from-image base.tar \
	--keep-failed "$kept" --post-mount 'echo found >mnt/dir/new; rm mnt/file; exit 3'
[ "$(cd "$kept" && echo *)" = 'console.log plan.json qemu.log qemu.sh report.json scratch.img' ] ||
	problem "there is $(ls "$kept")"
jq -e '.spec.name == "layer" and (.image.layers | length == 2)' "$kept/plan.json" >&2 ||
	problem "plan: $(head -c 200 "$kept/plan.json")"
jq -e '.failure.class == "hook" and .failure.cause != null' "$kept/report.json" >&2 ||
	problem "report: $(jq -c .failure "$kept/report.json")"
verdict

claim=fails-keeps/what-the-hook-wrote
[ "$(debugfs -R 'cat layer/dir/new' "$kept/scratch.img" 2>/dev/null)" = found ] ||
	problem 'not on the disk'
debugfs -R 'stat layer/file' "$kept/scratch.img" 2>/dev/null | grep -q 'Type: character special' ||
	problem 'no whiteout on the disk'
[ "$(stat -c %s "$kept/scratch.img")" -eq $((1024 * 1024 * 1024)) ] || problem 'another size'
[ "$(du -m "$kept/scratch.img" | cut -f 1)" -lt 64 ] || problem 'not sparse'
verdict

claim=fails-keeps/the-command-word-for-word
sh -n "$kept/qemu.sh" || problem 'no script'
# The script as the shell reads it, with a stand-in for QEMU.
printf '#!/bin/sh\nprintf "%%s\\n" "$@"\n' >qemu
chmod 755 qemu
sed "s|^\t'/[^']*qemu-system[^']*'|\t'$PWD/qemu'|" "$kept/qemu.sh" >script.sh
bash script.sh >words 2>/dev/null
grep -qxF -- '-nodefaults' words && grep -qxF -- 'virtio-blk-pci,drive=scratch,serial=scratch,werror=report,rerror=report' words &&
	grep -q '^console=ttyS0 quiet ' words || problem "words: $(head -n 5 words)"
verdict

claim=fails-keeps/an-agent-that-fails
mkdir nobody/empty
[ "$(id -u)" -ne 0 ] || chown "$NOBODY" nobody/empty
run_fails 125 "overlayvm: guest: convert the upper layer: '.wh.x' cannot be expressed in a layer: names that begin with .wh. stand for deletions" \
	--from-image base.tar --keep-failed nobody/empty --post-mount 'echo >mnt/.wh.x'
debugfs -R 'stat layer/.wh.x' nobody/empty/scratch.img 2>/dev/null | grep -q 'Type: regular' ||
	problem 'not on the disk'
verdict

claim=fails-keeps/nothing-of-a-run-that-works
run_ok --from-image base.tar --keep-failed nobody/none --post-mount true
[ ! -e nobody/none ] || problem "there is $(ls nobody/none)"
nothing_left
verdict

claim=fails-keeps/where-it-cannot-go
run_fails 125 "overlayvm: output: --keep-failed: 'nobody/empty' is not empty" --keep-failed nobody/empty
run_fails 125 "overlayvm: output: --keep-failed: 'base.tar' is no directory" --keep-failed base.tar
run_fails 125 "overlayvm: output: --keep-failed: write to 'none': No such file or directory" \
	--keep-failed none/kept
verdict
