#!/bin/bash
# SPDX-License-Identifier: MIT
# What hooks change is what the layer says: one file of changes/ a claim.
#
# All claims share one base image of two layers, one boot and one layer, each
# in a directory of its own. A claim is a file that defines
#	base1, base2  what is in its directory in the two layers (optional)
#	hook          what happens to it, in the merged tree, in the guest
#	check         what the layer must then have; here, on the host
# Over all of it goes the oracle: base and layer, applied by umoci, must equal
# the merged tree as it was recorded in the guest, to the last attribute.
. "$(dirname "$0")/lib.sh"

[ "$(id -u)" -eq 0 ] || skip 'making layers with owners and devices needs root'

mkdir -p base1 base2
cp "$RECORD" base1/record
hooks='set -f
claim() { ( cd "mnt/$1"; shopt -u failglob; set +f; eval "$2"; hook ); }
'
for file in "$here"/changes/*.sh; do
	name=$(basename "$file" .sh)
	mkdir -p "base1/$name" "base2/$name"
	(
		base1() { :; }
		base2() { :; }
		# shellcheck disable=SC1090
		. "$file"
		cd "$WORK/base1/$name" && base1 && cd "$WORK/base2/$name" && base2
	) || problem "cannot make the base of $name"
	hooks+="claim $name $(printf %q "$(cat "$file")")"$'\n'
done
# Times of the base that are not the time of this run.
find base1 base2 -depth -exec touch -h -d @1000000000 {} +
pack_layer base1 base1.tar
pack_layer base2 base2.tar
pack_image base.tar changes:latest base1.tar base2.tar

# The times in the record are those of the layer, so none may be clamped here.
# And unpacked: where layers are of several file systems, overlayfs gives a
# file of theirs and a new link to it two inode numbers.
printf '%s\n' "$hooks" "$RECORD_HOOK" >hooks.sh
run_ok --from-image base.tar --post-mount @hooks.sh --memory 1024 \
	--layers unpack --verify --output nobody/layer.tar --report nobody/report.json
recorded >merged.record
[ -s merged.record ] || problem 'the hook recorded nothing'
nothing_left
claim=changes/all-hooks-run
verdict
[ -f nobody/layer.tar ] || exit 0

# Each claim looks at the part of the layer that is its directory.
tar --quoting-style=escape --numeric-owner --full-time -tvf nobody/layer.tar >"$WORK/listing"
mkdir layer
tar -C layer --xattrs --xattrs-include='*' -xpf nobody/layer.tar

# The listing's line for a path of the claim, escaped as tar(1) does.
line() { grep -E -m1 "^\S+ +\S+ +\S+ \S+ \S+ $name/$1( ->.*| link to .*)?\$" "$WORK/listing"; }
has() { [ -n "$(line "$1")" ] || problem "no '$1' in the layer"; }
lacks() { [ -z "$(line "$1")" ] || problem "'$1' is in the layer"; }
# says PATH PATTERN: type, mode, owner and size, as ls -l shows them
says() {
	# shellcheck disable=SC2053 # it is a pattern
	[[ $(line "$1") == $2 ]] || problem "'$1' is '$(line "$1")', not '$2'"
}
deleted() {
	local dir=${1%"${1##*/}"} base=${1##*/}

	says "$dir.wh.$base" '-rw-r--r-- 0/0 *0 1970-01-01 00:00:00 *'
	lacks "$1"
}

for file in "$here"/changes/*.sh; do
	name=$(basename "$file" .sh)
	claim=changes/$name
	# shellcheck disable=SC1090
	. "$file"
	(cd "layer/$name" 2>/dev/null || cd layer && check; exit "$problems") ||
		problems=$? first_problem='see above'
	verdict
done

claim=changes/oracle
umoci_apply base.tar nobody/layer.tar applied ||
	problem 'umoci cannot apply the layer'
"$RECORD" applied ./record >applied.record
diff merged.record applied.record >&2 ||
	problem 'umoci makes another tree of base and layer than the hook saw'
verdict

claim=changes/two-runs-give-the-same-bytes
export SOURCE_DATE_EPOCH=1500000000
run_ok --from-image base.tar --post-mount "$hooks" --output nobody/first.tar --verify
run_ok --from-image base.tar --post-mount "$hooks" --output nobody/second.tar \
	--memory 768 --cpus 2 --disk-size 2G
cmp nobody/first.tar nobody/second.tar >&2 ||
	problem 'the layers of two runs differ'
verdict

claim=changes/the-same-bytes-every-way
same_every_way --from-image base.tar --post-mount "$hooks"
verdict
