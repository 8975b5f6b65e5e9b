#!/bin/bash
# SPDX-License-Identifier: MIT
# gcc -fanalyzer finds nothing.
set -u
cd "$(dirname "$0")/../.." || exit 1

# Of gcc 12 it is a young thing in C: it does not know cleanup attributes, so
# leaks are left to the sanitizers; and it takes it that a list with a count
# may be NULL with one, and names an <unknown> that is not initialised.
off=(-Wno-analyzer-malloc-leak -Wno-analyzer-file-leak -Wno-analyzer-null-dereference
	-Wno-analyzer-use-of-uninitialized-value)

one() {
	gcc -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DERROR_IS_ANALYSED '-DOVERLAYVM_VERSION="0"' '-DOVERLAYVM_AGENT="0"' -I. -Ibuild \
		-fanalyzer "${@:2}" -Werror -c -o /dev/null "$1"
}
export -f one

if git ls-files --cached --others --exclude-standard 'host/*.c' 'guest/*.c' 'images/*.c' |
	xargs -P 2 -I '{}' bash -c 'one "$@"' bash '{}' "${off[@]}" >&2; then
	echo 'ok analysis/gcc-analyzer'
else
	echo 'not ok analysis/gcc-analyzer: see above'
fi
