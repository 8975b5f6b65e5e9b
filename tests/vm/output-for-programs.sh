#!/bin/bash
# SPDX-License-Identifier: MIT
# What other programs read of a run: --progress json, and --trace.
. "$(dirname "$0")/lib.sh"

run --progress json --trace nobody/trace.json --report nobody/report.json \
	--post-mount 'printf "a\303"; sleep 0.1; printf "\244b\377\033[1m"
		echo warned >mnt/file; mkfifo mnt/s; rm mnt/s'
steps='[.steps[] | [.name, .side, .startNs, .durationNs]]'

claim=output-for-programs/each-line-is-json
[ "$status" -eq 0 ] || problem "exit status $status"
jq -e -c . err >/dev/null || problem 'a line is not'
[ "$(jq -s length err)" = "$(wc -l <err)" ] || problem 'of several lines'
verdict

claim=output-for-programs/steps-as-in-the-report
[ "$(jq -s -c '[.[] | select(.event == "stepEnd")
	| [.name, .side, .startNs, .durationNs]]' err)" = \
	"$(jq -c "$steps" nobody/report.json)" ] || problem 'they differ'
[ "$(jq -s -c '[.[] | select(.event == "step") | .name]' err)" = \
	"$(jq -c '[.steps[].name]' nobody/report.json)" ] ||
	problem 'not all begin'
verdict

claim=output-for-programs/what-hooks-print
text=$(jq -j 'select(.event == "log") | .text' err | od -An -tx1 -v | tr -d ' \n')
[ "$text" = 61c3a462efbfbd1b5b316d ] || problem "it is $text"
verdict

claim=output-for-programs/an-error-is-the-last-line
run --progress json --post-mount 'exit 5'
[ "$status" -eq 5 ] || problem "exit status $status"
[ "$(tail -n 1 err)" = 'overlayvm: hook postMount: exited with status 5' ] ||
	problem "it is $(tail -n 1 err)"
head -n -1 err | jq -e . >/dev/null || problem 'a line before is not JSON'
verdict

# https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
claim=output-for-programs/the-trace-has-all-steps
[ "$(jq -c '[.traceEvents[] | select(.ph == "X")
	| [.name, (if .tid == 1 then "host" else "guest" end),
	(.ts * 1000 | round), (.dur * 1000 | round)]]' nobody/trace.json)" = \
	"$(jq -c "$steps" nobody/report.json)" ] || problem 'they differ'
[ "$(jq -c '[.traceEvents[] | select(.ph == "M") | [.tid, .args.name]]' \
	nobody/trace.json)" = '[[1,"host"],[2,"guest"]]' ] ||
	problem 'the rows have no names'
verdict

claim=output-for-programs/a-trace-that-cannot-be-written
run_fails 125 "overlayvm: output: --trace: directory 'nowhere' of\
 'nowhere/trace': No such file or directory" --trace nowhere/trace
run_fails 125 "overlayvm: plan: --report and --trace are both 'same'" \
	--report same --trace same
verdict
