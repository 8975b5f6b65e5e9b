#!/bin/bash
# SPDX-License-Identifier: MIT
# As calls-that-fail, of whoever works for a run: its threads, the readers in
# their jails, tar2sqfs, and the actor that plays QEMU. The Nth call of each of
# them fails in one run, whoever gets so far; layers are prepared anew each time.
. "$(dirname "$0")/lib.sh"

export OVERLAYVM_CACHE=$WORK/nobody/cache

# What is called before main() is the loader's: --version does nothing more.
calls_of() {
	as_nobody strace -qq -e "trace=$1" -o trace "$OVERLAYVM" --version >/dev/null
	wc -l <trace
}

# fails CALLS ERROR [MOST]
fails() {
	local call when first

	claim=calls-that-fail-elsewhere/$1-$2
	for call in ${1//,/ }; do
		first=$(calls_of "$call")
		for ((when = first + 1; when <= first + ${3:-40}; when++)); do
			step="$call $when $2"
			rm -rf "$OVERLAYVM_CACHE"
			old_outputs
			status=0
			as_nobody strace -f -qq -o trace -e "trace=$call" -e signal=none \
				-e "inject=$call:error=$2:when=$when" \
				"$OVERLAYVM" "${arguments[@]}" --layers mount 2>err || status=$?
			wait_for_the_killed
			judge
			grep -q '(INJECTED)' trace || break
			total=$((total + 1))
		done
	done
	rm -rf "$OVERLAYVM_CACHE"
	run_ok --no-template --post-mount x
	cmp base.tar base.copy || problem 'the image has changed'
	nothing_left
	verdict
}
total=0
touch trace
chmod 666 trace

fails openat,dup2,memfd_create EMFILE
fails read,pread64,lseek EIO
fails read,poll EINTR
fails write,pwrite64,ftruncate ENOSPC
fails clone,clone3,execve EAGAIN
fails landlock_restrict_self,prctl,setrlimit EPERM

claim=calls-that-fail-elsewhere/a-hundred-of-them
[ "$total" -ge 100 ] || problem "$total only"
verdict
