#!/bin/bash
# SPDX-License-Identifier: MIT
# What buildah commits and podman saves is read: the plan says what skopeo says
# of it, and the tree is the one that went in.
. "$(dirname "$0")/../vm/lib.sh"
. "$here/image/inspect.sh"
claims=reads-buildah-and-podman
claim=$claims
[ "$(id -u)" -eq 0 ] || skip 'buildah and podman are run by root here'

# podman wants no more than 50 bytes of path there.
runroot=$(mktemp -d /tmp/overlayvm.XXXXXX) || exit 1
trap 'rm -rf "$runroot"' EXIT
buildah() {
	command buildah --root "$WORK/root" --runroot "$runroot" \
		--storage-driver vfs "$@" </dev/null
}
podman() {
	command podman --root "$WORK/root" --runroot "$runroot" \
		--storage-driver vfs "$@" </dev/null
}

mkdir -p tree/etc
echo lower >tree/etc/lower
head -c 100000 /dev/urandom >tree/data
container=$(buildah from scratch) || problem 'buildah cannot begin'
buildah add -q "$container" tree / >&2
buildah config --env A=b --user 12:34 --workingdir /etc "$container" >&2
buildah commit -q "$container" first >&2
container=$(buildah from first)
echo upper >tree/etc/upper
echo changed >tree/etc/lower
buildah add -q "$container" tree/etc /etc >&2
for format in oci docker; do
	buildah commit -q --format "$format" "$container" "localhost/$format:1" >&2
	buildah push -q "localhost/$format:1" "oci:$format:one" >&2
	agrees "buildah-push-$format" "oci:$format:one"
	buildah push -q "localhost/$format:1" "docker-archive:$format.tar:x/$format:1" >&2
	agrees "buildah-push-$format-to-an-archive" "docker-archive:$format.tar"
	buildah push -q --format v2s2 "localhost/$format:1" "dir:$format.dir" >&2
	skopeo copy -q "dir:$format.dir" "oci-archive:$format.oci.tar:one" >&2
	agrees "buildah-push-$format-through-dir" "oci-archive:$format.oci.tar:one"
done

podman save -q --format docker-archive -o podman.tar localhost/oci:1 >&2
agrees podman-save podman.tar docker-archive:podman.tar
podman save -q --format oci-archive -o podman.oci.tar localhost/oci:1 >&2
agrees podman-save-oci-archive podman.oci.tar oci-archive:podman.oci.tar
podman save -q --format oci-dir -o podman.oci localhost/oci:1 >&2
agrees podman-save-oci-dir podman.oci oci:podman.oci
podman save -q --multi-image-archive --format docker-archive -o several.tar \
	localhost/oci:1 localhost/docker:1 >&2
agrees podman-save-several docker-archive:several.tar:localhost/docker:1

# An image for several machines, as a nested index.
buildah manifest create several >&2
buildah manifest add --arch arm64 several localhost/docker:1 >&2
buildah manifest add --arch amd64 several localhost/oci:1 >&2
buildah manifest push -q --all several oci:several:one >&2
agrees buildah-manifest-push oci:several:one

podman export -o export.tar "$(podman create localhost/oci:1 sh)" >&2
claim=$claims/podman-export
run_ok --progress none --from-image rootfs-tar:export.tar --post-mount '
	cd mnt; find data etc -type f | sort | xargs sha256sum'
grep -q "  etc/upper\$" err || problem "the tree is $(<err)"
diff <(cd tree && sha256sum data etc/lower etc/upper) \
	<(grep -E '  (data|etc/lower|etc/upper)$' err) >&2 ||
	problem 'the tree is another'
nothing_left
verdict
