#!/bin/bash
# SPDX-License-Identifier: MIT
# A limit that is hit ends the run, in one line that names it.
. "$(dirname "$0")/lib.sh"

old_output
fails() {
	run_fails 125 "overlayvm: guest: $1" "${@:2}" --infra-exit 75 \
		--output nobody/layer.tar --report nobody/report.json
	is_old_output
	grep -q '"class": "hook"' nobody/report.json ||
		problem 'not of class hook'
	verdict
}

claim=limits/a-hook-that-prints-without-end
fails 'hooks have printed more than 1 MiB (use a larger --limit log)' \
	--limit log=1 --post-mount 'yes'

claim=limits/a-layer-that-is-too-large
fails 'the layer has more than 1 MiB (use a larger --limit layer-size)' \
	--limit layer-size=1 --post-mount 'head -c 1048576 /dev/zero >mnt/zeros'

claim=limits/a-layer-of-too-many-entries
fails 'the layer has more than 10 entries (use a larger --limit layer-entries)' \
	--limit layer-entries=10 --post-mount 'mkdir mnt/{a..j}'

claim=limits/a-layer-at-the-limit
run_ok --limit layer-entries=11 --post-mount 'mkdir mnt/{a..j}'
verdict
