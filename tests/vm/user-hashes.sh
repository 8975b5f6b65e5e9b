#!/bin/bash
# SPDX-License-Identifier: MIT
# overlayvm hash: the same for the same layer, another for another, and no VM.
. "$(dirname "$0")/lib.sh"

base_image base.tar
# Nothing is run for it.
export OVERLAYVM_QEMU=$WORK/none
export SOURCE_DATE_EPOCH=1500000000

hash_of() {
	as_nobody "$OVERLAYVM" hash "$@" 2>err || problem "$*: $(cat err)"
}
hook=(--post-mount 'echo a >mnt/a' --env A=1)
first=$(hash_of --from-image base.tar "${hook[@]}")

same() {
	[ "$(hash_of "$@")" = "$first" ] || problem "$*: another digest"
}
differs() {
	local other

	other=$(hash_of "$@")
	[[ $other =~ ^sha256:[0-9a-f]{64}$ ]] || problem "$*: says $other"
	[ "$other" != "$first" ] || problem "$*: the same digest"
}

claim=user-hashes/the-same-is-the-same
[[ $first =~ ^sha256:[0-9a-f]{64}$ ]] || problem "says $first"
same --from-image base.tar "${hook[@]}"
cp base.tar elsewhere.tar
same --from-image elsewhere.tar "${hook[@]}"
same --from-image docker-archive:base.tar:base:1 "${hook[@]}"
printf 'echo a >mnt/a' >hook.sh
same --from-image base.tar --post-mount @hook.sh --env A=1
printf '{"fromImage": "base.tar", "postMount": "echo a >mnt/a", "env": {"A": "1"}}' >spec.json
same --spec spec.json
verdict

claim=user-hashes/how-and-where-does-not-matter
same --from-image base.tar "${hook[@]}" --output nobody/layer.tar \
	--report nobody/report --disk-size 100 --memory 300 --cpus 3 \
	--accel tcg --no-template --layers unpack --timeout 9 --progress none \
	--output-image oci:nobody/oci --config user=a
[ -z "$(ls -A nobody)" ] || problem "it leaves $(ls -A nobody)"
verdict

claim=user-hashes/what-decides-the-layer-matters
differs --from-image base.tar "${hook[@]}" --name other
differs --from-image base.tar --post-mount 'echo b >mnt/a' --env A=1
differs --from-image base.tar --pre-mount 'echo a >mnt/a' --env A=1
differs --from-image base.tar "${hook[@]}" --env A=1
differs --from-image base.tar "${hook[@]}" --compress gzip
differs --from-image base.tar "${hook[@]}" --run true
differs "${hook[@]}"
echo more >base/2/file
pack_layer base/2 base/2.tar
pack_image other.tar base:1 base/1.tar base/2.tar
differs --from-image other.tar "${hook[@]}"
SOURCE_DATE_EPOCH=1 differs --from-image base.tar "${hook[@]}"
(
	unset SOURCE_DATE_EPOCH
	differs --from-image base.tar "${hook[@]}"
	exit "$problems"
) || problem 'the lack of SOURCE_DATE_EPOCH does not matter'
verdict

claim=user-hashes/json-lists-the-parts
hash_of --json --from-image base.tar "${hook[@]}" >parts.json
python3 - "$first" <<'END' >&2 || problem 'it is not what it is the digest of'
import hashlib, json, sys
parts = json.load(open("parts.json"))
text = json.dumps(parts["inputs"], separators=(",", ":"), ensure_ascii=False)
assert parts["digest"] == sys.argv[1]
assert "sha256:" + hashlib.sha256(text.encode()).hexdigest() == sys.argv[1]
inputs = parts["inputs"]
assert list(inputs) == ["format", "spec", "image", "guestImage", "sourceDateEpoch"]
assert inputs["sourceDateEpoch"] == 1500000000
assert len(inputs["image"]["layers"]) == 2
assert inputs["spec"]["postMount"] == "echo a >mnt/a"
END
verdict

claim=user-hashes/what-is-wrong-is-said
overlayvm hash --from-image none
[ "$status" -eq 125 ] &&
	[ "$(cat err)" = "overlayvm: image: open image 'none': No such file or directory" ] ||
	problem "status $status: $(cat err)"
overlayvm hash --progess none
[ "$(cat err)" = "overlayvm: unknown option '--progess' (did you mean '--progress'? try 'overlayvm hash --help')" ] ||
	problem "says $(cat err)"
verdict
