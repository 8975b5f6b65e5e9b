#!/bin/bash
# SPDX-License-Identifier: MIT
# A small change to Debian, everything kept from earlier runs, against buildah.
# shellcheck disable=SC2034,SC2154

# To an OCI directory buildah's layer comes out as a file, as ours does, with a
# copy of the base beside it; into its own storage nothing comes out.
bench() {
	local driver=none

	about 'warm run'
	need_fixture debian-1 || return 1
	contender ours 'overlayvm'
	! command -v buildah >/dev/null || driver=$(buildah_setup)
	contender buildah_oci "buildah ($driver), to an OCI directory" buildah
	contender buildah_own "buildah ($driver), to its own storage" buildah
	ratio at-most 0.55 ours buildah_oci
	ratio at-most 0.55 ours buildah_own
}

ours() {
	change
}

check_ours() {
	is_changed "$work/layer.tar"
}

prepare_buildah_oci() {
	buildah_reset
}

buildah_oci() {
	buildah_change "oci:$work/oci:changed"
}

oci_blob() {
	printf '%s/oci/blobs/sha256/%s\n' "$work" "${1#sha256:}"
}

check_buildah_oci() {
	local manifest layer

	manifest=$(jq -r '.manifests[0].digest' "$work/oci/index.json")
	layer=$(jq -r '.layers[-1].digest' "$(oci_blob "$manifest")")
	is_changed "$(oci_blob "$layer")"
}

prepare_buildah_own() {
	buildah_reset
}

buildah_own() {
	buildah_change localhost/bench:changed
}

check_buildah_own() {
	buildah inspect --type image localhost/bench:changed >/dev/null
}
