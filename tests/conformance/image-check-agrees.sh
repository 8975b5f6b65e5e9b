#!/bin/bash
# SPDX-License-Identifier: MIT
# image check finds no error in what umoci, skopeo, buildah and podman make,
# and nothing at all in a layer of our own.
. "$(dirname "$0")/../vm/lib.sh"
claims=image-check-agrees

# sound IMAGE...: no error; a warning is a matter of taste.
sound() {
	local image

	for image; do
		overlayvm image check "$image" >out
		[ "$status" -eq 0 ] ||
			problem "$image: exit status $status: $(cat out "$WORK/err")"
	done
}

# spotless IMAGE...: nothing is said of it.
spotless() {
	sound "$@"
	for image; do
		overlayvm image check "$image" >out
		[ ! -s out ] || problem "$image: $(cat out)"
	done
}

claim=$claims/own-layer
base_image base.tar
chmod 644 base.tar
run_ok --from-image base.tar --output nobody/layer.tar --post-mount '
	cd mnt
	rm -r dir/lower file
	mkdir -p new/deep; echo x >new/deep/x; ln new/deep/x new/hard
	ln -s x new/deep/link; mknod new/null c 1 3; mkfifo new/fifo
	setcap cap_net_raw+ep new/deep/x; chmod 4755 new/hard
	rm -r dir; mkdir dir; echo y >dir/y
	touch "$(printf "new/\377 \n")"'
overlayvm image check nobody/layer.tar >out
[ "$status" -eq 0 ] || problem "exit status $status: $(cat err)"
[ ! -s out ] || problem "$(cat out)"
verdict

claim=$claims/umoci
mkdir -p tree/etc
echo lower >tree/etc/lower
tar -C tree --format=pax --pax-option=delete=atime,delete=ctime -cf tree.tar .
umoci --log=error init --layout umoci >&2
umoci --log=error new --image umoci:one >&2
umoci --log=error raw add-layer --image umoci:one tree.tar >&2
if [ "$(id -u)" -eq 0 ]; then
	umoci --log=error unpack --image umoci:one bundle >&2
	rm bundle/rootfs/etc/lower
	mkdir -p bundle/rootfs/new
	ln -s x bundle/rootfs/new/link
	umoci --log=error repack --image umoci:two bundle >&2
	umoci --log=error raw add-layer --image umoci:two nobody/layer.tar >&2
fi
chmod -R a+rX umoci
tar -C umoci -cf umoci.tar .
sound umoci umoci.tar oci:umoci:one oci-archive:umoci.tar
verdict

claim=$claims/skopeo
# copy TO [OPTION]...
copy() {
	local to=$1

	shift
	skopeo --insecure-policy copy -q "$@" "docker-archive:base.tar" "$to" >&2 ||
		problem "skopeo does not copy to $to"
}
copy oci:skopeo:one
copy oci-archive:skopeo.oci.tar:one
copy docker-archive:skopeo.tar:it:1
copy oci:skopeo.zstd:one --dest-compress-format zstd
copy oci:skopeo.v2:one --format v2s2
chmod -R a+rX skopeo*
sound base.tar skopeo skopeo.oci.tar skopeo.tar skopeo.zstd skopeo.v2
verdict

claim=$claims/buildah-and-podman
[ "$(id -u)" -eq 0 ] || skip 'buildah and podman are run by root here'
# podman wants no more than 50 bytes of path there.
runroot=$(mktemp -d /tmp/overlayvm.XXXXXX) || exit 1
trap 'rm -rf "$runroot"' EXIT
store=(--root "$WORK/root" --runroot "$runroot" --storage-driver vfs)

container=$(buildah "${store[@]}" from scratch) || problem 'buildah cannot begin'
root=$(buildah "${store[@]}" mount "$container")
mkdir -p "$root/etc" "$root/dir/sub"
echo x >"$root/dir/sub/x"
echo x >"$root/etc/x"
ln "$root/etc/x" "$root/etc/y"
setcap cap_net_raw+ep "$root/etc/x"
buildah "${store[@]}" config --env A=b --cmd /bin/sh --label l=1 --port 80 "$container" >&2
buildah "${store[@]}" commit -q "$container" one >&2
container=$(buildah "${store[@]}" from one)
root=$(buildah "${store[@]}" mount "$container")
rm -r "$root/etc/x" "$root/dir/sub"
mkdir "$root/dir/sub"
for format in oci docker; do
	buildah "${store[@]}" commit -q --format $format "$container" "localhost/$format:1" >&2
	buildah "${store[@]}" push -q "localhost/$format:1" "oci:buildah.$format:one" >&2
	buildah "${store[@]}" push -q "localhost/$format:1" "oci-archive:buildah.$format.oci.tar:one" >&2
	buildah "${store[@]}" push -q "localhost/$format:1" "docker-archive:buildah.$format.tar:x/y:1" >&2
	podman "${store[@]}" save -q -o podman.$format.tar "localhost/$format:1" >&2
	podman "${store[@]}" save -q --format oci-archive -o podman.$format.oci.tar "localhost/$format:1" >&2
	podman "${store[@]}" save -q --format oci-dir -o podman.$format "localhost/$format:1" >&2
done
chmod -R a+rX buildah.* podman.*
spotless buildah.* podman.*
verdict
