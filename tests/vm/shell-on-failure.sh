#!/bin/bash
# SPDX-License-Identifier: MIT
# A run that fails lends the terminal to a shell in its guest; looked at in tmux.
. "$(dirname "$0")/lib.sh"

export TMUX_TMPDIR=$WORK/nobody SHELL=/bin/sh LC_ALL=C.UTF-8 # else nobody's own: nologin
tmux=(as_nobody tmux -f /dev/null -L claim)
base_image base.tar

# begin OPTION...: a run on a terminal of 100 columns and 30 rows.
begin() {
	local command

	printf -v command '%q ' "$OVERLAYVM" run --accel tcg --timeout 900 \
		--progress plain --shell-on-failure --from-image base.tar "$@"
	"${tmux[@]}" new-session -d -x 100 -y 30 "$command; echo \"status \$?\"; cat"
}
screen() { "${tmux[@]}" capture-pane -p -J; }
keys() { "${tmux[@]}" send-keys "$@"; }
# sees LINE: it comes, within ten minutes.
sees() {
	for ((i = 0; i < 6000; i++)); do
		! screen | grep -qE -- "$1" || return 0
		sleep 0.1
	done
	problem "no '$1': $(screen)"
}
end() {
	"${tmux[@]}" kill-server
	nothing_left
}

claim=shell-on-failure/in-the-guest-as-the-hook-left-it
begin --env 'greeting=a b' --keep-failed nobody/kept \
	--post-mount 'echo new >mnt/made; exit 3'
sees '^overlayvm: warning: the run has failed \(exited with status 3\); a shell in the guest follows'
sees '^overlayvm:/disk# $'
keys 'cat mnt/made layer/made; echo "<$greeting>"; test -t 0 && tty' Enter
sees '^new$'
sees '^<a b>$'
sees '^/dev/pts/[0-9]+$'
verdict

claim=shell-on-failure/a-terminal-as-large-as-the-user-s
keys 'clear; stty size; echo $TERM' Enter
sees '^30 100$'
sees '^(screen|tmux)'
"${tmux[@]}" resize-window -x 90 -y 20
keys 'clear; until [ "$(stty size)" = "20 90" ]; do sleep 0.1; done; echo smaller' Enter
sees '^smaller$'
verdict

claim=shell-on-failure/keys-go-to-the-guest
keys 'clear; sh -c "echo begun; exec sleep 1000"' Enter
sees '^begun$'
keys C-c
keys 'echo after' Enter
sees '^after$'
keys 'echo kept >layer/kept; (sleep 1000 &); exit' Enter
verdict

claim=shell-on-failure/ends-with-the-status-of-the-hook
sees '^overlayvm: hook postMount: exited with status 3$'
sees '^status 3$'
end
[ -e nobody/kept/scratch.img ] || problem "no disk: $(ls nobody/kept)"
verdict

claim=shell-on-failure/left-by-force
begin --post-mount 'exit 4'
sees '^overlayvm:/disk# $'
keys 'trap "" INT; echo begun; exec sleep 1000' Enter
sees '^begun$'
keys C-] C-] C-]
sees '^status 4$'
end
verdict

claim=shell-on-failure/where-the-agent-fails
begin --disk-size 8 --layers unpack --pre-mount 'fallocate -l 1T f || head -c 20M /dev/zero >layer/big'
sees '^overlayvm:/disk# $'
keys 'df .; exit' Enter
sees '^status 1$'
end
verdict

claim=shell-on-failure/ended-by-a-signal
begin --post-mount 'exit 3'
sees '^overlayvm:/disk# $'
kill -TERM "$(processes overlayvm | sort -n | head -n 1)"
sees '^status 143$'
[ "$(stty -a <"$("${tmux[@]}" list-panes -F '#{pane_tty}')" | grep -cE -- '-(icanon|echo|opost|isig)( |;|$)')" -eq 0 ] ||
	problem 'the terminal is not as it was'
end
verdict

claim=shell-on-failure/not-where-there-is-none
status=0
as_nobody setsid -w "$OVERLAYVM" run --shell-on-failure --post-mount x 2>err || status=$?
[ "$status" -eq 125 ] || problem "status $status"
[ "$(cat err)" = 'overlayvm: plan: --shell-on-failure: there is no terminal to lend (--keep-failed keeps the disk for later)' ] ||
	problem "$(cat err)"
verdict
