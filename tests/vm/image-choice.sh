#!/bin/bash
# SPDX-License-Identifier: MIT
# Several images in one archive: exactly the one that is asked for is taken,
# with its own layers.
. "$(dirname "$0")/lib.sh"
. "$here/image/forms.sh"

# image N TAG...: one of the archive: layer N of its own, on one that all have.
image() {
	local n=$1 tags=null

	shift
	[ $# -eq 0 ] || tags="[$(join '"%s"' "$@")]"
	mkdir "all/$n"
	echo "$n" >which
	tar -cf "all/$n/layer.tar" which
	image_config all/common.tar "all/$n/layer.tar" >config
	ids[n]=$(digest config)
	mv config "all/${ids[n]}.json"
	entries+=("{\"Config\":\"${ids[n]}.json\",\"RepoTags\":$tags,\"Layers\":[\"common.tar\",\"$n/layer.tar\"]}")
}
ids=() entries=()
mkdir all
echo common >common
tar -cf all/common.tar common
image 1 foo:1.10
image 2 foo:1.1 other/name:latest
image 3 registry.example:5000/a/b:x
image 4
join %s "${entries[@]}" | sed 's/.*/[&]/' >all/manifest.json
tar -C all -cf several.tar .

# plan N [OPTION]...: the plan takes the layers of image N, without a word.
plan() {
	local n=$1

	shift
	run --dry-run "$@" >plan.json
	[ "$status" -eq 0 ] || problem "$* : $(tail -n 1 "$WORK/err")"
	[ "$(jq -r '.image.layers[].name' plan.json | xargs)" = "common.tar $n/layer.tar" ] ||
		problem "$* : takes $(jq -c '.image.layers[].name' plan.json)"
	nothing_left
}
silent() {
	[ ! -s "$WORK/err" ] || problem "warns: $(<"$WORK/err")"
}
claim() { claim=image-choice/$1; }

claim by-name-and-tag
plan 1 --from-image several.tar --from-image-name foo --from-image-tag 1.10
silent
# The original took 1.10 as well, as it looked for a part of the name.
plan 2 --from-image several.tar --from-image-name foo --from-image-tag 1.1
silent
plan 3 --from-image several.tar --from-image-name registry.example:5000/a/b \
	--from-image-tag x
silent
verdict

claim by-reference
plan 1 --from-image docker-archive:several.tar:foo:1.10
plan 2 --from-image docker-archive:several.tar:foo:1.1
plan 3 --from-image docker-archive:several.tar:registry.example:5000/a/b:x
silent
verdict

claim by-any-spelling-of-its-name
plan 2 --from-image docker-archive:several.tar:docker.io/library/foo:1.1
plan 2 --from-image docker-archive:several.tar:other/name
plan 2 --from-image several.tar --from-image-name docker.io/other/name \
	--from-image-tag latest
silent
verdict

claim by-id
for n in 1 2 3 4; do
	plan "$n" --from-image "docker-archive:several.tar:${ids[n]}"
	plan "$n" --from-image "docker-archive:several.tar:sha256:${ids[n]}"
done
silent
verdict

claim first-with-a-warning
plan 1 --from-image several.tar
[ "$(<"$WORK/err")" = "overlayvm: warning: image 'several.tar' holds 4 images\
 and none was named: taking the first, 'foo:1.10'" ] ||
	problem "says '$(<"$WORK/err")'"
verdict

claim none-of-that-name
there="there is foo:1.10, foo:1.1, other/name:latest, registry.example:5000/a/b:x"
run_fails 125 "overlayvm: image: image 'several.tar': holds no image 'foo:1';\
 $there" --from-image several.tar --from-image-name foo --from-image-tag 1
run_fails 125 "overlayvm: image: image 'several.tar': holds no image 'fo';\
 $there" --from-image docker-archive:several.tar:fo
verdict

claim name-and-tag-go-together
run_fails 125 'overlayvm: plan: --from-image-name without --from-image-tag:'\
' give both or neither' --from-image several.tar --from-image-name foo
run_fails 125 'overlayvm: plan: --from-image-tag without --from-image-name:'\
' give both or neither' --from-image several.tar --from-image-tag 1.1
run_fails 125 "overlayvm: image: --from-image 'docker-archive:several.tar:foo:1.10':\
 image name 'foo' and tag '1.1' are given, but the reference says 'foo:1.10'" \
	--from-image docker-archive:several.tar:foo:1.10 \
	--from-image-name foo --from-image-tag 1.1
verdict

claim its-layers-are-used
run_ok --from-image several.tar --from-image-name foo --from-image-tag 1.1 \
	--output nobody/layer.tar --post-mount '
	[ "$(xargs <layer-list)" = "common.tar 2/layer.tar" ]
	cp mnt/which mnt/taken'
[ "$(tar -xOf nobody/layer.tar taken)" = 2 ] ||
	problem "took '$(tar -xOf nobody/layer.tar taken)'"
nothing_left
verdict
