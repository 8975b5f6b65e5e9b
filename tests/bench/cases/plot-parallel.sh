#!/bin/bash
# SPDX-License-Identifier: MIT
# Time of so many warm runs, at once and one after another.
# shellcheck disable=SC2034,SC2154

bench() {
	about 'parallel runs'
	points=(1 2 3 4 6 8)
	need_fixture debian-1 || return 1
	contender serial 'one after another'
	contender at_once 'at once'
	plot 'runs' 'seconds for all of them'
}

before_point() {
	:
}

after_point() {
	:
}

serial() {
	one_after_another "$POINT" change_as
}

at_once() {
	side_by_side "$POINT" change_as
}
