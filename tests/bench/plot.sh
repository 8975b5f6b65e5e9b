#!/bin/bash
# SPDX-License-Identifier: MIT
# plot.sh - cases that are measured at several points, as SVG; sourced by run
#
# Such a case sets `points` in bench() and calls plot(). Each point is measured
# between before_point(), which makes what it needs, and after_point(). Both
# have it in $POINT, as have the contenders.

: "${work:?}"

# plot XLABEL YLABEL [x|xy], which are logarithmic
plot() {
	record goals title "${about:-}" kind plot x "$1" y "$2" scale "${3:-linear}"
}

# The points of one contender: x, median, least, most.
plot_data() {
	jq -r --arg case "$2" --arg contender "$3" '.contenders[]
		| select(.case == $case and .contender == $contender)
		| .points[] | [.point, .median, .least, .most] | @tsv' "$1"
}

# What gnuplot is to do: one line with error bars for each contender.
plot_script() {
	local json=$1 case=$2 contender text data lines=''

	while IFS=$'\t' read -r contender text; do
		data=$work/plot-$contender
		plot_data "$json" "$case" "$contender" >"$data"
		[ ! -s "$data" ] ||
			lines+="${lines:+, }'$data' title \"$text\" with yerrorlines linewidth 2 pointtype 7 pointsize 0.5"
	done < <(jq -r --arg case "$case" '.contenders[]
		| select(.case == $case) | [.contender, .about] | @tsv' "$json")
	[ -n "$lines" ] || return 1
	echo "set terminal svg size 720,480 font 'sans,14' background 'white'"
	echo 'set key below; set grid'
	jq -r --arg case "$case" '.plots[] | select(.case == $case)
		| "set title \"\(.title)\"; set xlabel \"\(.x)\"",
		"set ylabel \"\(.y)\"",
		if .scale != "linear" then "set logscale \(.scale)"
		else empty end,
		if .scale != "xy" then "set yrange [0:*]" else empty end' \
		"$json"
	echo "plot $lines"
}

# draw_plots DIR: those that DIR/results.json has points of, as DIR/CASE.svg
draw_plots() {
	local case

	while read -r case; do
		command -v gnuplot >/dev/null || {
			note "$case.svg is not drawn: no gnuplot on this machine"
			continue
		}
		plot_script "$1/results.json" "$case" >"$work/script" || continue
		gnuplot "$work/script" >"$1/$case.svg" ||
			note "gnuplot could not draw $case.svg"
	done < <(jq -r '.plots[].case' "$1/results.json")
}
