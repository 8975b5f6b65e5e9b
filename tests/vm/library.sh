#!/bin/bash
# SPDX-License-Identifier: MIT
# liboverlayvm, as other programs have it: built with what pkg-config says
# against what 'meson install' installs, and run as nobody.
. "$(dirname "$0")/lib.sh"

top=$here/../..
prefix=$(meson introspect "$top/build" --buildoptions |
	jq -r '.[] | select(.name == "prefix").value')
DESTDIR=$WORK/dest meson install -C "$top/build" --no-rebuild >install.log 2>&1 ||
	problem "$(tail -n 3 install.log)"
pc=$(find "$WORK/dest" -name liboverlayvm.pc)
libdir=$(dirname "$(dirname "$pc")")
export PKG_CONFIG_PATH=${pc%/*} PKG_CONFIG_SYSROOT_DIR=$WORK/dest
[ -d "$WORK/dest$prefix" ] || problem "nothing in '$prefix'"
base_image base.tar

# build OUT SOURCE: as a user of the library does, and without a warning.
build() {
	# shellcheck disable=SC2046 # options, a word each
	cc -std=gnu11 -Wall -Wextra -Wpedantic -Werror -o "$1" "$2" \
		$(pkg-config --cflags --libs liboverlayvm) >cc.log 2>&1 ||
		problem "$(grep -m 1 error cc.log)"
}

# as_user COMMAND...: as nobody; what it says is in out and err.
as_user() {
	status=0
	as_nobody env LD_LIBRARY_PATH="$libdir" "$@" >out 2>err || status=$?
}

claim=library/shows-only-its-own-names
nm -D --defined-only "$libdir/liboverlayvm.so" | awk '$2 != "A" { print $3 }' >names
[ -s names ] && ! grep -v '^overlayvm_' names >&2 || problem 'others'
for name in $(grep -oE 'overlayvm_[a-z_]+\(' "$top/host/library/overlayvm.h" | tr -d '(' | sort -u); do
	grep -q "^$name@" names || problem "the header has '$name', the library not"
	grep -q "$name(" "$top/host/overlayvm.3" || problem "no '$name' in overlayvm(3)"
done
verdict

claim=library/the-manuals-example
sed -n '/^#include <overlayvm.h>/,/^\.EE/p' "$top/host/overlayvm.3" |
	sed -e '/^\.EE/d' -e 's/\\-/-/g' -e 's/\\e/\\/g' >clean.c
build clean clean.c
mkdir -p apt/1/var/lib/apt/lists apt/1/etc
echo list >apt/1/var/lib/apt/lists/one
pack_layer apt/1 apt/1.tar
pack_image apt.tar apt:1 apt/1.tar
as_user ./clean docker-archive:apt.tar nobody/layer.tar
[ "$status" -eq 0 ] || problem "status $status: $(tail -n 1 err)"
digest=$(sha256sum <nobody/layer.tar)
[ "$(cat out)" = "sha256:${digest%% *}" ] || problem "it prints '$(cat out)'"
grep -qx 'guest: run hook postMount' err || problem 'no step'
grep -q 'mnt/var/lib/apt/lists/one' err || problem 'no log'
[ "$(names_of nobody/layer.tar | tail -n 1)" = var/lib/apt/.wh.lists ] ||
	problem 'another layer'
nothing_left
as_user ./clean docker-archive:nowhere.tar nobody/layer.tar
[ "$status" -eq 1 ] && [ "$(tail -n 1 err)" = \
	"clean: image: open image 'nowhere.tar': No such file or directory" ] ||
	problem "status $status, $(tail -n 1 err)"
verdict

claim=library/in-a-program-with-a-life-of-its-own
build embedder "$here/embedder.c"
export SOURCE_DATE_EPOCH=1500000000
as_user timeout 1200 ./embedder docker-archive:base.tar nobody
[ "$status" -eq 0 ] && [ ! -s out ] || problem "status $status: $(cat out err)"
nothing_left
verdict

claim=library/the-same-layer-as-the-program
run_ok --from-image docker-archive:base.tar --output nobody/program.tar --post-mount \
	'echo said by a hook; rm -r mnt/dir; echo >mnt/new'
cmp nobody/1.tar nobody/2.tar >&2 || problem 'two runs differ'
cmp nobody/1.tar nobody/program.tar >&2 || problem 'the program makes another'
verdict
