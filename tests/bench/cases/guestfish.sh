#!/bin/bash
# SPDX-License-Identifier: MIT
# A small change to Debian, against libguestfs' virtual machine.
# shellcheck disable=SC2034,SC2154

bench() {
	about 'warm run'
	need_fixture debian-1 || return 1
	contender ours 'overlayvm'
	contender guestfish 'guestfish: launch, format, tar-in, one command' \
		guestfish
	is_out guestfish || guestfish_setup ||
		absent guestfish 'no kernel for its appliance'
	ratio at-most 0.05 ours guestfish
}

ours() {
	change
}

check_ours() {
	is_changed "$work/layer.tar"
}

prepare_guestfish() {
	rm -f "$work/guestfish.img"
	truncate -s 1G "$work/guestfish.img"
}

guestfish() {
	timeout --foreground 1800 guestfish \
		add-drive "$work/guestfish.img" format:raw cachemode:unsafe : \
		run : mke2fs /dev/sda fstype:ext4 : mount /dev/sda / : \
		tar-in "$fixtures/rootfs.tar" / : \
		sh "$CHANGE" : umount /
}

check_guestfish() {
	[ "$(debugfs -R 'cat /etc/changed' "$work/guestfish.img" \
		2>/dev/null)" = changed ]
}
