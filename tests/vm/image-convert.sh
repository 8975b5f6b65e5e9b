#!/bin/bash
# SPDX-License-Identifier: MIT
# image convert and image flatten, which need no virtual machine.
. "$(dirname "$0")/lib.sh"
. "$here/image/forms.sh"

export SOURCE_DATE_EPOCH=1500000000
export OVERLAYVM_QEMU=/nonexistent

image() {
	overlayvm image "$@"
	[ "$status" -eq 0 ] || problem "$*: $(tail -n 1 "$WORK/err")"
	nothing_left
}

# image_fails LINE WORD...
image_fails() {
	local line=$1

	shift
	overlayvm image "$@"
	[ "$status" -eq 125 ] || problem "$*: exit status $status"
	[ "$(tail -n 1 "$WORK/err")" = "overlayvm: image $line" ] ||
		problem "$*: says '$(tail -n 1 "$WORK/err")'"
	nothing_left
}

id_of() {
	as_nobody "$OVERLAYVM" image inspect "$1" | sed -n 's/^ID: *//p'
}

mkdir -p tree/etc
for n in 1 2 3; do
	echo "$n" >"tree/etc/$n"
	rm -f "tree/etc/.wh.$((n - 2))"
	tar -C tree -cf "$n.tar" .
	: >"tree/etc/.wh.$n"
done
rm tree/etc/.wh.3
gzip -kn 2.tar
zstd -q 3.tar
# shellcheck disable=SC2034 # both for the writers
plain=({1,2,3,1}.tar) stored=(1.tar 2.tar.gz 3.tar.zst 1.tar)
docker_hybrid hybrid.tar example.org/x:1
docker_save save.tar example.org/x:1

claim=image-convert/any-form-in-any-form-out
id=sha256:$(digest <(image_config "${plain[@]}"))
from=hybrid.tar
n=0
for to in oci:nobody/a:x oci-archive:nobody/b.tar:x docker-archive:nobody/c.tar:x:1 \
	oci-archive:nobody/d.tar oci:nobody/e:y docker-archive:nobody/f.tar oci:nobody/g:x; do
	image convert "$from" "$to"
	from=${to%:x:1}
	[ "$(id_of "$from")" = "$id" ] || problem "$to has another ID"
done
# All that went by way of OCI forms alone is one image, to the manifest; and
# so is what was made again from the same config and layers.
[ "$(jq -r '.manifests[].digest' nobody/[aeg]/index.json | sort -u | wc -l)" -eq 1 ] ||
	problem 'the manifests differ'
for layer in 1.tar 2.tar.gz 3.tar.zst; do
	cmp "$layer" "nobody/g/blobs/sha256/$(digest "$layer")" >&2 ||
		problem "layer $layer is another"
done
[ "$(find nobody/g/blobs -type f | wc -l)" -eq 5 ] ||
	problem 'a layer that comes twice is stored twice'
verdict

claim=image-convert/twice-the-same-bytes
for form in docker-archive oci-archive; do
	image convert save.tar "$form:nobody/1.tar"
	image convert save.tar "$form:nobody/2.tar"
	cmp nobody/1.tar nobody/2.tar >&2 || problem "$form"
done
verdict

claim=image-convert/a-manifest-of-others-is-kept
skopeo --insecure-policy copy -q docker-archive:save.tar oci:theirs:x >&2
image convert oci:theirs:x oci:nobody/ours:x
[ "$(jq -r '.manifests[0].digest' theirs/index.json)" = \
	"$(jq -r '.manifests[0].digest' nobody/ours/index.json)" ] ||
	problem 'it has another digest'
verdict

claim=image-convert/damaged-layers
stored=(1.tar 3.tar.zst 3.tar.zst 1.tar)
docker_hybrid other.tar x:1
image_fails "convert: image 'other.tar': layer 1 'blobs/sha256/$(digest 3.tar.zst)': content is sha256:$(digest 3.tar), the config says sha256:$(digest 2.tar)" \
	convert other.tar oci:nobody/none
# One that is not compressed is seen when it is copied, one that is before.
printf X | dd of=hybrid.tar bs=1 conv=notrunc status=none \
	seek="$(grep -abo 'etc/1' hybrid.tar | head -n 1 | cut -d : -f 1)"
overlayvm image convert hybrid.tar oci:nobody/none
[ "$status" -eq 125 ] || problem "exit status $status"
grep -q "blob sha256:$(digest 1.tar): content is sha256:" err ||
	problem "says '$(cat err)'"
[ ! -e nobody/none ] || problem 'something is left'
nothing_left
verdict

claim=image-convert/wrong-words
try="(try 'overlayvm image convert --help')"
image_fails "convert: give FROM and TO $try" convert
image_fails "convert: give FROM and TO $try" convert a
image_fails "convert: unknown option '--x' $try" convert --x a b
image_fails "convert: 'b': is none of docker-archive:PATH[:NAME:TAG], oci-archive:PATH[:REF], oci:DIR[:REF], nix:DIR" convert a b
image_fails "convert: 'nix:nobody/x' holds a layer and no image (flatten makes one layer of an image)" convert a nix:nobody/x
image_fails "flatten: give FROM and TO (try 'overlayvm image flatten --help')" flatten a
verdict

claim=image-flatten/one-tar
image flatten save.tar nobody/flat.tar
[ "$(tar -tf nobody/flat.tar | paste -sd ' ')" = './ etc/ etc/1 etc/2 etc/3' ] ||
	problem "it has $(tar -tf nobody/flat.tar | paste -sd ' ')"
image flatten save.tar - >piped
cmp nobody/flat.tar piped >&2 || problem 'standard output gets other bytes'
verdict

claim=image-flatten/one-layer
image flatten save.tar oci:nobody/flat:x
manifest=nobody/flat/blobs/sha256/$(jq -r '.manifests[0].digest' nobody/flat/index.json | cut -d : -f 2)
layer=$(jq -r '.layers[].digest' "$manifest")
cmp nobody/flat.tar "nobody/flat/blobs/sha256/${layer#sha256:}" >&2 ||
	problem 'another layer than the tar'
config=nobody/flat/blobs/sha256/$(jq -r .config.digest "$manifest" | cut -d : -f 2)
[ "$(jq -c '[.rootfs.diff_ids[], (.history | length)]' "$config")" = "[\"$layer\",1]" ] ||
	problem 'its config speaks of other layers'
image flatten save.tar nix:nobody/nix
cmp nobody/flat.tar nobody/nix/layer.tar >&2 || problem 'nix gets another'
verdict

# As many as an overlay can stack, each a file of its own; twice as many
# descriptors as the soft limit allows, and the hard one does.
claim=image-convert/500-layers-in-and-out
mkdir many
plain=()
for n in {1..500}; do
	echo "$n" >"many/file-$n"
	tar -C many -cf "many/$n.tar" "file-$n"
	plain+=("many/$n.tar")
done
stored=("${plain[@]}")
docker_hybrid many.tar example.org/many:1
(
	ulimit -S -n 256
	image convert many.tar oci:nobody/many:x
	image convert oci:nobody/many:x docker-archive:nobody/back.tar:x:1
	image flatten oci:nobody/many:x nobody/many-flat.tar
	exit "$problems"
) || problem 'it is not as it should be under a soft limit'
[ "$(id_of nobody/many)" = "$(id_of nobody/back.tar)" ] ||
	problem 'the image changes on its way'
[ "$(tar -tf nobody/many-flat.tar | grep -c file-)" -eq 500 ] ||
	problem 'layers are missing'
verdict

claim=image-convert/an-archive-of-two-minds
plain=(many/1.tar) stored=(many/1.tar)
docker_hybrid first.tar example.org/x:1
first=$(digest <(image_config "${plain[@]}"))
plain=(many/2.tar) stored=(many/2.tar)
docker_hybrid second.tar example.org/x:1
second=$(digest <(image_config "${plain[@]}"))
mkdir both
tar -C both -xf second.tar
jq '.manifests[].annotations."io.containerd.image.name" = "example.org/x:1"' \
	both/index.json >index
tar -C both -xf first.tar
mv index both/index.json
tar -C both -cf both.tar .
image_fails "convert: image 'both.tar': 'example.org/x:1' has config sha256:$first in manifest.json, sha256:$second by index.json" \
	convert both.tar oci:nobody/both
[ ! -e nobody/both ] || problem 'something is left'
verdict
