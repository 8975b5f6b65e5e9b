#!/bin/bash
# SPDX-License-Identifier: MIT
# fixtures.sh - the images that are measured, made once; sourced by run
#
#	debian-N    Debian, minbase, of 170 MB, in N layers
#	archive     one layer with the archive of debian-1 as a file
#	size-N      N files of 1 MB that do not compress, in one layer
#	entries-N   N small files, 1000 a directory, in one layer

: "${work:?}" "${fixtures:?}"

# pack_image OUT LAYER...: tars, lowest first, as a docker archive.
pack_image() {
	local out=$1 layer n=0 layers='' ids='' id

	shift
	mkdir -p image
	for layer; do
		n=$((n + 1))
		ln "$layer" "image/$n.tar"
		id=$(sha256sum "$layer")
		layers+="${layers:+,}\"$n.tar\""
		ids+="${ids:+,}\"sha256:${id%% *}\""
	done
	printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[%s]}}' \
		"$ids" >image/config.json
	printf '[{"Config":"config.json","RepoTags":["bench:latest"],"Layers":[%s]}]' \
		"$layers" >image/manifest.json
	tar -C image -cf "$out" .
}

pack_tree() {
	tar --format=pax --numeric-owner --xattrs --xattrs-include='*' \
		--pax-option=delete=atime,delete=ctime --no-recursion "$@"
}

make_rootfs() {
	mmdebstrap --quiet --variant=minbase bookworm "$1"
}

# A list of paths with all directories above them, each once, parents first.
with_parents() {
	awk '{
		path = $0
		do
			seen[path] = 1
		while (sub("/[^/]*$", "", path))
	} END { for (path in seen) print path }' | sort
}

# As a build in so many steps: neighbours in the tree are in one layer.
make_debian() {
	local out=$1 count=$2 list layers=()

	need_fixture rootfs
	mkdir tree
	tar -C tree --xattrs --xattrs-include='*' --numeric-owner \
		-xpf "$fixtures/rootfs.tar" || return 1
	(cd tree && find . -mindepth 1) | sort >list
	split -n "l/$count" -a 4 list list.
	for list in list.*; do
		with_parents <"$list" >parents
		pack_tree -C tree -T parents -cf "$list.tar" || return 1
		layers+=("$list.tar")
	done
	pack_image "$out" "${layers[@]}"
}

make_archive() {
	need_fixture debian-1
	ln -s "$fixtures/debian-1.tar" base.tar
	tar --dereference -cf layer.tar base.tar && pack_image "$1" layer.tar
}

make_size() {
	mkdir tree
	head -c "$2M" /dev/urandom | split -b 1M -a 4 -d - tree/file- &&
		tar -C tree -cf layer.tar . && rm -r tree &&
		pack_image "$1" layer.tar
}

make_entries() {
	local i

	for ((i = 0; i < $2 / 1000; i++)); do
		mkdir -p "tree/$i"
		seq 1000 | split -l 1 -a 3 -d - "tree/$i/file-" || return 1
	done
	tar -C tree -cf layer.tar . && pack_image "$1" layer.tar
}

# need_fixture NAME: make it unless it is there. What is there is whole.
need_fixture() {
	local name=$1 number='' make status=0

	[ ! -f "$fixtures/$name.tar" ] || return 0
	note "making the fixture $name"
	make=make_${name%-*}
	[[ $name != *-* ]] || number=${name##*-}
	make=$(mktemp -d "$work/$make.XXXXXX")
	(
		cd "$make" &&
			"make_${name%-*}" "$make/made.tar" "$number" >&2 &&
			mv "$make/made.tar" "$fixtures/$name.tar"
	) || status=1
	rm -rf "$make"
	[ "$status" -eq 0 ] || note "cannot make the fixture $name"
	return "$status"
}
