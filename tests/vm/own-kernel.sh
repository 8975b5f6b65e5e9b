#!/bin/bash
# SPDX-License-Identifier: MIT
# images/kernel/build: all that overlayvm.config says is in the configuration
# that Debian's source makes of it, and what is missing is said in one line. To
# compile it takes too long to be a test: OVERLAYVM_KERNEL=PACKAGE tests/run
# runs them all in a guest with the kernel that was made.
. "$(dirname "$0")/lib.sh"

top=$here/../..
mkdir -p kernel none
cp "$top"/images/kernel/{build,overlayvm.config} kernel/
export TMPDIR=$WORK/nobody

# build_kernel [ARGUMENT]...: as the one who runs the tests.
build_kernel() {
	status=0
	"${with[@]}" kernel/build "$@" >out 2>err </dev/null || status=$?
}
with=(env)

# says LINE: it fails with this one line, and leaves nothing.
says() {
	[ "$status" -eq 1 ] || problem "exit status $status instead of 1"
	[ "$(cat err)" = "build: $1" ] || problem "says '$(cat err)' instead of '$1'"
	[ -z "$(find nobody -mindepth 1)" ] || problem 'something is left'
}

claim=own-kernel/has-all-that-it-should
build_kernel --config-only made
[ "$status" -eq 0 ] || problem "exit status $status: $(tail -n 3 err)"
[ ! -s err ] || problem "says '$(head -n 3 err)'"
[ "$(ls made)" = config ] || problem "made $(ls made)"
grep -qx CONFIG_OVERLAY_FS=y made/config || problem 'no overlay'
! grep -q =m made/config || problem "a module: $(grep -m 1 =m made/config)"
[ -z "$(find nobody -mindepth 1)" ] || problem 'something is left'
verdict

# An option that there is not, one that another hides, one that is always on.
claim=own-kernel/what-cannot-be-had-is-named
cp kernel/overlayvm.config whole
printf '%s\n' CONFIG_64BIT=y CONFIG_NO_SUCH_OPTION=y CONFIG_SQUASHFS=y \
	'# CONFIG_MMU is not set' '# CONFIG_EXT4_FS is not set' \
	>kernel/overlayvm.config
source=$(find /usr/src -maxdepth 1 -name 'linux-source-*.tar.*' | sort -V | tail -n 1)
build_kernel --config-only lacks
# Kconfig has its own to say of a name that it does not know.
sed -i '/^build: /!d' err
says "not to be had of '$source': CONFIG_NO_SUCH_OPTION=y, CONFIG_SQUASHFS=y, CONFIG_MMU=n"
[ -z "$(ls lacks)" ] || problem "made $(ls lacks)"
cp whole kernel/overlayvm.config
verdict

claim=own-kernel/missing-packages-are-named-all-at-once
for tool in bash dirname nproc; do
	ln -s "$(command -v $tool)" none/
done
with=(env "PATH=$WORK/none")
build_kernel --config-only made
says 'missing packages (apt-get install bison flex gcc make tar xz-utils libc6-dev)'
build_kernel made
says 'missing packages (apt-get install bison flex gcc make tar xz-utils binutils bc gzip lz4 libc6-dev libelf-dev)'
with=(env)
verdict

claim=own-kernel/a-source-that-is-not-there
build_kernel --config-only made nowhere.tar
says "no file 'nowhere.tar'"
echo nothing >broken.tar
build_kernel --config-only made broken.tar
sed -i '/^build: /!d' err
says "cannot unpack 'broken.tar'"
if [ "$(id -u)" -eq 0 ]; then
	# shellcheck disable=SC2016 # for that shell
	with=(unshare --mount sh -c 'mount -t tmpfs none /usr/src && exec "$@"' sh)
	build_kernel --config-only made
	says 'no source of Linux in /usr/src (apt-get install linux-source)'
	with=(env)
fi
verdict

# As root it compiles as nobody, who has to get there.
claim=own-kernel/a-place-that-nobody-gets-into
if [ "$(id -u)" -eq 0 ]; then
	mkdir -m 700 closed
	with=(env "TMPDIR=$WORK/closed")
	build_kernel --config-only made
	sed -i 's/\(build-kernel\.\)[[:alnum:]]*/\1X/' err
	says "nobody gets into '$WORK/closed/build-kernel.X' (name another place with TMPDIR)"
	[ -z "$(ls closed)" ] || problem 'something is left'
	with=(env)
fi
verdict

claim=own-kernel/bad-usage
for bad in '' 'a b c' '--jobs' '--jobs 0 a' '--jobs x a' '--quick a'; do
	# shellcheck disable=SC2086 # words
	build_kernel $bad
	says 'usage: images/kernel/build [--config-only] [--jobs N] DIR [SOURCE]'
done
verdict
