#!/bin/bash
# SPDX-License-Identifier: MIT
# A layer that would write outside of itself is refused, whole: the line names
# the layer, the entry and the reason.
. "$(dirname "$0")/lib.sh"

base_image base.tar
old_output

# entry NAME [TYPE TARGET]: a layer with a file, and then this entry.
entry() {
	python3 - "$@" <<'EOF2'
import io, sys, tarfile
name, kind, target = (sys.argv[1:] + ["0", ""])[:3]
with tarfile.open("bad.tar", "w", format=tarfile.PAX_FORMAT) as layer:
    layer.addfile(tarfile.TarInfo("file"))
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind.encode(), target
    layer.addfile(info)
EOF2
	pack_image bad-image.tar bad:1 base/1.tar bad.tar
}

# refused WHY: in either way to bring the layers to the guest.
refused() {
	local mode digest last

	digest=$(sha256sum <bad.tar)
	for mode in '' '--layers unpack'; do
		# shellcheck disable=SC2086 # options are words
		run $mode --from-image bad-image.tar --output nobody/layer.tar
		last=$(tail -n 1 err)
		[ "$status" -eq 125 ] || problem "exit status $status: $last"
		[[ $last == "overlayvm: "*"layer 2 "*"${digest%% *}"*": $1" ]] ||
			problem "says '$last'"
		nothing_left
		is_old_output
	done
	verdict
}

claim=bad-layers/dot-dot
entry dir/../../file
refused "entry 'dir/../../file': '..' in the name"
claim=bad-layers/absolute
entry /etc/passwd
refused "entry '/etc/passwd': absolute name"
claim=bad-layers/hard-link-outside
entry link 1 ../file
refused "entry 'link': hard link to '../file': '..' in the name"
