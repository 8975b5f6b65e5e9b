#!/bin/bash
# SPDX-License-Identifier: MIT
# What a hook finds where it starts: the names are interface.
. "$(dirname "$0")/lib.sh"

mkdir -p dir/gone
echo kept >dir/kept
echo deleted >dir/deleted
echo below >dir/gone/below
pack_layer dir 1.tar
mkdir top
echo top >top/top
pack_layer top 2.tar
pack_image base.tar see:1 1.tar 2.tar

printf 'ls -A "$out" | wc -l; echo stdin of preMount' >pre.sh
old_output

run --from-image base.tar --pre-mount @pre.sh --post-mount @- \
	--post-umount '
	echo "after: $(cd layer && echo $(find . | sort))"
	[ -f layer/.wh.deleted ] && [ ! -s layer/.wh.deleted ] && echo "a file"
	rm layer/.wh.deleted
	echo changed >layer/new
	echo late >layer/late
	echo "mnt has $(ls -A mnt | wc -l)"
' --output nobody/layer.tar <<'EOF2'
	echo "names: $(echo *)"
	echo "layers: $(echo image/*/*)"
	echo "list: $(echo $(cat layer-list))"
	echo "1: $(echo $(ls image/1/layer))"
	echo "2: $(echo $(ls image/2/layer))"
	echo "mnt: $(echo $(ls mnt))"
	read -r line || echo "standard input is empty"
	echo "networks: $(echo $(ls /sys/class/net)), $(wc -l </proc/net/route) line"
	rm mnt/deleted
	rm -r mnt/gone
	echo new >mnt/new
EOF2
[ "$status" -eq 0 ] || problem "exit status $status: $(tail -n 1 err)"
claim=hooks-see/the-names-of-the-interface
said 'names: image layer layer-list mnt out work'
said 'layers: image/1/layer image/2/layer'
said 'list: l1/layer.tar l2/layer.tar'
said '1: deleted gone kept'
said '2: top'
said 'mnt: deleted gone kept top'
verdict

claim=hooks-see/no-network
said 'networks: lo, 1 line'
verdict

claim=hooks-see/out-is-an-empty-directory
said 0
verdict

claim=hooks-see/scripts-from-a-file-and-from-standard-input
said 'stdin of preMount'
said 'standard input is empty'
verdict

claim=hooks-see/whiteout-files-in-postUmount
said 'after: . ./.wh.deleted ./.wh.gone ./new'
said 'a file'
said 'mnt has 0'
verdict

claim=hooks-see/postUmount-may-edit-the-layer
printf '%s\n' ./ .wh.gone late new >want
names_of nobody/layer.tar | diff want - >&2 || problem 'the layer has others'
[ "$(tar -xOf nobody/layer.tar new)" = changed ] || problem 'new is the old'
verdict
