#!/bin/bash
# SPDX-License-Identifier: MIT
# The unit tests under valgrind, which knows what was never written to: the
# sanitizers do not. What they and the kernel know better is left to them.
set -u
cd "$(dirname "$0")/../.." || exit 1

# It does not know openat2(2) (beneath.h). In a jail, system calls that valgrind makes for itself end the process; a
# program of another user's memory limit, or one that forks beside a thread, is
# slow in it beyond use.
left_out='beneath|layer_lower|layer_dir|layer_header|jail|squash|survey|prepared|check|session|verify|unbundle|layer_tree|expand'

run_one() {
	local name=${1##*/test-}

	if valgrind -q --suppressions=tests/analysis/valgrind.supp --error-exitcode=99 --child-silent-after-fork=yes "$1" >"$WORK/$name.out" 2>&1; then
		echo "ok valgrind/$name"
	else
		echo "not ok valgrind/$name: $(grep -m 1 -E '^==|ERROR' "$WORK/$name.out")"
		tail -n 40 "$WORK/$name.out" >&2
	fi
}
export -f run_one

find build/tests/unit -maxdepth 1 -type f -name 'test-*' -executable -print0 |
	grep -zvE "/test-($left_out)\$" |
	xargs -0 -P 2 -I '{}' timeout 600 bash -c 'run_one "$1"' bash '{}'
