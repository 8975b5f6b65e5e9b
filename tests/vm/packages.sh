#!/bin/bash
# SPDX-License-Identifier: MIT
# What is installed works where it was installed: the Debian package, and what
# 'meson install' makes of it, in a prefix that no one else has.
. "$(dirname "$0")/lib.sh"

top=$here/../..
src=$WORK/src
build=$src/obj-x86_64-linux-gnu

# kernel OPTION: what the tree's own guest image was made of, for nobody too.
kernel_option() {
	meson introspect "$top/build" --buildoptions |
		jq -r --arg name "$1" '.[] | select(.name == $name).value'
}
kernel=$(kernel_option kernel)
modules=$(kernel_option modules)
[ -n "$kernel" ] || skip 'the build has no kernel'
[ -z "$modules" ] || skip 'its kernel is no package'
mkdir kernel
cp "$kernel" kernel/
kernel=$WORK/kernel/${kernel##*/}
chmod 644 "$kernel"

# A copy of the tree, as it lies there; not optimised, which is built sooner, and
# has none of the checks that come with that.
claim=packages/debian-builds
mkdir "$src"
(cd "$top" && git ls-files -z --cached --others --exclude-standard |
	tar --null -T - -c) | tar -x -C "$src"
(cd "$src" && DEB_BUILD_OPTIONS='nocheck noopt noautodbgsym parallel=2' \
	DEB_CFLAGS_STRIP=-g dpkg-buildpackage -us -uc -b) >build.log 2>&1 ||
	problem "$(tail -n 5 build.log)"
verdict
[ -e "$(echo "$WORK"/overlayvm_*.deb)" ] || exit 1

claim=packages/lintian-is-silent
lintian --display-info --pedantic --tag-display-limit 0 \
	--suppress-tags hardening-no-fortify-functions \
	--fail-on error,warning,info,pedantic ./*.changes >lintian.log 2>&1 ||
	problem "$(grep -v '^running with root' lintian.log)"
verdict

claim=packages/debian-has-it-all
for package in overlayvm liboverlayvm0 liboverlayvm-dev; do
	dpkg-deb -x "./${package}_"*.deb "$package"
	(cd "$package/usr" && find . \( -type f -o -type l \) \
		! -path './share/doc/*' ! -path './share/lintian/*' -printf '%P\n' |
		LC_ALL=C sort)
done >files
diff files - >&2 <<'END' || problem 'other files than these'
bin/overlayvm
libexec/overlayvm/overlayvm-agent
share/bash-completion/completions/overlayvm.bash
share/fish/vendor_completions.d/overlayvm.fish
share/man/man1/overlayvm.1.gz
share/man/man5/overlayvm-spec.5.gz
share/man/man7/overlayvm-security.7.gz
share/overlayvm/overlayvm-spec.schema.json
share/zsh/site-functions/_overlayvm
lib/x86_64-linux-gnu/liboverlayvm.so.0
lib/x86_64-linux-gnu/liboverlayvm.so.0.1.0
include/overlayvm.h
lib/x86_64-linux-gnu/liboverlayvm.so
lib/x86_64-linux-gnu/pkgconfig/liboverlayvm.pc
share/man/man3/overlayvm.3.gz
END
version=$(overlayvm/usr/bin/overlayvm --version)
[ "$version" = "overlayvm $(dpkg-deb -f ./overlayvm_*.deb Version)" ] ||
	problem "the program says '$version', the package another"
verdict

# The package's own test, which finds the program in PATH.
claim=packages/debian-program-runs
as_nobody env PATH="$WORK/overlayvm/usr/bin:$PATH" OVERLAYVM_KERNEL="$kernel" \
	AUTOPKGTEST_TMP="$WORK/nobody" "$top/debian/tests/guest" >guest.log 2>&1 ||
	problem "$(tail -n 3 guest.log)"
verdict

# The agent is where the program only knows it from the build.
claim=packages/meson-installs-into-any-prefix
{
	meson configure "$build" "-Dprefix=$WORK/prefix" -Dbindir=own/programs \
		-Dlibexecdir=helpers -Dmandir=man "-Dkernel=$kernel" &&
		ninja -C "$build" &&
		meson install -C "$build" --no-rebuild
} >install.log 2>&1 || problem "$(tail -n 5 install.log)"
[ -e prefix/man/man1/overlayvm.1 ] || problem 'no manual'
OVERLAYVM=$WORK/prefix/own/programs/overlayvm
overlayvm --version >version
grep -qx 'overlayvm [0-9.]*' version || problem "version: $(cat version err)"
overlayvm guest build --kernel "$kernel" --output "$WORK/nobody/guest" >built
[ "$status" -eq 0 ] || problem "guest build: $(cat err)"
run_ok --no-template --pre-mount 'echo made >layer/file' --output nobody/layer.tar
assert_has nobody/layer.tar file
verdict

claim=packages/meson-installs-with-DESTDIR
DESTDIR=$WORK/dest meson install -C "$build" --no-rebuild >install.log 2>&1 ||
	problem "$(tail -n 5 install.log)"
rm -rf prefix
OVERLAYVM=$WORK/dest$WORK/prefix/own/programs/overlayvm
overlayvm guest list >images
grep -q "$WORK/dest" images || problem "no guest image of its own: $(cat images err)"
verdict
