#!/bin/bash
# SPDX-License-Identifier: MIT
# The claims of layers-rules.sh for layers that are prepared on the host and
# mounted, and the same bytes as if the guest unpacks them.
way=mount
leaves_out() {
	case $1 in
	# What squashfs or tar2sqfs has no place for.
	acls | large-xattrs | times-and-owners) ;;
	# Directories that take their attributes from the layers below.
	implied-directories | opaque-after-its-files | through-a-lower-symlink) ;;
	# Files that are replaced, and live on under another name.
	aufs-leftovers) ;;
	# squashfs has its holes in blocks of 128 KiB, this one in small ones.
	sparse-files) ;;
	*) false ;;
	esac
}
. "$(dirname "$0")/layers-rules.sh"

claim=layers-mount/nothing-is-unpacked
run_ok --from-image base.tar
said_nothing_of 'unpack the layers'
verdict

claim=layers-mount/the-same-bytes-every-way
same_every_way --from-image base.tar --post-mount @hooks.sh
verdict
