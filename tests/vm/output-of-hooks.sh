#!/bin/bash
# SPDX-License-Identifier: MIT
# What hooks print arrives at once and to the byte; but a terminal is not told
# what to do by it.
. "$(dirname "$0")/lib.sh"

bytes='printf "\e[31mred\e[0m\0\xff\303\244\x9b\\ tab\t\r\n\e]0;title\a\n"'
claim=output-of-hooks/raw-where-it-is-no-terminal
run_ok --progress none --post-mount "$bytes; echo of stdout; echo of stderr >&2"
{
	eval "$bytes"
	printf 'of stdout\nof stderr\n'
} | cmp - err >&2 || problem 'other bytes arrive'
verdict

claim=output-of-hooks/escaped-on-a-terminal
printf -v command '%q ' "${nobody[@]}" "$OVERLAYVM" run --accel tcg \
	--progress none --post-mount "$bytes; exit 9"
status=0
script -qec "$command" typescript </dev/null >/dev/null || status=$?
[ "$status" -eq 9 ] || problem "exit status $status"
# Without what script(1) itself says in the first and the last line.
printf '%s\r\n' $'^[[31mred^[[0m^@\\xff\303\244\\x9b\\ tab\t^M' '^[]0;title^G' \
	'overlayvm: hook postMount: exited with status 9' >want
sed '1d;$d' typescript | grep -v '^$' | diff want - >&2 ||
	problem 'the terminal gets other bytes'
verdict

claim=output-of-hooks/at-once-even-half-a-line
mkfifo said
set -m
"${nobody[@]}" "$OVERLAYVM" run --accel tcg --progress none \
	--post-mount 'printf half; sleep 1000' 2>said &
exec 7<said
IFS= read -r -N 4 words <&7
[ "$words" = half ] || problem "'$words' arrives"
kill -TERM $!
wait
[ "$(cat <&7)" = $'\noverlayvm: guest: ended by SIGTERM' ] ||
	problem 'the last line does not start at the left'
exec 7<&-
verdict

claim=output-of-hooks/too-much-is-cut-off
run_ok --progress none --post-mount '
	head -c 80000000 /dev/zero
	echo the end
'
said_nothing_of 'the end'
[ "$(stat -c %s err)" -lt 68000000 ] || problem 'all of it arrives'
said 'overlayvm: warning: the hooks have printed 67108864 bytes; the rest is not shown'
verdict
