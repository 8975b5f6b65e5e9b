#!/bin/bash
# SPDX-License-Identifier: MIT
# Where the layer goes: files are replaced whole, streams get its bytes.
. "$(dirname "$0")/lib.sh"

export SOURCE_DATE_EPOCH=86400
hook='echo words >mnt/file'

claim=output-of-a-run/a-file-is-replaced
echo old >nobody/old
ln nobody/old nobody/other-name
run_ok --post-mount "$hook" --output nobody/old
assert_has nobody/old file
[ "$(cat nobody/other-name)" = old ] || problem 'its other name has changed'
[ "$(stat -c %a nobody/old)" = 644 ] || problem 'the umask is not obeyed'
nothing_left
verdict

claim=output-of-a-run/a-link-is-replaced-and-not-its-target
echo old >nobody/target
ln -s target nobody/link
run_ok --post-mount "$hook" --output nobody/link
[ ! -L nobody/link ] && cmp nobody/link nobody/old >&2 || problem 'no layer'
[ "$(cat nobody/target)" = old ] || problem 'the target has changed'
verdict

claim=output-of-a-run/standard-output
(
	set -o pipefail
	run_ok --post-mount "$hook; echo noise" --output - | cat >piped
	exit "$status"
)
run_ok --post-mount "$hook; echo noise" --output - >redirected
cmp nobody/old piped >&2 || problem 'a pipe gets other bytes'
cmp nobody/old redirected >&2 || problem 'a file gets other bytes'
said noise
nothing_left
verdict

claim=output-of-a-run/a-FIFO-and-a-device
mkfifo -m 666 nobody/fifo
timeout 300 cat nobody/fifo >./read &
run_ok --post-mount "$hook" --output nobody/fifo --report /dev/null
wait
[ -p nobody/fifo ] || problem 'the FIFO is replaced'
cmp nobody/old read >&2 || problem 'it gets other bytes'
verdict

claim=output-of-a-run/a-reader-that-goes
run_fails 125 'overlayvm: output: --output: write to '\''standard output'\'': Broken pipe' \
	--post-mount 'head -c 1000000 /dev/zero >mnt/file' --output - > >(true)
verdict

claim=output-of-a-run/no-room-for-it
run_fails 125 "overlayvm: output: --output: write to '/dev/full': No space left on device" \
	--post-mount "$hook" --output /dev/full
verdict
