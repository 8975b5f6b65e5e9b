#!/bin/bash
# SPDX-License-Identifier: MIT
# A layer is a tar in any dialect and however it ends; empty ones are layers.
#
# All claims share one image, of a layer for each, and one boot. Each layer is
# the same tree in a directory of the claim's name.
. "$(dirname "$0")/lib.sh"

[ "$(id -u)" -eq 0 ] || skip 'making layers with owners needs root'

# What every dialect can say.
tree() {
	mkdir -p "$1/dir/sub"
	echo "$1" >"$1/file"
	printf %0700d 7 >"$1/dir/sub/more-than-a-block"
	ln -s dir/sub "$1/soft"
	ln "$1/file" "$1/hard"
	chmod 2750 "$1/dir"
	chown -R 12:34 "$1/dir"
	find "$1" -exec touch -h -d @1000000000 {} +
}

# next CLAIM: its tree, and that its layer comes next.
next() {
	claims+=("$1")
	layers+=("$1.tar")
	tree "$1"
}
claims=()
layers=(record.tar)
cp "$RECORD" record
tar -cf record.tar record
tree reference

for format in v7 oldgnu gnu ustar pax; do
	next "$format"
	tar --format="$format" --numeric-owner -cf "$format.tar" "$format"
done
for format in ustar pax gnutar; do
	next "bsdtar-$format"
	bsdtar --format="$format" -cf "bsdtar-$format.tar" "bsdtar-$format"
done
next busybox
busybox tar -cf busybox.tar busybox
next python
python3 -c 'import tarfile
with tarfile.open("python.tar", "w") as tar: tar.add("python")'

next no-end
tar -b1 -cf - no-end | head -c -1024 >no-end.tar
next one-zero-block
tar -b1 -cf - one-zero-block | head -c -512 >one-zero-block.tar
next megabytes-of-zeros
tar -cf megabytes-of-zeros.tar megabytes-of-zeros
truncate -s +3M megabytes-of-zeros.tar
next no-whole-block-of-zeros
tar -cf no-whole-block-of-zeros.tar no-whole-block-of-zeros
truncate -s +100 no-whole-block-of-zeros.tar
# What is behind the end of a tar says nothing.
next something-behind-the-end
echo 1 >ghost
{
	tar -cf - something-behind-the-end
	tar -cf - ghost
	echo not a tar
} >something-behind-the-end.tar

# Layers without an entry, in between: their digests differ.
: >empty-file.tar
head -c 1024 /dev/zero >two-blocks.tar
head -c 10240 /dev/zero >a-record.tar
layers=("${layers[@]:0:3}" empty-file.tar "${layers[@]:3:3}" two-blocks.tar
	"${layers[@]:6}" a-record.tar)
pack_image base.tar framing:latest "${layers[@]}"

{
	printf 'names=%q count=%s\n' "${claims[*]}" "${#layers[@]}"
	cat <<'EOF'
check() {
	[ "$(<"$1/file")" = "$1" ]
	[ "$1/file" -ef "$1/hard" ]
	[ "$(readlink "$1/soft")" = dir/sub ]
	[ "$(stat -c '%a %u:%g %Y' "$1/dir")" = '2750 12:34 1000000000' ]
	[ "$(wc -c <"$1/dir/sub/more-than-a-block")" = 700 ]
}
echo "=== layers $(find image -maxdepth 2 -name layer | wc -l) of $count"
cd mnt
for name in $names; do
	set +e
	( set -eE; trap 'echo "failed: $BASH_COMMAND"' ERR; check "$name" )
	echo "=== $name $?"
	set -e
done
echo "=== all $(echo *)"
rm no-end/file
cd ..
EOF
	printf '%s\n' "$RECORD_HOOK"
} >hook.sh
run_ok --verify --from-image base.tar --post-mount @hook.sh --output nobody/layer.tar
recorded >merged.record
nothing_left
claim='layers-framing/empty-layers-are-layers'
grep -qx "=== layers ${#layers[@]} of ${#layers[@]}" err ||
	problem "the image has ${#layers[@]} layers: $(grep '^=== layers' err)"
verdict
[ -s merged.record ] || exit 0

umoci_apply base.tar nobody/layer.tar applied ||
	problem 'umoci cannot apply the layer'
"$RECORD" applied ./record >applied.record
claim='layers-framing/oracle'
diff merged.record applied.record >&2 ||
	problem 'umoci makes another tree of base and layer'
verdict

# All that is below one directory, without the name of the directory.
below() {
	grep -E "^\./${2}[/ ]" "$1" | sed "s,^\./$2,,; s,/file .*,/file,; s,/hard .*,/hard,"
}
"$RECORD" . >here.record
for name in "${claims[@]}"; do
	claim=layers-framing/$name
	grep -qx "=== $name 0" err || problem "the hook found something wrong:\
 $(sed -n "/^=== $name /q;p" err | tail -n 1)"
	[ "$name" = no-end ] ||
		diff <(below here.record reference) <(below merged.record "$name") >&2 ||
		problem 'not the tree that went into it'
	verdict
done

claim='layers-framing/nothing-else'
all=$(printf '%s\n' "${claims[@]}" record | sort | xargs)
found=$(sed -n 's/^=== all //p' err)
[ "$found" = "$all" ] || problem "found '$found' instead of '$all'"
verdict
