#!/bin/bash
# SPDX-License-Identifier: MIT
# Layers that hide all below, and layers that come twice.
. "$(dirname "$0")/lib.sh"

[ "$(id -u)" -eq 0 ] || skip 'umoci unpacks owners as root only'

# layer NUMBER NAME...: files with the number in them, `.wh.` ones empty.
layer() {
	local n=$1 name

	shift
	rm -rf tree
	mkdir tree
	for name; do
		mkdir -p "tree/$(dirname "$name")"
		case $name in
		*/) mkdir -p "tree/$name" ;;
		*.wh.*) : >"tree/$name" ;;
		record) cp "$RECORD" tree/record ;;
		*) echo "$n" >"tree/$name" ;;
		esac
	done
	find tree -exec touch -h -d "@$((1000000000 + n))" {} +
	pack_layer tree "$n.tar"
}

# oracle IMAGE: umoci makes the same tree of it and our layer.
oracle() {
	recorded >merged.record
	[ -s merged.record ] || problem 'the hook recorded nothing'
	umoci_apply "$1" nobody/layer.tar applied ||
		problem 'umoci cannot apply the layer'
	"$RECORD" applied ./record >applied.record
	diff merged.record applied.record >&2 ||
		problem 'umoci makes another tree of base and layer'
	rm -rf applied applied.bundle
}

claim='layers-stack/opaque-root'
layer 1 a/old b record
layer 2 a/middle c
layer 3 .wh..wh..opq a/new d record
layer 4 a/newest
pack_image base.tar stack:latest 1.tar 2.tar 3.tar 4.tar
run_ok --verify --from-image base.tar --output nobody/layer.tar --post-mount '
	[ "$(cd mnt && echo * a/*)" = "a d record a/new a/newest" ]
	[ -e image/2/layer/c ]
	echo 5 >mnt/a/old
	rm mnt/a/new mnt/d
	mkdir mnt/b
	'"$RECORD_HOOK"
oracle base.tar
names_of nobody/layer.tar >names
# Neither whiteouts nor opaque marks for what no layer shows any more.
printf '%s\n' ./ .wh.d a/ a/.wh.new a/old b/ | diff - names >&2 ||
	problem "the layer has $(xargs <names)"
nothing_left
verdict

# What is opaque at the bottom hides nothing, and is no reason to fail.
claim='layers-stack/opaque-root-alone'
layer 1 .wh..wh..opq a/new record
pack_image base.tar stack:latest 1.tar
run_ok --verify --from-image base.tar --output nobody/layer.tar --post-mount '
	[ "$(cd mnt && echo * a/*)" = "a record a/new" ]
	rm mnt/a/new
	'"$RECORD_HOOK"
oracle base.tar
same_every_way --from-image base.tar --post-mount 'rm mnt/a/new; : >mnt/b'
assert_has nobody/layer.tar a/.wh.new
verdict

# Layers come again as a copy, as a symlink, which is how docker save writes
# them, and by the same name: the topmost of each counts.
claim='layers-stack/repeated'
layer 1 one common d/one record
layer 2 two common .wh.one d/.wh.one d/two
layer 3 three common d/.wh..wh..opq d/three
mkdir -p repeated/{a,b,a-link,c,b-copy}
cp 1.tar repeated/a/layer.tar
cp 2.tar repeated/b/layer.tar
ln -s ../a/layer.tar repeated/a-link/layer.tar
cp 3.tar repeated/c/layer.tar
cp 2.tar repeated/b-copy/layer.tar
diff_id() { printf '"sha256:%s"\n' "$(sha256sum <"$1.tar" | cut -d' ' -f1)"; }
pack_repeated() {
	printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[%s]}}' \
		"$(for n in "${order[@]}"; do diff_id "$n"; done | paste -sd,)" >repeated/config.json
	printf '[{"Config":"config.json","RepoTags":["stack:latest"],"Layers":[%s]}]' \
		"$(printf '"%s/layer.tar"\n' "${names[@]}" | paste -sd,)" >repeated/manifest.json
	tar -C repeated -cf base.tar .
}
order=(1 2 1 3 2 1)
names=(a b a-link c b-copy a)
pack_repeated
run_ok --verify --from-image base.tar --output nobody/layer.tar --post-mount '
	[ "$(xargs <layer-list)" = "c/layer.tar b-copy/layer.tar a/layer.tar" ]
	[ "$(ls image | xargs)" = "1 2 3" ]
	[ "$(cd mnt && echo * d/*)" = "common d one record three two d/one d/three d/two" ]
	[ "$(cat mnt/common)" = 1 ]
	rm mnt/one
	'"$RECORD_HOOK"
oracle base.tar
same_every_way --from-image base.tar --post-mount 'rm mnt/one; : >mnt/one2'
assert_has nobody/layer.tar .wh.one
nothing_left
verdict

# The topmost may be the symlink.
claim='layers-stack/repeated-by-symlink'
order=(1 2 1)
names=(a b a-link)
pack_repeated
run --dry-run --from-image base.tar >plan.json
[ "$(jq -r '.image.layers[].name' plan.json | xargs)" = \
	'b/layer.tar a-link/layer.tar' ] ||
	problem "the plan has $(jq -c .image.layers plan.json)"
verdict
