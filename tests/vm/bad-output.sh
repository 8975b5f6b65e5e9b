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
