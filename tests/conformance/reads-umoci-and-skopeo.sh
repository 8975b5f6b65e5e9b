#!/bin/bash
# SPDX-License-Identifier: MIT
# What umoci makes, and skopeo makes of that, is read: the plan says what
# skopeo says of it, and the tree is the one that went in.
. "$(dirname "$0")/../vm/lib.sh"
. "$here/image/inspect.sh"
claims=reads-umoci-and-skopeo

mkdir -p tree/etc
echo lower >tree/etc/lower
head -c 100000 /dev/urandom >tree/data
tar -C tree -cf 1.tar .
echo upper >tree/etc/upper
echo changed >tree/etc/lower
tar -C tree -cf 2.tar ./etc
umoci --log=error init --layout umoci >&2
umoci --log=error new --image umoci:base >&2
for n in 1 2; do
	umoci --log=error raw add-layer --image umoci:base "$n.tar" >&2
done
umoci --log=error config --image umoci:base --config.env A=b --config.cmd sh \
	--tag second >&2
chmod -R a+rX umoci
agrees umoci oci:umoci:base
agrees umoci-second oci:umoci:second

# copy TO [OPTION]...
copy() {
	local to=$1

	shift
	skopeo copy -q "$@" oci:umoci:base "$to" >&2
}
copy oci:oci:one
agrees oci oci:oci:one
agrees oci-recognised oci oci:oci:one
copy oci:zstd:one --dest-compress --dest-compress-format zstd
agrees oci-zstd oci:zstd:one
copy dir:plain --dest-decompress
skopeo copy -q --dest-oci-accept-uncompressed-layers dir:plain oci:plain.oci:one >&2
agrees oci-uncompressed oci:plain.oci:one
copy oci-archive:oci.tar:one
agrees oci-archive oci-archive:oci.tar:one
gzip -k oci.tar
agrees oci-archive-in-gzip oci-archive:oci.tar.gz:one oci-archive:oci.tar:one
copy docker-archive:docker.tar:example.org/a:1
agrees docker-archive docker-archive:docker.tar:example.org/a:1
agrees docker-archive-recognised docker.tar docker-archive:docker.tar
zstd -q docker.tar -o docker.tar.zst
agrees docker-archive-in-zstd docker-archive:docker.tar.zst \
	docker-archive:docker.tar

# A manifest of Docker's in a layout, which skopeo writes and does not read.
claim=$claims/docker-manifest-in-oci
copy oci:schema2:one --format v2s2
jq -r '.manifests[].mediaType' schema2/index.json |
	grep -qxF application/vnd.docker.distribution.manifest.v2+json ||
	problem 'skopeo writes another manifest'
same_tree oci:schema2:one
verdict

# Two images in one layout, and the name is a whole one.
copy oci:two:example.org/a:1
skopeo copy -q oci:umoci:second oci:two:example.org/a:2 >&2
agrees one-of-two oci:two:example.org/a:2
agrees by-place oci:two:@1 oci:two:example.org/a:2

claim=$claims/dir
copy dir:dir --dest-compress
run_fails 125 "overlayvm: image: image 'dir': is a directory of the form 'dir',\
 which is not read (skopeo copy dir:DIR oci:OTHER makes one that is)" \
	--from-image dir
verdict
