#!/bin/bash
# SPDX-License-Identifier: MIT
# One image as an OCI layout, in a directory and in an archive, and as a root
# file system, with its layers in each compression: the plan has the same
# layers, and a run gives the same bytes as that of a docker archive.
. "$(dirname "$0")/lib.sh"
. "$here/image/forms.sh"

export SOURCE_DATE_EPOCH=1500000000
tag=example.org/forms:1
make_layers
plain=(1.tar 2.tar 3.tar)
diff_ids=$(for n in 1 2 3; do printf 'sha256:%s\n' "$(digest "$n.tar")"; done)

planned() {
	run --dry-run --from-image "$1" >plan.json
	[ "$status" -eq 0 ] || problem "$(tail -n 1 "$WORK/err")"
	[ "$(jq -r '.image.layers[].diffId' plan.json)" = "$diff_ids" ] ||
		problem 'the plan has other layers'
	[ "$(jq -r .image.name plan.json)" = "$tag" ] ||
		problem "it is called $(jq .image.name plan.json)"
	[ ! -s "$WORK/err" ] || problem "warns: $(<"$WORK/err")"
}

# What is in the merged tree goes into the layer. Unpacked layers are read from
# the image every time, and not from the cache.
result() {
	run_ok --layers unpack --from-image "$1" --output "nobody/$2" --post-mount '
		(cd mnt && find . -type f -print0 | sort -z |
			xargs -0 sha256sum) >all
		cp all mnt/etc/all
		rm mnt/common
	'
	nothing_left
}
stored=("${plain[@]}")
docker_save docker.tar "$tag"
result docker.tar wanted

# same CLAIM REF: the same plan and the same bytes.
same() {
	claim=image-oci/$1
	planned "$2"
	result "$2" layer
	cmp nobody/wanted nobody/layer >&2 || problem 'the layers differ'
	verdict
}
for kind in tar tar.gz tar.zst tar.xz tar.bz2; do
	stored=(1."$kind" 2."$kind" 3."$kind")
	oci_directory layout.d "$tag"
	same "directory-$kind" layout.d
	oci_archive image.tar "$tag"
	same "archive-$kind" image.tar
done
stored=(1.zeros 2.frames 3.blocks)
oci_nested nested.d "$tag"
same nested-and-several-streams "oci:nested.d:$tag"
stored=(1.tar 2.tar.gz 3.tar.zst)
oci_archive image.tar "$tag"
for kind in gzip zstd xz bzip2; do
	case $kind in
	bzip2) busybox bzip2 -kc image.tar ;;
	*) "$kind" -kc image.tar ;;
	esac >whole
	same "whole-$kind" "oci-archive:whole:$tag"
done
plain=(3.tar 1.tar 2.tar 3.tar)
stored=(3.tar.gz 1.tar 2.tar 3.tar.gz)
oci_directory layout.d "$tag"
same repeated-layer oci:layout.d
plain=(1.tar 2.tar 3.tar)

# The tree of 3 on 2, in one tar: what is below it is not seen.
mkdir root
tar -C root -xf 2.tar
tar -C root -xf 3.tar
rm root/etc/first root/etc/.wh.first
tar -C root -cf root.tar .
for kind in cat gzip zstd xz 'busybox bzip2'; do
	claim="image-oci/rootfs-tar-${kind##* }"
	$kind <root.tar >nobody/root
	run --dry-run --from-image rootfs-tar:nobody/root >plan.json
	[ "$(jq -r '.image.layers[] | .name, .diffId' plan.json)" = "root
sha256:$(digest root.tar)" ] || problem "the plan is $(jq -c .image plan.json)"
	result rootfs-tar:nobody/root layer
	cmp <(tar -xOf nobody/wanted etc/all) <(tar -xOf nobody/layer etc/all) >&2 ||
		problem 'the tree is another'
	verdict
done
claim=image-oci/rootfs-tar-only-when-asked-for
run_fails 125 "overlayvm: image: image 'root.tar': contains no manifest.json" \
	--from-image root.tar
verdict
