#!/bin/bash
# SPDX-License-Identifier: MIT
# --output-image: base and layer as one image, in each form, twice the same.
. "$(dirname "$0")/lib.sh"
. "$here/image/forms.sh"

export SOURCE_DATE_EPOCH=1500000000

# A base with a layer of each compression that is stored as it is, and one of
# another. Its config says things that nobody here knows.
mkdir -p tree/etc
for n in 1 2 3 4; do
	echo "$n" >"tree/etc/$n"
	tar -C tree -cf "$n.tar" .
done
gzip -kn 2.tar
zstd -q 3.tar
xz -k 4.tar
plain=({1,2,3,4}.tar)
# shellcheck disable=SC2034 # for docker_hybrid
stored=(1.tar 2.tar.gz 3.tar.zst 4.tar.xz)
image_config() {
	local ids=() layer

	for layer; do
		ids+=("$(digest "$layer")")
	done
	printf '{"x-unknown":[1.50,{"a":null}],"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin","A=1"],"Cmd":["/bin/a"],"Healthcheck":{"Test":["NONE"]},"OnBuild":null},"rootfs":{"type":"layers","diff_ids":[%s]},"history":[{"created_by":"one"},{"empty_layer":true},{},{},{}]}' \
		"$(join '"sha256:%s"' "${ids[@]}")"
}
docker_hybrid base.tar example.org/base:1
hook='echo new >mnt/new; rm mnt/etc/1'
settings=(--config env=A=2 --config env=B= --config 'cmd=["/bin/b","c"]'
	--config user=7:8 --config label=k=v --config expose=80)

made() {
	run_ok --from-image base.tar --name made --post-mount "$hook" \
		"${settings[@]}" "$@"
}

# blob LAYOUT DIGEST: the path of a blob, which must be what it is called.
blob() {
	local path=$1/blobs/sha256/${2#sha256:}

	[ "$(digest "$path")" = "${2#sha256:}" ] || problem "blob $2 is another"
	printf '%s\n' "$path"
}

# is_whole LAYOUT: the one image of a layout is what it must be.
is_whole() {
	local manifest config

	[ "$(jq -c . "$1/oci-layout")" = '{"imageLayoutVersion":"1.0.0"}' ] ||
		problem 'another oci-layout'
	manifest=$(blob "$1" "$(jq -r '.manifests[0].digest' "$1/index.json")")
	config=$(blob "$1" "$(jq -r .config.digest "$manifest")")
	for n in 0 1 2 3 4; do
		blob=$(blob "$1" "$(jq -r ".layers[$n].digest" "$manifest")")
		[ "$(stat -c %s "$blob")" -eq "$(jq ".layers[$n].size" "$manifest")" ] ||
			problem "layer $n has another size"
		ln -sf "$blob" "layer-$n"
	done
	# As they were stored; what OCI does not know is not compressed.
	for n in 1.tar 2.tar.gz 3.tar.zst 4.tar nobody/layer.tar; do
		i=$((${i:--1} + 1))
		cmp "$n" "layer-$i" >&2 || problem "layer $i is not $n"
	done
	unset i
	[ "$(jq -r '.layers[].mediaType' "$manifest" | cut -d + -f 2- -s | paste -sd,)" = gzip,zstd ] ||
		problem 'other media types'
	[ "$(jq -r '.annotations."org.opencontainers.image.base.name"' "$manifest")" = example.org/base:1 ] ||
		problem 'it does not name the base'
	is_config "$config"
}

is_config() {
	local want

	want=$(image_config "${plain[@]}" | jq -c --arg id "sha256:$(digest nobody/layer.tar)" '
		.created = "2017-07-14T02:40:00Z" |
		.config += {Env: ["PATH=/bin", "A=2", "B="], Cmd: ["/bin/b", "c"],
			User: "7:8", Labels: {k: "v"}, ExposedPorts: {"80/tcp": {}}} |
		.rootfs.diff_ids += [$id] |
		.history += [{created: .created, comment: "overlayvm",
			created_by: "overlayvm run --name \u0027made\u0027 --post-mount \u0027echo new >mnt/new; rm mnt/etc/1\u0027"}]' |
		jq -S .)
	[ "$(jq -S . "$1")" = "$want" ] || {
		jq -S . "$1" | diff <(printf '%s\n' "$want") - >&2
		problem 'another config'
	}
	grep -qF '"x-unknown":[1.50,' "$1" || problem 'a number is written otherwise'
}

claim=output-images/docker-archive
made --output nobody/layer.tar --output-image docker-archive:nobody/d.tar:made:1 \
	--report nobody/report.json
mkdir d && tar -C d -xf nobody/d.tar
is_whole d
[ "$(jq -c '.[0].RepoTags' d/manifest.json)" = '["made:1"]' ] ||
	problem 'it has another name'
[ "$(jq -r '.[0].Layers[]' d/manifest.json | wc -l)" -eq 5 ] ||
	problem 'Docker sees other layers'
jq -e '.made."1"' d/repositories >/dev/null || problem 'no repositories'
[ "$(jq -r .image.digest nobody/report.json)" = "$(jq -r '.manifests[0].digest' d/index.json)" ] ||
	problem 'the report has another digest'
tar --full-time -tvf nobody/d.tar >members
! grep -v ' 0/0 .* 1970-01-01 00:00:00 ' members >&2 || problem 'an owner or a time'
LC_ALL=C sort -c <(tar -tf nobody/d.tar) || problem 'it is not sorted'
nothing_left
verdict

claim=output-images/oci-archive
made --output-image oci-archive:nobody/o.tar:v1
mkdir o && tar -C o -xf nobody/o.tar
is_whole o
[ ! -e o/manifest.json ] || problem 'it has a manifest.json'
nothing_left
verdict

claim=output-images/oci
made --output-image oci:nobody/new:v1
is_whole nobody/new
diff -r o nobody/new >&2 || problem 'the archive of it is another'
nothing_left
verdict

claim=output-images/nix
made --compress gzip --output-image nix:nobody/nix
cmp nobody/layer.tar nobody/nix/layer.tar >&2 || problem 'another layer'
[ "$(cat nobody/nix/VERSION)" = 1.0 ] || problem 'another version'
[ "$(jq -r .checksum nobody/nix/json)" = "sha256:$(digest nobody/layer.tar)" ] ||
	problem 'another checksum'
made --output-image nix:nobody/nix
[ "$(find nobody/nix -type f | wc -l)" -eq 3 ] || problem 'it is not replaced'
nothing_left
verdict

claim=output-images/the-same-bytes
made --output-image docker-archive:nobody/d2.tar:made:1 --no-template --layers unpack
cmp nobody/d.tar nobody/d2.tar >&2 || problem 'docker-archive'
made --output-image oci-archive:nobody/o.tar:v1
mkdir o2 && tar -C o2 -xf nobody/o.tar
diff -r o o2 >&2 || problem 'oci-archive'
verdict

claim=output-images/a-layout-that-is-there
before=$(jq -c '.manifests[0]' nobody/new/index.json)
jq -c '.x = 1' nobody/new/index.json >index && cat index >nobody/new/index.json
made --config user= --output-image oci:nobody/new:v2
[ "$(jq -c '.manifests[0], .x' nobody/new/index.json | paste -sd ' ')" = "$before 1" ] ||
	problem 'the first image is not as it was'
[ "$(jq -r '.manifests[].annotations[]' nobody/new/index.json | paste -sd ' ')" = 'v1 v2' ] ||
	problem 'the second is not there'
made --config user= --output-image oci:nobody/new:v1
[ "$(jq -r '.manifests[].annotations[]' nobody/new/index.json | paste -sd ' ')" = 'v2 v1' ] &&
	[ "$(jq -r '.manifests[].digest' nobody/new/index.json | sort -u | wc -l)" -eq 1 ] ||
	problem 'the name has not moved'
nothing_left
verdict

claim=output-images/of-a-layout-into-the-same
made --output-image oci:nobody/new:base
run_ok --from-image oci:nobody/new:base --post-mount 'echo 2 >mnt/2' \
	--output-image oci:nobody/new:child
manifest=$(blob nobody/new "$(jq -r '.manifests[-1].digest' nobody/new/index.json)")
[ "$(jq -r '.annotations."org.opencontainers.image.base.digest"' "$manifest")" = \
	"$(jq -r '.manifests[-2].digest' nobody/new/index.json)" ] ||
	problem 'it names another base'
[ "$(jq '.layers | length' "$manifest")" -eq 6 ] || problem 'not six layers'
verdict

claim=output-images/compressed
made --compress zstd --output nobody/layer.zst --output-image oci:nobody/z
manifest=$(blob nobody/z "$(jq -r '.manifests[0].digest' nobody/z/index.json)")
cmp nobody/layer.zst "$(blob nobody/z "$(jq -r '.layers[-1].digest' "$manifest")")" >&2 ||
	problem 'another layer than --output'
jq -r '.layers[-1].mediaType' "$manifest" | grep -qx '.*+zstd' ||
	problem 'another media type'
jq -e '.manifests[0].annotations == null' nobody/z/index.json >&2 ||
	problem 'it has a name'
verdict

claim=output-images/from-nothing
run_ok --pre-mount 'echo 1 >layer/file' --config cmd=/file --output-image oci:nobody/s:s
manifest=$(blob nobody/s "$(jq -r '.manifests[0].digest' nobody/s/index.json)")
[ "$(jq -c '[.os, .architecture, .config.Cmd, (.rootfs.diff_ids | length), (.history | length)]' \
	"$(blob nobody/s "$(jq -r .config.digest "$manifest")")")" = \
	'["linux","amd64",["/bin/sh","-c","/file"],1,1]' ] || problem 'another config'
jq -e '.annotations == null' "$manifest" >&2 || problem 'it names a base'
verdict

claim=output-images/a-pipe
run_ok --from-image base.tar --name made --post-mount "$hook" "${settings[@]}" \
	--output-image docker-archive:-:made:1 >piped
cmp nobody/d.tar piped >&2 || problem 'other bytes'
verdict

claim=output-images/what-was-there-stays-when-a-run-fails
cp -r nobody/new as-it-was
cp nobody/d.tar old.tar
for target in oci:nobody/new:v1 docker-archive:nobody/d.tar nix:nobody/nix oci:nobody/none; do
	run_fails 3 'overlayvm: hook postMount: exited with status 3' \
		--from-image base.tar --post-mount 'exit 3' --output-image "$target"
done
diff -r as-it-was nobody/new >&2 && cmp old.tar nobody/d.tar >&2 &&
	[ ! -e nobody/none ] || problem 'something is left or changed'
verdict
