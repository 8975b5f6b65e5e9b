#!/bin/bash
# SPDX-License-Identifier: MIT
# An output that cannot be written is refused before anything boots.
. "$(dirname "$0")/lib.sh"

printf '#!/bin/sh\nexit 1\n' >no-qemu
chmod 755 no-qemu
export OVERLAYVM_QEMU=$WORK/no-qemu

# refused CLAIM PATH WHY, for the layer and for the report
refused() {
	claim=bad-output/$1
	run_fails 125 "overlayvm: output: --output: $3" --output "$2"
	run_fails 125 "overlayvm: output: --report: $3" --report "$2"
	verdict
}

mkdir nobody/dir
ln -s dir nobody/link
echo old >./readonly
refused no-such-directory none/layer.tar \
	"directory 'none' of 'none/layer.tar': No such file or directory"
refused a-directory nobody/dir "'nobody/dir' is a directory"
refused a-link-to-a-directory nobody/link "'nobody/link' is a directory"
refused ends-with-a-slash nobody/new/ "'nobody/new/' is a directory"
refused in-a-file readonly/layer.tar "'readonly' is not a directory"
[ "$(id -u)" -ne 0 ] || {
	refused not-to-be-written layer.tar "write to directory '.': Permission denied"
	mknod device c 1 3
	chmod 600 device
	refused a-device-of-others device "write to 'device': Permission denied"
}

claim=bad-output/the-image-itself
base_image nobody/base.tar
ln nobody/base.tar nobody/same.tar
for path in nobody/base.tar nobody/same.tar nobody/dir/../base.tar; do
	for option in --output --report; do
		run_fails 125 "overlayvm: output: $option: '$path' is the image itself" \
			--from-image nobody/base.tar $option "$path"
	done
done
verdict

claim=bad-output/a-terminal
printf -v command '%q ' "${nobody[@]}" "$OVERLAYVM" run --output -
status=0
script -qec "$command" typescript </dev/null >/dev/null || status=$?
[ "$status" -eq 125 ] || problem "exit status $status"
grep -q '^overlayvm: output: --output: a layer is not for a terminal: redirect standard output' \
	typescript || problem "says '$(sed '1d;$d' typescript)'"
nothing_left
verdict

claim=bad-output/images
base_image base.tar
mkdir -p nobody/full locked
echo 1 >nobody/full/file
image() {
	run_fails 125 "overlayvm: output: --output-image: $1" \
		--from-image base.tar "${@:3}" --dry-run --output-image "$2"
}
image "'x.tar': is none of docker-archive:PATH[:NAME:TAG], oci-archive:PATH[:REF], oci:DIR[:REF], nix:DIR" x.tar
image "'oci:x:a b': 'a b' is not a name in an OCI layout" 'oci:x:a b'
image "'docker-archive:x:A': 'A' is not NAME:TAG, a name for an image" docker-archive:x:A
image "'nobody/full': is a directory, and no OCI layout: it has no 'oci-layout'" \
	oci:nobody/full
image "'nobody/full': is a directory with other things in it than a layer" \
	nix:nobody/full
run_fails 125 "overlayvm: output: --output-image: 'nobody/base.tar' is the image itself" \
	--from-image nobody/base.tar --dry-run --output-image docker-archive:nobody/base.tar
image "'nobody/full' is a directory" oci-archive:nobody/full
image "'none/x': open directory 'none': No such file or directory" oci:none/x
image "'nobody/x' is written to already" docker-archive:nobody/x --output nobody/x
if [ "$(id -u)" -eq 0 ]; then
	image "'locked/x': write to its directory: Permission denied" oci:locked/x
	image "'locked/x': write to its directory: Permission denied" nix:locked/x
fi
[ ! -e nobody/x ] || problem 'it leaves something'
verdict

claim=bad-output/images-that-cannot-be-added-to
mkdir bad && tar -C bad -xf base.tar
jq -c '.history = [{}]' bad/config.json >config && cat config >bad/config.json
tar -C bad -cf bad.tar .
run_fails 125 "overlayvm: image: image 'bad.tar': its history speaks of 1 layers, but it has 2 diff_ids" \
	--from-image bad.tar --output-image docker-archive:nobody/x --dry-run
SOURCE_DATE_EPOCH=253402300800 run_fails 125 "overlayvm: image: image 'base.tar': an image cannot be of the time 253402300800 (SOURCE_DATE_EPOCH), after the year 9999" \
	--from-image base.tar --output-image docker-archive:nobody/x --dry-run
verdict
