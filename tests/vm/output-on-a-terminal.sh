#!/bin/bash
# SPDX-License-Identifier: MIT
# A terminal shows each step with its time, what hooks print, and what the layer
# has, however narrow it is; looked at in tmux.
. "$(dirname "$0")/lib.sh"

export TMUX_TMPDIR=$WORK/nobody SHELL=/bin/sh LC_ALL=C.UTF-8 # else nobody's own: nologin
base_image base.tar

# on_terminal COLUMNS COMMAND: what is seen in the end, in `screen`.
on_terminal() {
	as_nobody tmux -f /dev/null -L claim new-session -d -x "$1" -y 40 \
		"$2; echo \"status \$?\"; tmux -L claim wait-for -S over; cat"
	as_nobody tmux -L claim wait-for over
	as_nobody tmux -L claim capture-pane -p -e >colored
	as_nobody tmux -L claim capture-pane -p >screen
	as_nobody tmux -L claim kill-server
}
seen() {
	grep -qE -- "$1" screen || problem "no '$1': $(cat screen)"
}
unseen() {
	! grep -qE -- "$1" screen || problem "'$1': $(cat screen)"
}
quoted() { printf '%q ' "$@"; }
command=$(quoted "$OVERLAYVM" run --accel tcg --timeout 900 --from-image base.tar \
	--output nobody/layer.tar --post-mount 'echo "of the hook"; printf "\033[2Jno escape"; echo x >mnt/new; rm mnt/file')

claim=output-on-a-terminal/steps-with-their-times
on_terminal 80 "TERM=screen $command"
seen '^status 0$'
seen '^=> restore the guest +[0-9.]+s$'
seen '^=> send the upper layer .* [0-9.]+s$'
verdict

claim=output-on-a-terminal/what-hooks-print
seen '^of the hook$'
seen '^\^\[\[2Jno escape$'
verdict

claim=output-on-a-terminal/the-layer-in-the-end
seen '^[0-9]+ added or changed, 1 deleted; [0-9.]+ KiB; [0-9.]+s in all$'
verdict

claim=output-on-a-terminal/colours-unless-they-are-not-wanted
grep -q $'\033\[32m' colored || problem 'no colours'
on_terminal 80 "NO_COLOR=1 TERM=screen $command"
! grep -q $'\033\[32m' colored || problem 'colours'
verdict

claim=output-on-a-terminal/narrow
on_terminal 24 "TERM=screen $command"
seen '^=> restore the gu.* [0-9.]+s$'
seen '^[0-9]+ added or changed'
[ "$(awk '{ if (length($0) > 24) n++ } END { print n + 0 }' screen)" -eq 0 ] || problem 'too wide'
verdict

claim=output-on-a-terminal/a-dumb-one-gets-lines
on_terminal 80 "TERM=dumb $command"
seen '^==> restore the guest$'
unseen '^=> '
verdict

claim=output-on-a-terminal/interrupted
on_terminal 80 "TERM=screen timeout --foreground -s INT 2 $(quoted "$OVERLAYVM" run --accel tcg --post-mount 'sleep 1000')"
seen 'overlayvm: .*ended by SIGINT'
nothing_left
verdict
