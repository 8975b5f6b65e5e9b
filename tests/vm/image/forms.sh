# SPDX-License-Identifier: MIT
# forms.sh - the forms in which tools write images; sourced by the tests
#
# Each function writes one archive, out of the layers as they are to lie in it
# (compressed or not) and of what digests them, the plain layers.
# shellcheck shell=bash

digest() { sha256sum "$1" | cut -d ' ' -f 1; }

# join FORMAT WORD...: the words, each in the format, with commas between.
join() {
	local format=$1

	shift
	# shellcheck disable=SC2059 # it is one
	printf "$format\n" "$@" | paste -sd,
}

# image_config PLAIN...: the config of an image of these layers.
image_config() {
	local ids=() plain

	for plain; do
		ids+=("$(digest "$plain")")
	done
	printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[%s]},"history":[%s]}' \
		"$(join '"sha256:%s"' "${ids[@]}")" \
		"$(join '{"created_by":"layer %s"}' "${!ids[@]}")"
}

# The arrays `plain` and `stored` are the caller's.

# docker save before 25: HEX.json, ID/layer.tar with its VERSION and json, and
# repositories. A layer that comes twice is a symlink.
docker_save() {
	local out=$1 tag=$2 dir id n=0 names=() config
	local -A seen=()

	dir=$(mktemp -d "$WORK/form.XXXXXX")
	image_config "${plain[@]}" >"$dir/config"
	config=$(digest "$dir/config").json
	mv "$dir/config" "$dir/$config"
	# shellcheck disable=SC2154
	for layer in "${stored[@]}"; do
		n=$((n + 1))
		# Docker's IDs hash the chain of layers; any name will do.
		id=$(echo "$n $layer" | sha256sum | cut -d ' ' -f 1)
		mkdir "$dir/$id"
		printf 1.0 >"$dir/$id/VERSION"
		printf '{"id":"%s"}' "$id" >"$dir/$id/json"
		if [ -n "${seen[$layer]:-}" ]; then
			ln -s "../${seen[$layer]}/layer.tar" "$dir/$id/layer.tar"
		else
			cp "$layer" "$dir/$id/layer.tar"
			seen[$layer]=$id
		fi
		names+=("$id/layer.tar")
	done
	printf '[{"Config":"%s","RepoTags":["%s"],"Layers":[%s]}]\n' "$config" \
		"$tag" "$(join '"%s"' "${names[@]}")" >"$dir/manifest.json"
	printf '{"%s":{"%s":"%s"}}\n' "${tag%:*}" "${tag##*:}" "$id" \
		>"$dir/repositories"
	(cd "$dir" && tar --format=ustar -cf "../$out" -- *)
	rm -rf "$dir"
}

# What a layer is said to be. Of xz and bzip2 the specification knows nothing.
media_type() {
	local type=application/vnd.oci.image.layer.v1.tar

	case $1 in
	*.gz) type+=+gzip ;;
	*.zst) type+=+zstd ;;
	esac
	printf '%s\n' "$type"
}

# blob DIR FILE TYPE [FIELDS]: moves the file into the layout and prints its
# descriptor.
blob() {
	local hex size

	hex=$(digest "$2")
	size=$(stat -c %s "$2")
	mv "$2" "$1/blobs/sha256/$hex"
	printf '{"mediaType":"%s","digest":"sha256:%s","size":%s%s}\n' "$3" \
		"$hex" "$size" "${4:-}"
}

manifest_type=application/vnd.oci.image.manifest.v1+json
index_type=application/vnd.oci.image.index.v1+json

# oci_image DIR [FIELDS]: puts an image into the layout, and prints the
# descriptor of its manifest.
oci_image() {
	local dir=$1 layer config

	mkdir -p "$dir/blobs/sha256"
	printf '{"imageLayoutVersion":"1.0.0"}' >"$dir/oci-layout"
	for layer in "${stored[@]}"; do
		cp "$layer" "$dir/layer"
		blob "$dir" "$dir/layer" "$(media_type "$layer")"
	done | paste -sd, >"$dir.layers"
	image_config "${plain[@]}" >"$dir/config"
	config=$(blob "$dir" "$dir/config" application/vnd.oci.image.config.v1+json)
	printf '{"schemaVersion":2,"mediaType":"%s","config":%s,"layers":[%s]}' \
		"$manifest_type" "$config" "$(<"$dir.layers")" >"$dir/manifest"
	rm "$dir.layers"
	blob "$dir" "$dir/manifest" "$manifest_type" "${2:-}"
}

oci_index() {
	printf '{"schemaVersion":2,"mediaType":"%s","manifests":[%s]}' \
		"$index_type" "$(paste -sd, - <<<"$1")"
}

called() {
	printf ',"annotations":{"%s":"%s"}' "$1" "$2"
}

# A layout in a directory, as umoci, skopeo and buildah write it.
oci_directory() {
	local out=$1 tag=$2

	rm -rf "$out"
	mkdir "$out"
	oci_index "$(oci_image "$out" \
		"$(called org.opencontainers.image.ref.name "$tag")")" \
		>"$out/index.json"
}

# The same in an archive.
oci_archive() {
	oci_directory layout "$2"
	tar -C layout --format=pax -cf "$1" .
	rm -rf layout
}

# What buildx writes: an index in the index, with other machines, newer
# processors and attestations before the image that is meant.
oci_nested() {
	local out=$1 tag=$2 all=("${plain[@]}") these=("${stored[@]}")

	rm -rf "$out"
	mkdir "$out"
	plain=("${all[0]}") stored=("${these[0]}")
	oci_image "$out" ',"platform":{"os":"linux","architecture":"arm64"}' >list
	oci_image "$out" ',"platform":{"os":"unknown","architecture":"unknown"}' >>list
	oci_image "$out" "$(called vnd.docker.reference.type attestation-manifest)" >>list
	oci_image "$out" ',"platform":{"os":"linux","architecture":"amd64","variant":"v4"}' >>list
	plain=("${all[@]}") stored=("${these[@]}")
	oci_image "$out" ',"platform":{"os":"linux","architecture":"amd64"}' >>list
	oci_index "$(<list)" >"$out/inner"
	oci_index "$(blob "$out" "$out/inner" "$index_type" \
		"$(called io.containerd.image.name "$tag")")" >"$out/index.json"
	rm list
}

# docker save since 25: an OCI layout with manifest.json beside its index. The
# blobs are called by the digest of what is stored.
docker_hybrid() {
	local out=$1 tag=$2 layer names=()

	oci_directory layout "${tag##*:}"
	for layer in "${stored[@]}"; do
		names+=("blobs/sha256/$(digest "$layer")")
	done
	image_config "${plain[@]}" >config
	printf '[{"Config":"blobs/sha256/%s","RepoTags":["%s"],"Layers":[%s]}]\n' \
		"$(digest config)" "$tag" "$(join '"%s"' "${names[@]}")" \
		>layout/manifest.json
	(cd layout && tar --format=pax -cf "../$out" -- *)
	rm -rf layout config
}

# What skopeo and podman write: HEX.tar, HEX.json, and ID/layer.tar as a
# symlink to the former. It decompresses what it is given.
skopeo_archive() {
	local out=$1 tag=$2

	docker_save skopeo-input.tar "$tag"
	rm -f "$out"
	skopeo --insecure-policy copy -q docker-archive:skopeo-input.tar \
		"docker-archive:$out:$tag" >&2
}

# The layers 1.tar, 2.tar and 3.tar, plain and in each compression. What is in
# 1 is below a block of gzip.
make_layers() {
	local n half

	mkdir -p tree/etc
	echo 1 >tree/common
	echo 1 >tree/etc/first
	tar -C tree -cf 1.tar .
	echo 2 >tree/common
	head -c 300000 /dev/urandom | base64 >tree/etc/second
	: >tree/etc/.wh.first
	tar -C tree -cf 2.tar .
	echo 3 >tree/common
	rm tree/etc/*
	tar -C tree -cf 3.tar .
	for n in 1 2 3; do
		gzip -kn "$n.tar"
		zstd -q "$n.tar"
		xz -k "$n.tar"
		busybox bzip2 -kc "$n.tar" >"$n.tar.bz2"
		pigz -knc -b 128 "$n.tar" >"$n.pigz"
		half=$(($(stat -c %s "$n.tar") / 2))
		{
			head -c "$half" "$n.tar" | gzip -n
			tail -c "+$((half + 1))" "$n.tar" | gzip -n
		} >"$n.members"
		{
			cat "$n.tar.gz"
			head -c 512 /dev/zero
		} >"$n.zeros"
		# A skippable frame, as zstd:chunked has it, and two of data.
		{
			head -c "$half" "$n.tar" | zstd -q
			printf '\x50\x2a\x4d\x18\x04\x00\x00\x00skip'
			tail -c "+$((half + 1))" "$n.tar" | zstd -q
		} >"$n.frames"
		xz -kc --block-size=65536 "$n.tar" >"$n.blocks"
	done
}
