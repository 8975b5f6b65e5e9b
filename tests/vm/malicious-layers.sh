#!/bin/bash
# SPDX-License-Identifier: MIT
# Layers that are made to do harm (tests/fault/layers.py) are refused with the
# reason, or are harmless: what is said of each is in tests/fault/layers.expected,
# whose columns are
#	the name
#	the rules that image check says it breaks, or `unread`
#	`ok`, or why the layer is refused
#	what umoci makes of it, for
#	tests/conformance/umoci-and-malicious-layers.sh; - for nothing
#	why that is something else or nothing
#
# All that are accepted are stacked in one image, which is booted once for each
# way to bring layers to the guest; the trees must be alike, and as flattened.
. "$(dirname "$0")/lib.sh"
layers=$here/../fault/layers.py
expected=$here/../fault/layers.expected

python3 "$layers" list >names || exit 1
mkdir all
python3 "$layers" write all || exit 1
chmod -R a+rX all
grep -v '^#' "$expected" >table

# bounded WORD...: the program with less than a hostile layer could want.
bounded() {
	status=0
	(
		ulimit -v 2000000 -f 4000000
		timeout 60 "${nobody[@]}" "$OVERLAYVM" "$@" 2>err
	) || status=$?
}

# What failed, without what leads to it, and names of thousands of bytes short.
reason() {
	tail -n 1 err | sed -E "s/^overlayvm: image [a-z]+: //
		s/^image 'all\/oci': //; s/^layer 2[^:]*: //
		s/sha256:[0-9a-f]{64}/sha256:*/g
		s/(.)\1{30,}/\1*/g; s/(d\/){30,}/d\/*/g"
}

claim=malicious-layers/every-one-is-in-the-table
diff <(cut -d' ' -f1 names | sort) <(cut -f1 table | sort) >&2 ||
	problem 'other names in the table than there are'
verdict

claim=malicious-layers/check
while read -r name _; do
	bounded image check --all "rootfs-tar:all/$name.tar" >found
	[ "$status" -le 1 ] || [ "$status" -eq 125 ] ||
		problem "$name: exit status $status"
	rules=$(sed -n 's/^error: [^:]*: \([a-z-]*\): .*/\1/p' found | sort -u |
		paste -sd,)
	[ "$status" -ne 125 ] || rules=unread
	printf '%s\t%s\n' "$name" "${rules:--}"
done <names >checked
diff <(cut -f1,2 table) checked >&2 || problem 'other rules are broken'
verdict

claim=malicious-layers/read
while read -r name _; do
	bounded image flatten "oci:all/oci:$name" nobody/flat.tar
	case $status in
	0) printf '%s\tok\n' "$name" ;;
	125) printf '%s\t%s\n' "$name" "$(reason)" ;;
	*) problem "$name: exit status $status" ;;
	esac
	[ "$status" -eq 0 ] || [ ! -e nobody/flat.tar ] ||
		problem "$name: there is a tar"
	rm -f nobody/flat.tar
done <names >verdicts
nothing_left
diff <(cut -f1,3 table) verdicts >&2 || problem 'other verdicts'
verdict

[ "$(id -u)" -eq 0 ] || skip 'unpacking owners and devices needs root'

# What is stacked: accepted, and within its own directory.
awk -F'\t' '$3 == "ok" { print $1 }' table |
	grep -vxFf <(sed -n 's/ alone$//p' names) >accepted
[ "$(wc -l <accepted)" -gt 200 ] || problem 'few layers to stack'
python3 "$layers" stack all stacked "$RECORD" <accepted || exit 1
chmod -R a+rX all
printf '%s\n' "$RECORD_HOOK" 'rm -r mnt/twice-*; : >mnt/new' >hook.sh

export SOURCE_DATE_EPOCH=1500000000
for mode in unpack mount; do
	claim=malicious-layers/$mode
	run_ok --verify --layers "$mode" --memory 1024 --disk-size 4G \
		--limit log=64 --from-image oci:all/oci:stacked \
		--post-mount @hook.sh --output "nobody/$mode.tar"
	recorded >"$mode.record"
	[ "$(wc -l <"$mode.record")" -gt 1000 ] ||
		problem 'the hook recorded little'
	! grep -E '^\./(escaped|etc|tmp|victim)' "$mode.record" >&2 ||
		problem 'something is where nothing should be'
	nothing_left
	verdict
done

claim=malicious-layers/alike-either-way
cmp unpack.record mount.record >&2 || problem 'other trees'
cmp nobody/unpack.tar nobody/mount.tar >&2 || problem 'other layers'
verdict

# Of hard links that are no files a flattened tar has copies; the file system
# of this machine may have no room for an xattr of 64 KiB.
comparable() {
	grep -vE '^\./(hard-link-to-|pax-xattr-of-65536)' "$1"
}
claim=malicious-layers/as-flattened
bounded image flatten oci:all/oci:stacked nobody/stacked.tar
[ "$status" -eq 0 ] || problem "$(tail -n 1 err)"
mkdir flattened
# It complains of times.
tar -C flattened -xpf nobody/stacked.tar --numeric-owner --xattrs \
	--xattrs-include='*' 2>/dev/null
(cd flattened && "$RECORD" . ./record) >flattened.record
diff <(comparable unpack.record) <(comparable flattened.record) >&2 ||
	problem 'flattening makes another tree'
verdict

# refused NAME REASON: in the guest, whichever way the layer comes there.
refused() {
	local mode last

	for mode in mount unpack; do
		run --layers $mode --from-image "oci:all/oci:$1" \
			--output nobody/layer.tar
		last=$(tail -n 1 err)
		[ "$status" -eq 125 ] || problem "$1: status $status: $last"
		[[ $last == "overlayvm: guest: unpack the layers: layer 2 "*": $2" ]] ||
			problem "$1: says '$last'"
		is_old_output
		nothing_left
	done
}

claim=malicious-layers/refused-in-the-guest
old_output
for name in root-is-a-symlink symlink-41-hops hard-link-outside-by-symlink \
	whiteout-of-dot-dot device-negative pax-size-of-a-directory \
	pax-xattr-capability-bad symlink-target-4096; do
	refused "$name" "$(awk -F'\t' -v name="$name" '$1 == name { print $3 }' table)"
done
# What is wrong with the data of files is said by who reads it.
refused sparse-0.0-overlapping \
	"entry 'sparse-0.0-overlapping/f': read its data: data at 3 behind data up to 6"
refused pax-realsize \
	"entry 'pax-realsize/f': read its data: 3 bytes of data for a size of 1152921504606846976"
refused sparse-gnu-1-eib \
	"entry 'sparse-gnu-1-eib/f': its 1152921504606846976 bytes are more than the file system takes"
verdict
