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

# docker save since 25: an OCI layout with manifest.json beside its index. The
# blobs are called by the digest of what is stored.
docker_hybrid() {
	local out=$1 tag=$2 dir blobs layer names=() config manifest

	dir=$(mktemp -d "$WORK/form.XXXXXX")
	blobs=blobs/sha256
	mkdir -p "$dir/$blobs"
	for layer in "${stored[@]}"; do
		cp "$layer" "$dir/$blobs/$(digest "$layer")"
		names+=("$blobs/$(digest "$layer")")
	done
	image_config "${plain[@]}" >"$dir/config"
	config=$(digest "$dir/config")
	mv "$dir/config" "$dir/$blobs/$config"
	for layer in "${stored[@]}"; do
		printf '{"mediaType":"application/vnd.oci.image.layer.v1.tar","digest":"sha256:%s","size":%s}\n' \
			"$(digest "$layer")" "$(stat -c %s "$layer")"
	done | paste -sd, >"$dir/descriptors"
	printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:%s","size":%s},"layers":[%s]}' \
		"$config" "$(stat -c %s "$dir/$blobs/$config")" \
		"$(<"$dir/descriptors")" >"$dir/manifest"
	manifest=$(digest "$dir/manifest")
	printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"sha256:%s","size":%s,"annotations":{"org.opencontainers.image.ref.name":"%s"}}]}' \
		"$manifest" "$(stat -c %s "$dir/manifest")" "${tag##*:}" \
		>"$dir/index.json"
	mv "$dir/manifest" "$dir/$blobs/$manifest"
	rm "$dir/descriptors"
	printf '{"imageLayoutVersion":"1.0.0"}' >"$dir/oci-layout"
	printf '[{"Config":"%s/%s","RepoTags":["%s"],"Layers":[%s]}]\n' "$blobs" \
		"$config" "$tag" "$(join '"%s"' "${names[@]}")" \
		>"$dir/manifest.json"
	(cd "$dir" && tar --format=pax -cf "../$out" -- *)
	rm -rf "$dir"
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
