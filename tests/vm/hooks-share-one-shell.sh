#!/bin/bash
# SPDX-License-Identifier: MIT
# The three hooks are one script: in their order, in one `bash -e`, each from
# the root of the disk, whatever the one before has done to the shell.
. "$(dirname "$0")/lib.sh"

base_image base.tar
run_ok --from-image base.tar --pre-mount '
	variable="of preMount"
	array=(one "two three")
	greet() { echo "hello $1"; }
	alias noun=nothing
	set -f -o pipefail
	shopt -s nullglob
	trap "echo trapped \$count \$PWD" EXIT
	echo "pre in $PWD"
	count=1
	cd /
' --post-mount '
	greet "$variable"
	echo "${#array[@]} ${array[1]}"
	echo *
	[[ -o pipefail ]] && shopt -q nullglob && echo "options last"
	echo "post in $PWD"
	count=$((count + 1))
	false || cd mnt/dir
' --post-umount '
	echo "postUmount in $PWD"
	count=$((count + 1))
	variable=$(false; echo "no -e in substitutions") || :
	echo "$variable"
	return 0
	echo "after return"
'

claim=hooks-share-one-shell/variables-and-functions
said 'hello of preMount'
said '2 two three'
verdict

claim=hooks-share-one-shell/options
said '*'
said 'options last'
verdict

claim=hooks-share-one-shell/each-starts-in-the-root-of-the-disk
said 'pre in /disk'
said 'post in /disk'
said 'postUmount in /disk'
verdict

claim=hooks-share-one-shell/a-trap-on-exit-runs-once-at-the-end
said 'trapped 3 /disk'
[ "$(grep -c '^trapped' err)" -eq 1 ] || problem 'not once'
verdict

claim=hooks-share-one-shell/return-ends-a-hook
said 'no -e in substitutions'
said_nothing_of 'after return'
verdict

claim=hooks-share-one-shell/in-their-order
printf '%s\n' 'run hook preMount' 'mount the overlay' 'run hook postMount' \
	'unmount the overlay' 'convert the upper layer' 'run hook postUmount' \
	'send the upper layer' |
	sed 's/^/==> /' >want
grep -E '^==> (run hook|(un)?mount the overlay|convert|send)' err |
	diff want - >&2 || problem 'the steps are others'
verdict
