#!/bin/bash
# SPDX-License-Identifier: MIT
# cppcheck finds nothing.
set -u
cd "$(dirname "$0")/../.." || exit 1

# It does not know __attribute__((cleanup)), and so takes whatever is released
# by it for lost: leaks are for the sanitizers to find. It knows readdir(3) of
# other systems; POSIX allows it for a stream of one's own. Jumps out of
# assertions of cmocka it does not see, and json-c's loops it does not know.
if cppcheck --quiet --error-exitcode=1 -j2 --std=c11 -D_GNU_SOURCE -D__linux__ -I. \
	--library=posix --library=gnu --enable=warning,performance,portability \
	--suppress=memleak --suppress=resourceLeak --suppress=leakReturnValNotUsed \
	--suppress=readdirCalled --suppress=nullPointer:tests/unit/* \
	--suppress=unknownMacro -D__x86_64__ \
	--inline-suppr host guest images tests/unit tests/fault tests/fuzz >&2 2>&1; then
	echo 'ok analysis/cppcheck'
else
	echo 'not ok analysis/cppcheck: see above'
fi
