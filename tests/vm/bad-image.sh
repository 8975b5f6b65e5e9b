#!/bin/bash
# SPDX-License-Identifier: MIT
# An image that cannot be used is refused before anything boots: one line that
# names it and says why, status 125, and the output as it was.
. "$(dirname "$0")/lib.sh"

# What does start QEMU all the same fails with another line than these.
printf '#!/bin/sh\nexit 1\n' >no-qemu
chmod 755 no-qemu
export OVERLAYVM_QEMU=$WORK/no-qemu
base_image base.tar
gzip -k base.tar
old_output

# refused CLAIM IMAGE WHY
refused() {
	claim=bad-image/$1
	run_fails 125 "overlayvm: image: $3" --from-image "$2" \
		--progress none --output nobody/layer.tar
	[ "$(wc -l <err)" -eq 1 ] || problem 'more than one line'
	is_old_output
	verdict
}

# edited CLAIM WHY COMMAND...: what becomes of it if the command changes it.
edited() {
	local claim=$1 why=$2

	shift 2
	mkdir edited
	tar -C edited -xf base.tar
	(cd edited && "$@")
	tar -C edited -cf bad.tar .
	rm -r edited
	refused "$claim" bad.tar "image 'bad.tar': $why"
}

mkfifo fifo
: >empty
echo 'not an archive' >text
head -c 5000 base.tar >cut.tar
head -c 400 base.tar.gz >cut.tar.gz
tar -cf no-manifest.tar text
install -m 600 base.tar unreadable.tar
refused no-such-file none.tar "open image 'none.tar': No such file or directory"
refused not-a-file fifo "open image 'fifo': is not a regular file"
refused not-an-archive text "open image 'text': not a tar archive"
refused an-empty-file empty "open image 'empty': is empty"
refused truncated cut.tar "open image 'cut.tar': is truncated: 'l1/layer.tar' needs 10240 bytes at 1536, the file has 5000"
refused truncated-and-compressed cut.tar.gz "open image 'cut.tar.gz': decompress gzip data: truncated gzip input"
refused no-manifest no-manifest.tar "image 'no-manifest.tar': contains no manifest.json"
[ "$(id -u)" -ne 0 ] ||
	refused unreadable unreadable.tar "open image 'unreadable.tar': Permission denied"
refused an-odd-name $'no\nsuch\e[31m\xff.tar' "open image 'no?such?[31m\\xff.tar': No such file or directory"

change() { sed -i "$2" "$1"; }
edited layers-are-not-their-diff-ids "has 2 layers but its config has 1 diff_ids" \
	change config.json 's/"sha256:[0-9a-f]*",//'
edited another-architecture "config 'config.json': is for 'arm64', this machine is 'amd64'" \
	change config.json 's/amd64/arm64/'
edited another-system "config 'config.json': is for 'windows', only linux images are read" \
	change config.json 's/linux/windows/'
edited no-image "manifest.json: holds no image" change manifest.json 's/.*/[]/'
edited not-json "manifest.json: is not JSON: ends too early" \
	change manifest.json 's/}]$//'
edited no-config "config: 'config.json' is not in the archive" rm config.json
edited no-layer "layer 2: 'l2/layer.tar' is not in the archive" rm -r l2
edited a-name-outside "layer 1: '../l1/layer.tar' is not a name within the archive" \
	change manifest.json 's,l1/layer.tar,../&,'
edited a-link-outside "layer 1: 'l1/layer.tar' is a link out of the archive ('/etc/passwd')" \
	ln -sf /etc/passwd l1/layer.tar
edited a-digest-of-another-kind "config 'config.json': diff_id 1: digest 'md5:0' is not a sha256 digest; no other algorithm is supported" \
	change config.json 's/sha256:[0-9a-f]*/md5:0/'
digest=$(sha256sum <base/1.tar)
wrong=$(sed 's/lower/LOWER/' base/1.tar | sha256sum)
edited another-content "layer 1 'l1/layer.tar': content is sha256:${wrong%% *}, the config says sha256:${digest%% *}" \
	change l1/layer.tar s/lower/LOWER/
