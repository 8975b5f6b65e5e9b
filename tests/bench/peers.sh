#!/bin/bash
# SPDX-License-Identifier: MIT
# peers.sh - buildah and guestfish, each with all it keeps in one place; sourced

: "${work:?}" "${fixtures:?}"
export CONTAINERS_STORAGE_CONF=$BENCH_DIR/buildah/storage.conf
export LIBGUESTFS_BACKEND=direct LIBGUESTFS_BACKEND_SETTINGS=force_tcg
export LIBGUESTFS_CACHEDIR=$BENCH_DIR/guestfs
# shellcheck disable=SC1091 # guestfish_setup writes it
[ ! -f "$LIBGUESTFS_CACHEDIR/kernel" ] || . "$LIBGUESTFS_CACHEDIR/kernel"

buildah_storage() {
	rm -rf "$BENCH_DIR/buildah"
	mkdir -p "$BENCH_DIR/buildah"
	printf '[storage]\ndriver = "%s"\ngraphroot = "%s"\nrunroot = "%s"\n' \
		"$1" "$BENCH_DIR/buildah/root" "$BENCH_DIR/buildah/run" \
		>"$CONTAINERS_STORAGE_CONF"
}

# The base image in a storage of buildah's own. Prints the driver: overlay
# does not work on every file system.
buildah_setup() {
	local driver image

	for driver in overlay vfs; do
		buildah_clean
		buildah_storage "$driver"
		image=$(buildah pull --quiet \
			"docker-archive:$fixtures/debian-1.tar" 2>/dev/null) &&
			buildah tag "$image" localhost/bench:base &&
			buildah_try >/dev/null 2>&1 || continue
		printf '%s\n' "$driver"
		return 0
	done
	return 1
}

buildah_try() {
	local container

	container=$(buildah from --pull-never localhost/bench:base) &&
		buildah run --isolation chroot "$container" -- /bin/true &&
		buildah rm "$container"
}

# buildah_change DESTINATION: what the case compares with a run of ours.
buildah_change() {
	local container

	container=$(buildah from --pull-never localhost/bench:base)
	buildah run --isolation chroot "$container" -- /bin/sh -c "$CHANGE"
	buildah commit --quiet --disable-compression "$container" "$1"
}

# No container is left, and no layer that the next commit could find done.
buildah_reset() {
	buildah rm --all >/dev/null
	! buildah inspect --type image localhost/bench:changed >/dev/null 2>&1 ||
		buildah rmi --force localhost/bench:changed >/dev/null
	rm -rf "$work/oci"
}

buildah_clean() {
	[ -f "$CONTAINERS_STORAGE_CONF" ] && command -v buildah >/dev/null ||
		return 0
	buildah rm --all >/dev/null 2>&1
	! mountpoint -q "$BENCH_DIR/buildah/root/overlay" ||
		umount "$BENCH_DIR/buildah/root/overlay"
}

# libguestfs makes its appliance of this machine's packages, and of a kernel in
# /boot with its modules. Where there is none, a machine that runs in another
# or a container, it gets the one that our guest image is made of.
guestfish_setup() {
	local root=$LIBGUESTFS_CACHEDIR/root package image modules

	mkdir -p "$LIBGUESTFS_CACHEDIR"
	if compgen -G '/boot/vmlinuz-*' >/dev/null &&
		compgen -G '/lib/modules/*/modules.dep' >/dev/null; then
		: >"$LIBGUESTFS_CACHEDIR/kernel"
		return
	fi
	rm -rf "$root"
	package=${OVERLAYVM_KERNEL:-}
	[[ $package == *.deb ]] ||
		package=$("$BENCH_TOP/images/debian-kernel" "$BENCH_DIR/kernel") ||
		return 1
	dpkg-deb -x "$package" "$root" || return 1
	image=$(find "$root/boot" -name 'vmlinuz-*')
	modules=$(find "$root" -path '*/modules/*' -prune -type d)
	depmod -b "$root" "${modules##*/}" || return 1
	printf 'export SUPERMIN_KERNEL=%q SUPERMIN_MODULES=%q\n' "$image" \
		"$modules" >"$LIBGUESTFS_CACHEDIR/kernel"
	# supermin copies its attributes, wherever the modules are.
	mkdir -p /lib/modules
}
