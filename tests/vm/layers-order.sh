#!/bin/bash
# SPDX-License-Identifier: MIT
# Many layers, and each in its place: 1, 3, 40, 300 and 500 of them.
#
# Each layer overwrites one file, adds its own, deletes what the one before has
# left for it, and sets the mode of one directory; every tenth makes a directory
# opaque. Upstream has this as layersUnpackOrder: its order was wrong twice.
. "$(dirname "$0")/lib.sh"

[ "$(id -u)" -eq 0 ] || skip 'umoci unpacks owners as root only'

# make_layer N: written to layers/N.tar
make_layer() {
	local n=$1 tree=$WORK/tree

	rm -rf "$tree"
	mkdir -p "$tree/each" "$tree/left" "$tree/swept" "$tree/mode"
	[ "$n" -gt 1 ] || cp "$RECORD" "$tree/record"
	echo "$n" >"$tree/common"
	echo "$n" >"$tree/each/$n"
	echo "$n" >"$tree/left/$n"
	[ "$n" -eq 1 ] || : >"$tree/left/.wh.$((n - 1))"
	echo "$n" >"$tree/swept/$n"
	[ "$((n % 10))" -ne 0 ] || : >"$tree/swept/.wh..wh..opq"
	chmod "0$((700 + n % 8))" "$tree/mode"
	find "$tree" -exec touch -h -d "@$((1000000000 + n))" {} +
	pack_layer "$tree" "layers/$n.tar"
}

mkdir layers
for ((n = 1; n <= 500; n++)); do
	make_layer "$n"
done

# What a hook is to find in the merged tree of COUNT layers, in the guest.
checks() {
	printf 'count=%s\n' "$1"
	cat <<'EOF'
expect() { [ "$2" = "$3" ] || { echo "$1: '$2' instead of '$3'"; exit 1; }; }
expect layer-list "$(wc -l <layer-list)" "$count"
expect 'lowest layer' "$(cat image/1/layer/common)" 1
expect 'highest layer' "$(cat "image/$count/layer/common")" "$count"
cd mnt
expect common "$(cat common)" "$count"
expect 'files of each' "$(ls each | wc -l)" "$count"
for ((n = 1; n <= count; n++)); do
	expect "each/$n" "$(<each/$n)" "$n"
done
expect left "$(ls left)" "$count"
lowest=$((count / 10 * 10))
expect swept "$(ls swept | sort -n | head -n 1)" "$((lowest ? lowest : 1))"
expect 'mode' "$(stat -c %a mode)" "$((700 + count % 8))"
echo hook >common
rm each/1
cd ..
EOF
	printf '%s\n' "$RECORD_HOOK"
}

for count in 1 3 40 300 500; do
	claim=layers-order/$count
	checks "$count" >hook.sh
	# shellcheck disable=SC2046 # numbers
	pack_image base.tar order:latest $(seq -f 'layers/%.0f.tar' "$count")
	run_ok --verify --from-image base.tar --post-mount @hook.sh \
		--output nobody/layer.tar
	recorded >merged.record
	[ -s merged.record ] || problem 'the hook recorded nothing'
	assert_has nobody/layer.tar each/.wh.1
	nothing_left
	verdict

	claim=layers-order/$count-oracle
	umoci_apply base.tar nobody/layer.tar applied ||
		problem 'umoci cannot apply the layer'
	"$RECORD" applied ./record >applied.record
	diff merged.record applied.record >&2 ||
		problem 'umoci makes another tree of base and layer'
	rm -rf applied applied.oci applied.bundle nobody/layer.tar
	verdict

	[ "$count" -le 300 ] || continue
	claim=layers-order/$count-every-way
	same_every_way --from-image base.tar --post-mount @hook.sh
	verdict
done

# The limit of overlayfs, and before anything is booted.
claim='layers-order/501-are-refused'
echo 501 >common
tar -cf layers/501.tar common
# shellcheck disable=SC2046 # numbers
pack_image base.tar order:latest $(seq -f 'layers/%.0f.tar' 501)
run_fails 125 "overlayvm: image: image 'base.tar': has 501 layers, more than\
 the 500 that an overlay can stack" --from-image base.tar --post-mount : \
	--output nobody/layer.tar
[ ! -e nobody/layer.tar ] || problem 'there is a layer nevertheless'
! grep -q '^==> boot' "$WORK/err" || problem 'the guest was booted'
verdict
