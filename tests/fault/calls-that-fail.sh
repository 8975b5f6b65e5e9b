#!/bin/bash
# SPDX-License-Identifier: MIT
# Each system call of a run fails once, the first, the second, and so on, until
# a run comes to its end without. Whatever fails: the output is whole or as it
# was, nothing is left, the image is untouched, there is one line of cause, and
# the status says which it was. An actor plays QEMU: there is no boot.
. "$(dirname "$0")/lib.sh"

# What is called before main() is the loader's: --version does nothing more.
calls_of() {
	as_nobody strace -qq -e "trace=$1" -o trace "$OVERLAYVM" --version >/dev/null
	wc -l <trace
}

# fails CALLS ERROR: that error, from each of these calls in turn.
fails() {
	local call when

	claim=calls-that-fail/$1-$2
	for call in ${1//,/ }; do
		when=$(calls_of "$call")
		while :; do
			when=$((when + 1))
			step="$call $when $2"
			old_outputs
			status=0
			as_nobody strace -qq -o trace -e "trace=$call" \
				-e "inject=$call:error=$2:when=$when" \
				"$OVERLAYVM" "${arguments[@]}" 2>err || status=$?
			judge
			grep -q '(INJECTED)' trace || break
			total=$((total + 1))
		done
	done
	run_ok --no-template --post-mount x
	cmp base.tar base.copy || problem 'the image has changed'
	nothing_left
	verdict
}
total=0
touch trace
chmod 666 trace

fails openat EMFILE
fails openat EIO
fails read,pread64 EIO
fails read,poll,wait4 EINTR
fails write,pwrite64,ftruncate,fsync,linkat,renameat,copy_file_range ENOSPC
fails mkdir,symlinkat EDQUOT
fails socketpair,pipe2,dup,fcntl,signalfd4 EMFILE
fails clone,clone3 EAGAIN
fails newfstatat,fstat,statx,getdents64,readlink,access EIO
fails landlock_add_rule,landlock_create_ruleset,seccomp,prctl EPERM
fails flock EIO
# What cannot be removed is there until the next run.
removing=1
fails unlinkat,rmdir EIO

claim=calls-that-fail/several-hundred-of-them
[ "$total" -ge 300 ] || problem "$total only"
verdict
