#!/bin/bash
# SPDX-License-Identifier: MIT
# overlayvm guest build, of a real kernel: modules in each compression give the
# same image, and what is of no use is told in one line with the cure.
. "$(dirname "$0")/lib.sh"

top=$here/../..
kernel=$(meson introspect "$top/build" --buildoptions |
	jq -r '.[] | select(.name == "kernel").value')
[[ $kernel == *.deb ]] || skip 'the build has no kernel, or no package of one'
dpkg-deb -x "$kernel" package
version=$(ls package/lib/modules)
[ -d "package/lib/modules/$version/kernel" ] || skip 'its kernel has no modules'
image=$WORK/package/boot/vmlinuz-$version
chmod -R a+rX package
cp "$top/build/guest/agent/overlayvm-agent" agent
chmod 755 agent
mkdir nobody/cache
[ "$(id -u)" -ne 0 ] || chown "$NOBODY:$NOBODY" nobody/cache
export OVERLAYVM_CACHE=$WORK/nobody/cache

build() {
	overlayvm guest build --agent "$WORK/agent" --output "$WORK/nobody/made" "$@" >out
}

# refused LINE [OPTION]...: word for word, and nothing is made.
refused() {
	local line=$1

	shift
	build "$@"
	[ "$status" -eq 125 ] || problem "exit status $status"
	[ "$(cat err)" = "overlayvm: guest build: $line" ] ||
		problem "says '$(cat err)' instead of '$line'"
	[ ! -e nobody/made ] || problem 'made something'
	nothing_left
}

key_of() {
	jq -r .key nobody/made/manifest.json
	rm -rf nobody/made
}

claim=kernels/modules-in-each-compression-give-the-same-image
cp "$kernel" kernel.deb
chmod 644 kernel.deb
build --kernel "$WORK/kernel.deb"
want=$(key_of)
[ -n "$want" ] || problem "the package: $(cat err)"
for tool in '' 'xz -0' 'zstd -q -1 --rm'; do
	rm -rf modules
	cp -r "package/lib/modules/$version" modules
	# shellcheck disable=SC2086 # words
	[ -z "$tool" ] || find modules -name '*.ko' -exec $tool {} +
	build --kernel "$image" --modules "$WORK/modules"
	[ "$(key_of)" = "$want" ] || problem "another image with '$tool': $(cat err)"
done
verdict

# Debian's depmod is built without zlib, and others' with it.
claim=kernels/modules-that-depmod-does-not-read
rm -rf modules
cp -r "package/lib/modules/$version" modules
find modules -name '*.ko' -exec gzip -1 {} +
if depmod --version | grep -q -- -ZLIB; then
	refused "this machine's depmod does not read the modules of kernel $version, which are compressed (in a copy of their directory: find -name '*.ko.gz' -exec gunzip {} +; and give that with --modules)" \
		--kernel "$image" --modules "$WORK/modules"
	(cd modules && find . -name '*.ko.gz' -exec gunzip {} +)
fi
build --kernel "$image" --modules "$WORK/modules"
[ "$(key_of)" = "$want" ] || problem "another image: $(cat err)"
verdict

# With the same name: what the modules say themselves is what counts.
claim=kernels/modules-of-another-kernel
other=9${version:1}
sed "s/$version/$other/" "$image" >patched
rm -rf modules
cp -r "package/lib/modules/$version" modules
refused "module 'virtio_ring' is for kernel $version, not for $other (apt-get download linux-image-$other && overlayvm guest build --kernel ./linux-image-${other}_*.deb)" \
	--kernel "$WORK/patched" --modules "$WORK/modules"
refused "package '$WORK/kernel.deb' holds modules for kernel $version, not for $other (apt-get download linux-image-$other && overlayvm guest build --kernel ./linux-image-${other}_*.deb)" \
	--kernel "$WORK/patched" --modules "$WORK/kernel.deb"
refused "no modules for kernel $other in '/lib/modules/$other' (apt-get download linux-image-$other && overlayvm guest build --kernel ./linux-image-${other}_*.deb)" \
	--kernel "$WORK/patched"
verdict

claim=kernels/a-module-that-is-cut-off
overlay=$(find modules -name 'overlay.ko')
truncate -s 5000 "$overlay"
build --kernel "$image" --modules "$WORK/modules"
grep -qE "^overlayvm: guest build: module '[^']*/${overlay#modules/}' is cut off, after 5000 bytes$" err ||
	problem "says '$(cat err)'"
[ ! -e nobody/made ] || problem 'made something'
rm -rf modules nobody/made
verdict

# This machine is Debian: tests/run runs on no other.
claim=kernels/a-kernel-that-only-root-reads
locked=$WORK/vmlinuz-6.8.0-41-generic
cp "$image" "$locked"
chmod 600 "$locked"
if [ "$(id -u)" -eq 0 ]; then
	refused "open '$locked': Permission denied (take it from its package: apt-get download linux-image-6.8.0-41-generic linux-modules-6.8.0-41-generic && overlayvm guest build --kernel ./linux-image-6.8.0-41-generic_*.deb --modules ./linux-modules-6.8.0-41-generic_*.deb)" \
		--kernel "$locked"
	OVERLAYVM_KERNEL=$locked build
	grep -q "^overlayvm: guest build: open '$locked': Permission denied (take it" err ||
		problem "OVERLAYVM_KERNEL: $(cat err)"
fi
verdict

claim=kernels/what-is-no-kernel
echo text >text
refused "'$WORK/text' is not a Linux kernel" --kernel "$WORK/text"
refused "'$WORK/agent' is an ELF file, not a bzImage (of a kernel that was built here it is arch/x86/boot/bzImage)" \
	--kernel "$WORK/agent"
refused "open '$WORK/none': No such file or directory" --kernel "$WORK/none"
verdict
