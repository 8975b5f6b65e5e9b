# SPDX-License-Identifier: MIT
# inspect.sh - what skopeo says of an image, and what we do; sourced
# shellcheck shell=bash

skopeo() {
	command skopeo --insecure-policy "$@" </dev/null
}

sha256() {
	sha256sum | sed 's/\([0-9a-f]*\).*/sha256:\1/'
}

# What a plan says of an image, from skopeo: the ID, and of each layer the
# diffID, and the digest of what is stored if the form has a manifest. The size
# is in that, or behind an index that skopeo prints instead.
skopeo_says() {
	local ref=$1 stored='[]'

	case $ref in
	oci*) stored=$(skopeo inspect "$ref" | jq '[.Layers[] | {digest: .}]') ;;
	esac
	jq -n --argjson stored "$stored" \
		--arg id "$(skopeo inspect --config --raw "$ref" | sha256)" \
		--argjson manifest "$(skopeo inspect --raw "$ref")" \
		--argjson config "$(skopeo inspect --config --raw "$ref")" '
		{id: $id, layers: [$config.rootfs.diff_ids | to_entries[] |
			{diffId: .value} + ($stored[.key] // {}) +
			({storedSize: $manifest.layers[.key].size} |
				select($stored != [] and .storedSize) // {})]}'
}

we_say() {
	run --dry-run --from-image "$1" >plan.json
	[ "$status" -eq 0 ] || problem "$(tail -n 1 "$WORK/err")"
	jq '.image | {id: .id, layers: [.layers[] | {diffId} +
		(if .digest then {digest, storedSize} else {} end)]}' plan.json
}

# The same but for layers that come twice, of which a plan has the upper one.
unrepeated() {
	jq -S '.layers |= (. as $all | [to_entries[] | .key as $at |
		select([$all[$at + 1:][].diffId] | index($all[$at].diffId) | not) |
		.value])'
}

says_the_same() {
	skopeo_says "$2" | unrepeated >skopeo.json
	we_say "$1" | unrepeated >we.json
	[ -s skopeo.json ] || problem 'skopeo says nothing'
	grep -q storedSize skopeo.json || sed -i '/"storedSize"/d' we.json
	diff <(tr -d ,[:space:] <skopeo.json) <(tr -d ,[:space:] <we.json) >&2 ||
		problem 'skopeo says something else'
	[ ! -s "$WORK/err" ] || problem "warns: $(<"$WORK/err")"
}

# A run verifies every layer and sees the tree in `tree`. Unpacked layers are
# read from the image every time, and not from the cache.
same_tree() {
	run_ok --layers unpack --progress none --from-image "$1" --post-mount '
		cd mnt; find . ! -type d -print0 | sort -z | xargs -0 sha256sum'
	diff <(cd tree && find . ! -type d -print0 | sort -z |
		xargs -0 sha256sum) <(cat "$WORK/err") >&2 ||
		problem 'the tree is another'
	nothing_left
}

# agrees CLAIM REF [SKOPEO-REF]
agrees() {
	claim=$claims/$1
	says_the_same "$2" "${3:-$2}"
	same_tree "$2"
	verdict
}
