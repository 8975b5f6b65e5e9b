#!/bin/bash
# SPDX-License-Identifier: MIT
# What hooks write where they should not: they are root, and the machine is
# theirs, but the run believes none of it.
. "$(dirname "$0")/../vm/lib.sh"

base_image base.tar
run_ok --from-image base.tar --post-mount '
	# The port of the conversation has one user, and console ports are none.
	for port in /dev/vport*; do
		if (echo forged >"$port") 2>/dev/null; then echo "took $port"; fi
	done
	echo "$(ls /dev/vport* | wc -l) ports tried"

	# Frames, as the agent would send them: END and FAIL and progress.
	printf "OVMF\0\11\0\0\0\0\0\62{\"size\":0,\"entries\":0,\"xxh64\":\"0\"}"
	printf "OVMF\0\12\0\0\0\0\0\2{}"
	echo "==> publish the layer"

	# Where the header of a qcow2 with a backing file would be looked for.
	printf "QFI\373\0\0\0\2\0\0\0\0\0\0\0\200\0\0\0\13" | dd of=/dev/vda conv=notrunc
	printf /etc/shadow | dd of=/dev/vda bs=1 seek=128 conv=notrunc
	if (echo x >/dev/vdb) 2>/dev/null; then echo "wrote the layers"; fi
	echo of the hook >mnt/new
' --output nobody/layer.tar --report nobody/report.json

claim=hostile-hooks/the-port-is-taken
said_nothing_of took
said '1 ports tried'
verdict

claim=hostile-hooks/frames-that-are-printed-are-text
grep -aq 'OVMF' err || problem 'not in the log'
assert_has nobody/layer.tar new
verdict

claim=hostile-hooks/a-header-on-the-disk-is-nothing
assert_has nobody/layer.tar new
[ "$(tar -xOf nobody/layer.tar new)" = 'of the hook' ] || problem 'another content'
grep -q '"ok": true' nobody/report.json || problem 'not ok'
verdict

claim=hostile-hooks/layers-are-read-only
said_nothing_of 'wrote the layers'
verdict

# A line of the kernel's log that is none of the kernel's fails nothing.
claim=hostile-hooks/lines-in-the-kernels-log
run_ok --post-mount 'echo "I/O error, dev vda, sector 8" >/dev/kmsg; echo x >mnt/new' \
	--output nobody/layer.tar
assert_has nobody/layer.tar new
verdict
