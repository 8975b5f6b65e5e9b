#!/bin/bash
# SPDX-License-Identifier: MIT
# One base image in each form and compression: the plan has the same layers,
# and a run gives the same bytes.
. "$(dirname "$0")/lib.sh"
. "$here/image/forms.sh"

export SOURCE_DATE_EPOCH=1500000000
tag=example.org/forms:1

make_layers
plain=(1.tar 2.tar 3.tar)

# form NAME WRITER STORED...: makes NAME.tar, and the plan must be the same.
diff_ids=$(for n in 1 2 3; do printf 'sha256:%s\n' "$(digest "$n.tar")"; done)
form() {
	local name=$1 writer=$2

	shift 2
	stored=("$@")
	claim=image-forms/$name
	"$writer" "$name.tar" "$tag" || problem "$writer cannot write it"
	planned "$name.tar"
	verdict
}
planned() {
	run --dry-run --from-image "$1" >plan.json
	[ "$status" -eq 0 ] || problem "$(tail -n 1 "$WORK/err")"
	[ "$(jq -r '.image.layers[].diffId' plan.json)" = "$diff_ids" ] ||
		problem 'the plan has other layers'
	[ "$(jq -r .image.name plan.json)" = "$tag" ] ||
		problem "it is called $(jq .image.name plan.json)"
	[ ! -s "$WORK/err" ] || problem "warns: $(<"$WORK/err")"
	nothing_left
}
form docker-save docker_save {1,2,3}.tar
form docker-hybrid docker_hybrid {1,2,3}.tar
form skopeo skopeo_archive {1,2,3}.tar
for kind in gz zst xz bz2; do
	form "docker-save-$kind" docker_save {1,2,3}.tar.$kind
	form "docker-hybrid-$kind" docker_hybrid {1,2,3}.tar.$kind
done
form several-streams docker_hybrid 1.members 2.frames 3.blocks
form zeros-behind docker_save 1.zeros 2.pigz 3.tar

# A layer that comes twice, which docker save writes as a symlink.
plain=(3.tar 1.tar 2.tar 3.tar)
for writer in docker_save docker_hybrid skopeo_archive; do
	form "repeated-$writer" "$writer" 3.tar 1.tar 2.tar 3.tar
done
plain=(1.tar 2.tar 3.tar)

# The whole archive, as Nix and users compress it.
for kind in gzip zstd xz bzip2; do
	claim=image-forms/whole-$kind
	case $kind in
	bzip2) busybox bzip2 -kc docker-hybrid.tar ;;
	*) "$kind" -kc docker-hybrid.tar ;;
	esac >whole
	planned whole
	verdict
done

# What is in the merged tree goes into the layer.
result() {
	run_ok --from-image "$1" --output "nobody/$2" --post-mount '
		(cd mnt && find . -type f -print0 | sort -z |
			xargs -0 sha256sum) >all
		cp all mnt/etc/all
		rm mnt/common
	'
	nothing_left
}
claim='image-forms/result'
result docker-save.tar wanted
[ "$(tar -xOf nobody/wanted etc/all)" = "$(
	tar -xf 2.tar ./etc/second
	tar -xf 3.tar ./common
	sha256sum ./common ./etc/second
)" ] || problem "the tree is $(tar -xOf nobody/wanted etc/all)"
verdict

# Each compression once, of a layer as of the whole; the plan has not read them.
mixed() {
	local name=$1 compress=$2 writer=$3

	shift 3
	stored=("$@")
	claim=image-forms/result-$name
	"$writer" mixed.tar "$tag"
	"$compress" <mixed.tar >mixed
	result mixed layer
	cmp nobody/wanted nobody/layer >&2 || problem 'the layers differ'
	verdict
}
mixed gzip-zstd-xz-in-gzip pigz docker_save 1.tar.gz 2.tar.zst 3.tar.xz
mixed several-streams-in-zstd zstd docker_hybrid 1.members 2.frames 3.blocks
mixed zeros-behind-and-bzip2-in-xz xz docker_save 1.zeros 2.pigz 3.tar.bz2
plain=(3.tar 1.tar 2.tar 3.tar)
claim=image-forms/result-every-way
same_every_way --from-image mixed --post-mount '
	(cd mnt && find . -type f -print0 | sort -z | xargs -0 sha256sum) >all
	cp all mnt/etc/all
	rm mnt/common
'
verdict
mixed repeated-by-skopeo cat skopeo_archive 3.tar.gz 1.tar 2.tar 3.tar
plain=(1.tar 2.tar 3.tar)

# refused CLAIM PATTERN: the image is, for that reason and before any boot.
refused() {
	claim=image-forms/$1
	# Without layers that are prepared already, which no image is read for.
	local -x OVERLAYVM_CACHE=$WORK/nobody/cache
	rm -rf "$OVERLAYVM_CACHE"
	run --from-image refused.tar --post-mount : --output nobody/refused
	[ "$status" -eq 125 ] || problem "exit status $status instead of 125"
	# shellcheck disable=SC2053 # it is a pattern
	[[ $(tail -n 1 "$WORK/err") == "overlayvm: image: image 'refused.tar': "$2 ]] ||
		problem "says '$(tail -n 1 "$WORK/err")'"
	! grep -q '^==> boot' "$WORK/err" || problem 'the guest was booted'
	[ ! -e nobody/refused ] || problem 'there is a layer nevertheless'
	nothing_left
	verdict
}
for kind in tar tar.gz tar.zst tar.xz tar.bz2; do
	stored=(1.tar "3.$kind" 3.tar)
	docker_hybrid refused.tar "$tag"
	refused "another-layer-in-$kind" "layer 2 'blobs/sha256/*': content is\
 sha256:$(digest 3.tar), the config says sha256:$(digest 2.tar)"
done
declare -A says=(
	[gz]='gzip data: truncated gzip input'
	[zst]='zstd data: Truncated zstd input'
	[xz]='xz data: Lzma library error:  No progress is possible'
	[bz2]='bzip2 data: truncated bzip2 input'
)
for kind in gz zst xz bz2; do
	head -c -1000 "2.tar.$kind" >cut-short
	stored=(1.tar cut-short 3.tar)
	docker_save refused.tar "$tag"
	refused "cut-short-$kind" "layer 2 '*/layer.tar': decompress ${says[$kind]}"
done
