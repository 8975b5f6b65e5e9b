#!/bin/bash
# SPDX-License-Identifier: MIT
# An OCI layout that cannot be trusted is refused before anything boots: one
# line that names it and says why, status 125, and the output as it was.
. "$(dirname "$0")/lib.sh"
. "$here/image/forms.sh"

# What does start QEMU all the same fails with another line than these.
printf '#!/bin/sh\nexit 1\n' >no-qemu
chmod 755 no-qemu
export OVERLAYVM_QEMU=$WORK/no-qemu
# And no layer is there already, by its diffID.
export OVERLAYVM_CACHE=$WORK/nobody/cache
old_output

mkdir tree
echo 1 >tree/file
tar -C tree -cf 1.tar .
echo 2 >tree/file
tar -C tree -cf 2.tar .
gzip -k 2.tar
plain=(1.tar 2.tar)
stored=(1.tar 2.tar.gz)
oci_directory good base:1
blobs=blobs/sha256
one=$(digest 1.tar) two=$(digest 2.tar.gz)

# of NAME: the blob that a field of the manifest or the index leads to.
of() { jq -r "$1.digest" "$2" | cut -d : -f 2; }
manifest=$(of '.manifests[0]' good/index.json)
config=$(of .config "good/$blobs/$manifest")

# refused CLAIM WHY COMMAND...: what becomes of it if the command changes it.
refused() {
	local why=$2

	claim=bad-layout/$1
	shift 2
	rm -rf bad
	cp -r good bad
	(cd bad && "$@")
	run_fails 125 "overlayvm: image: image 'bad': $why" --from-image oci:bad \
		--progress none --output nobody/layer.tar
	[ "$(wc -l <err)" -eq 1 ] || problem "says more than one line: $(<err)"
	is_old_output
	verdict
}

# Changes a document with jq, and what leads to it.
index() {
	jq -c "$1" index.json >new && mv new index.json
}
edit_manifest() {
	jq -c "$1" "$blobs/$manifest" >edited
	index ".manifests[0].digest = \"sha256:$(digest edited)\" |
		.manifests[0].size = $(stat -c %s edited)"
	mv edited "$blobs/$(digest edited)"
}
edited() {
	jq -c "$1" "good/$blobs/$manifest" | digest -
}
arm64=$(sed s/amd64/arm64/ "good/$blobs/$config" | digest -)
config_of_another_machine() {
	sed s/amd64/arm64/ "$blobs/$config" >"$blobs/$arm64"
	edit_manifest ".config.digest = \"sha256:$arm64\""
}
nested() {
	for _ in {1..9}; do
		oci_index "$(jq -c '.manifests[0]' index.json)" >inner
		oci_index "$(blob . inner "$index_type")" >index.json
	done
}

refused no-layout 'is a directory without the file oci-layout' rm oci-layout
refused another-version "oci-layout: version '3' is not read, only 1.0.0" \
	sed -i s/1.0.0/3/ oci-layout
refused no-index "'index.json' is not in the layout" rm index.json
refused a-large-index "'index.json' has 1048577 bytes, more than 1048576" \
	truncate -s 1048577 index.json
refused a-malformed-digest "index.json: item 1 of 'manifests': digest\
 'sha256:../x' is not 'sha256:' and 64 lower-case hexadecimal digits" \
	index '.manifests[0].digest = "sha256:../x"'
refused a-digest-of-another-kind "index.json: item 1 of 'manifests': digest\
 'sha512:00' is not a sha256 digest; no other algorithm is supported" \
	index '.manifests[0].digest = "sha512:00"'
refused a-negative-size "index.json: item 1 of 'manifests': 'size' is negative" \
	index '.manifests[0].size = -1'
refused a-manifest-of-another-size "manifest: '$blobs/$manifest' has\
 $(stat -c %s "good/$blobs/$manifest") bytes, its descriptor says 1" \
	index '.manifests[0].size = 1'
refused no-manifest "manifest: '$blobs/$manifest' is not in the layout" \
	rm "$blobs/$manifest"
refused another-manifest "manifest: '$blobs/$manifest': content is\
 sha256:$(sed s/sha256/sha2_6/ "good/$blobs/$manifest" | digest -)" \
	sed -i s/sha256/sha2_6/ "$blobs/$manifest"
refused no-config "config: '$blobs/$config' is not in the layout" \
	rm "$blobs/$config"
refused another-config "config: '$blobs/$config': content is\
 sha256:$(sed s/linux/LINUX/ "good/$blobs/$config" | digest -)" \
	sed -i s/linux/LINUX/ "$blobs/$config"
refused another-machine "config 'sha256:$arm64': is for 'arm64', this machine is 'amd64'" config_of_another_machine
refused only-other-machines 'has no image for linux/amd64; there is linux/s390x' \
	index '.manifests[0].platform = {os: "linux", architecture: "s390x"}'
refused no-layer "layer 2: '$blobs/$two' is not in the layout" rm "$blobs/$two"
refused a-layer-of-another-size "layer 1: '$blobs/$one' has 10241 bytes, its\
 descriptor says 10240" truncate -s 10241 "$blobs/$one"
refused another-layer "layer 1 '$blobs/$one': content is\
 sha256:$(sed s/1/9/ 1.tar | digest -), its descriptor says sha256:$one" \
	sed -i s/1/9/ "$blobs/$one"
cut=$(head -c "$(($(stat -c %s 2.tar.gz) - 1))" 2.tar.gz | cat - <(printf x) |
	digest -)
refused a-damaged-layer "layer 2 '$blobs/$two': content is sha256:$cut, its\
 descriptor says sha256:$two" \
	sh -c "truncate -s -1 $blobs/$two && printf x >>$blobs/$two"
refused a-foreign-layer "manifest 'sha256:$(
	edited '.layers[1].mediaType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"'
)': layer 2 is 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',\
 which is not distributed with the image" \
	edit_manifest '.layers[1].mediaType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"'
refused both-index-and-manifest "manifest 'sha256:$(
	edited '.manifests = []'
)': is said to be a manifest, but has 'manifests'" \
	edit_manifest '.manifests = []'
refused a-manifest-as-index "index 'sha256:$manifest': says that it is\
 '$manifest_type', not '$index_type'" \
	index ".manifests[0].mediaType = \"$index_type\""
refused nested-too-deep 'has indexes nested more than 8 deep' nested

claim=bad-layout/no-such-image
run_fails 125 "overlayvm: image: image 'good': holds no image 'base:2'; there\
 is base:1" --from-image oci:good:base:2 --output nobody/layer.tar
run_fails 125 "overlayvm: image: image 'good': holds no image '@1'; it has 1,\
 the first is '@0'" --from-image oci:good:@1 --output nobody/layer.tar
is_old_output
verdict
