#!/bin/bash
# SPDX-License-Identifier: MIT
# Real input: a package installed by dpkg in a Debian base image.
#
# mmdebstrap makes the base, umoci puts it into an OCI layout with a second
# layer that deletes part of it, and skopeo makes a docker archive of that. The
# package is handed in as text in the preMount hook, which puts it into layer/:
# there is no other way to the guest than hooks and layers, and as a layer it
# would be part of the base. FIXTURES keeps image and package for later runs.
. "$(dirname "$0")/lib.sh"

claim='debian-dpkg/image'
[ "$(id -u)" -eq 0 ] || skip 'mmdebstrap and umoci need root here'
fixtures=${FIXTURES:-$WORK}

# The package is of the same day as the base, so that it fits.
make_base() {
	mmdebstrap --quiet --variant=minbase \
		--customize-hook='chroot "$1" sh -c "cd /root && apt-get download hello"' \
		--customize-hook='mv "$1"/root/hello_*.deb hello.deb' \
		bookworm base.tar >&2
}

make_image() {
	umoci init --layout oci &&
		umoci new --image oci:debian &&
		umoci raw add-layer --image oci:debian base.tar &&
		umoci unpack --image oci:debian bundle &&
		cp "$RECORD" bundle/rootfs/record &&
		rm -rf bundle/rootfs/usr/share/doc/* bundle/rootfs/usr/share/man &&
		chmod 700 bundle/rootfs/srv &&
		umoci repack --image oci:debian bundle &&
		skopeo --insecure-policy copy -q oci:oci:debian \
			docker-archive:debian.tar:debian:bookworm
}

if [ ! -f "$fixtures/debian.tar" ]; then
	mkdir make
	if ! (cd make && make_base); then
		skip 'mmdebstrap cannot make a base image (is there a network?)'
	fi
	if ! (cd make && make_image) >&2; then
		problem 'cannot make the image'
		verdict
		exit 0
	fi
	chmod 644 make/debian.tar
	mv make/hello.deb make/debian.tar "$fixtures/"
	rm -rf make
fi
run --dry-run --from-image "$fixtures/debian.tar" >plan.json
[ "$(jq '.image.layers | length' plan.json)" = 2 ] ||
	problem "the plan is $(<plan.json)"
verdict

claim='debian-dpkg/installs'
{
	echo 'base64 -d >layer/hello.deb <<EOF'
	base64 "$fixtures/hello.deb"
	echo EOF
} >pre-mount
cat >post-mount <<'EOF'
[ ! -e mnt/usr/share/man ]
mount -t proc proc mnt/proc
chroot mnt dpkg -i /hello.deb
[ "$(chroot mnt hello)" = 'Hello, world!' ]
rm mnt/hello.deb
umount mnt/proc
EOF
printf '%s\n' "$RECORD_HOOK" >>post-mount
run_ok --from-image "$fixtures/debian.tar" --name hello \
	--pre-mount @pre-mount --post-mount @post-mount \
	--output nobody/layer.tar --report nobody/report.json
grep -q '^Setting up hello ' err || problem 'dpkg did not set it up'
jq -r '.steps[] | "\(.durationNs / 1e7 | round / 100) s  \(.name)"' \
	nobody/report.json >&2
nothing_left
verdict
[ -f nobody/layer.tar ] || exit 0

claim='debian-dpkg/layer'
for path in usr/bin/hello var/lib/dpkg/status var/lib/dpkg/info/hello.list \
	var/lib/dpkg/info/hello.md5sums var/log/dpkg.log \
	usr/share/doc/hello/copyright; do
	assert_has nobody/layer.tar "$path"
done
tar -xOf nobody/layer.tar var/lib/dpkg/status |
	grep -qx 'Package: hello' || problem 'hello is not in the database'
# What came and went within the run has left no trace.
for path in hello.deb .wh.hello.deb proc/ dev/ usr/bin/dpkg; do
	assert_lacks nobody/layer.tar "$path"
done
verdict

claim='debian-dpkg/oracle'
recorded >merged.record
umoci_apply "$fixtures/debian.tar" nobody/layer.tar applied ||
	problem 'umoci cannot apply the layer'
"$RECORD" applied ./record >applied.record
[ "$(wc -l <merged.record)" -gt 5000 ] ||
	problem "only $(wc -l <merged.record) paths are recorded"
diff merged.record applied.record >&2 ||
	problem 'umoci makes another tree of base and layer'
verdict

# And that tree is a Debian in order, with one package more.
claim='debian-dpkg/works'
[ "$(chroot applied dpkg-query -W -f '${db:Status-Abbrev}' hello)" = 'ii ' ] ||
	problem "hello is $(chroot applied dpkg-query -W hello)"
[ -z "$(chroot applied dpkg --audit)" ] || problem "$(chroot applied dpkg --audit)"
chroot applied dpkg --verify hello >&2 || problem 'its files are not as packed'
[ "$(chroot applied hello)" = 'Hello, world!' ] || problem 'hello does not run'
verdict

claim='debian-dpkg/the-same-bytes-every-way'
same_every_way --from-image "$fixtures/debian.tar" --post-mount '
	rm -r mnt/usr/share/common-licenses
	chmod -R o-rwx mnt/etc
	mv mnt/usr/share/perl5 mnt/usr/share/perl
	chroot mnt dpkg-query -W >mnt/packages
'
verdict
