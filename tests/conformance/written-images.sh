#!/bin/bash
# SPDX-License-Identifier: MIT
# Images that runs write are read by skopeo, umoci, podman and buildah, and each
# makes the tree of them that the hook saw, file by file.
. "$(dirname "$0")/../vm/lib.sh"
claims=written-images
claim=$claims
[ "$(id -u)" -eq 0 ] || skip 'owners, devices and containers need root'

skopeo() {
	command skopeo --insecure-policy "$@" </dev/null
}
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

# The base and the hooks of the tests of changes: all that a layer can say.
changes=$here/../vm/changes
mkdir -p base1 base2
cp "$RECORD" base1/record
hooks='set -f
claim() { ( cd "mnt/$1"; shopt -u failglob; set +f; eval "$2"; hook ); }
'
for file in "$changes"/*.sh; do
	name=$(basename "$file" .sh)
	mkdir -p "base1/$name" "base2/$name"
	(
		base1() { :; }
		base2() { :; }
		# shellcheck disable=SC1090
		. "$file"
		cd "$WORK/base1/$name" && base1 && cd "$WORK/base2/$name" && base2
	) || problem "cannot make the base of $name"
	hooks+="claim $name $(printf %q "$(cat "$file")")"$'\n'
done
find base1 base2 -depth -exec touch -h -d @1000000000 {} +
pack_layer base1 base1.tar
pack_layer base2 base2.tar
pack_image plain.tar example.org/base:1 base1.tar base2.tar
skopeo copy -q docker-archive:plain.tar oci:base:1 >&2
chmod -R a+rX base

printf '%s\n' "$hooks" "$RECORD_HOOK" >hooks.sh
# same RECORD [PATH]...: it is the tree that the hook saw, but for these paths.
same() {
	local record=$1 path lines='^$'

	shift
	for path; do
		lines+="|^$path "
	done
	diff <(grep -vE "$lines" merged.record) <(grep -vE "$lines" "$record") >&2 ||
		problem 'it makes another tree of it'
}

claim=$claims/umoci-unpacks-a-layout
run_ok --from-image oci:base:1 --post-mount @hooks.sh --memory 1024 \
	--layers unpack --config env=NEW=1 --config 'cmd=["/record","/"]' \
	--output-image oci:nobody/oci:new
recorded >merged.record
[ -s merged.record ] || problem 'the hook recorded nothing'
umoci --log=error unpack --image nobody/oci:new bundle >&2 || problem 'it fails'
"$RECORD" bundle/rootfs ./record >umoci.record
same umoci.record
jq -e '.process.args == ["/record", "/"] and (.process.env | index("NEW=1"))' \
	bundle/config.json >&2 || problem 'another config'
verdict

claim=$claims/skopeo-copies-each-form
for to in docker-archive:nobody/docker.tar:example.org/new:1 \
	oci-archive:nobody/archive.tar:new; do
	overlayvm image convert oci:nobody/oci:new "$to"
	[ "$status" -eq 0 ] || problem "$to: $(<"$WORK/err")"
done
id=$(skopeo inspect --config --raw oci:nobody/oci:new | sha256sum)
for from in oci:nobody/oci:new oci-archive:nobody/archive.tar:new \
	docker-archive:nobody/docker.tar:example.org/new:1 docker-archive:nobody/docker.tar; do
	rm -rf copy copy.dir
	skopeo copy -q "$from" oci:copy:x >&2 || problem "$from to oci"
	skopeo copy -q "$from" dir:copy.dir >&2 || problem "$from to dir"
	skopeo inspect "$from" >&2 || problem "$from to inspect"
	[ "$(skopeo inspect --config --raw "$from" | sha256sum)" = "$id" ] ||
		problem "$from has another ID"
done
umoci --log=error unpack --image copy:x bundle.copy >&2 || problem 'the copy is bad'
"$RECORD" bundle.copy/rootfs ./record >skopeo.record
same skopeo.record
verdict

claim=$claims/podman-loads-archives
for archive in docker archive; do
	podman load -q -i "nobody/$archive.tar" >loaded || problem "$archive"
	name=$(sed -n 's/^Loaded image: *//p' loaded)
	mount=$(podman image mount "$name") || problem "$name has no tree"
	"$RECORD" "$mount" ./record >podman.record
	same podman.record '\.' # which keeps the time that it was made
	podman image unmount -f "$name" >&2
	podman rmi -f "$name" >&2
done
verdict

claim=$claims/buildah-starts-from-a-layout
container=$(buildah from oci:nobody/oci:new) || problem 'it cannot'
"$RECORD" "$(buildah mount "$container")" ./record >buildah.record
# vfs copies the image's tree for the container, without ACLs.
same buildah.record '\.' ./keeps-xattrs/acl
verdict

claim=$claims/flattened-it-is-the-same-tree
as_nobody "$OVERLAYVM" image flatten oci:nobody/oci:new nobody/flat.tar || problem 'it fails'
mkdir flat
tar -C flat --xattrs --xattrs-include='*' --same-owner --numeric-owner \
	-xpf nobody/flat.tar >&2 || problem 'tar cannot extract it'
"$RECORD" flat ./record >flat.record
same flat.record
verdict

claim=$claims/three-hundred-layers
layers=()
for n in {1..300}; do
	mkdir "$n"
	echo "$n" >"$n/top"
	[ $((n % 7)) -ne 0 ] || : >"$n/.wh.file-$((n - 5))"
	echo "$n" >"$n/file-$n"
	tar -C "$n" -cf "$n.tar" .
	layers+=("$n.tar")
done
pack_image many.tar example.org/many:1 "${layers[@]}"
run_ok --from-image many.tar --post-mount 'rm mnt/file-300; echo new >mnt/top
	echo "=== record"; (cd mnt; ls; cat top file-*); echo "=== end"' \
	--output-image docker-archive:nobody/many.tar:example.org/more:1
overlayvm image convert docker-archive:nobody/many.tar oci:nobody/many:x
[ "$status" -eq 0 ] || problem "$(<"$WORK/err")"
run_ok --from-image oci:nobody/many:x --post-mount '
	echo "=== record"; (cd mnt; ls; cat top file-*); echo "=== end"'
recorded >ours.list
[ "$(wc -l <ours.list)" -gt 500 ] || problem 'the hook saw nothing'
umoci --log=error unpack --image nobody/many:x many >&2 || problem 'umoci fails'
(cd many/rootfs && ls && cat top file-*) | diff ours.list - >&2 ||
	problem 'umoci makes another tree of it'
as_nobody "$OVERLAYVM" image flatten oci:nobody/many:x - | tar -xf - --one-top-level=many.flat
(cd many.flat && ls && cat top file-*) | diff ours.list - >&2 ||
	problem 'flattened it is another tree'
podman load -q -i nobody/many.tar >&2 || problem 'podman cannot load it'
(cd "$(podman image mount example.org/more:1)" && ls && cat top file-*) |
	diff ours.list - >&2 || problem 'podman makes another tree of it'
verdict
