#!/bin/bash
# SPDX-License-Identifier: MIT
# What the layers of the base image say is what hooks see: one file of layers/
# a claim.
#
# All claims share one image of three layers and one boot, each in a directory
# of its own. A claim is a file that defines, as far as it needs them,
#	layer1, layer2, layer3  make what is in its directory in that layer
#	pack1, pack2, pack3     print that part of the layer's tar, where order
#	                        or form matter; run above the directory, which
#	                        is $name; without them it is `put` of all
#	plain1, plain2, plain3  print it as umoci is to have it, where umoci is
#	                        known to do otherwise: a plainer way to say the
#	                        same, with the reason
#	hook                    checks what is merged, and may change it
# Over all of it goes the oracle: base and new layer, unpacked by umoci, must
# equal the merged tree as it was recorded in the guest.
#
# layers-mount-rules.sh does the same with $way set to mount, and without the
# claims whose layers cannot be prepared.
. "$(dirname "$0")/lib.sh"
way=${way:-unpack}
rules=layers
[ "$way" = unpack ] || rules=layers-$way

[ "$(id -u)" -eq 0 ] || skip 'making layers with owners and devices needs root'

# entries [OPTION]... NAME...: these and no others, in this order, without what
# ends a tar (two blocks, as records have one). put is the same in our usual
# form.
entries() { tar -b1 --no-recursion -cf - "$@" | head -c -1024; }
put() {
	entries --format=pax --numeric-owner --xattrs --xattrs-include='*' \
		--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime \
		"$@"
}

# The names of what is in the directory in this layer, sorted, NUL at the end.
all() { find "$name" -print0 | sort -z; }
put_all() { all | put --null -T -; }

# Claims that are left out; for who sources this.
declare -F leaves_out >/dev/null || leaves_out() { false; }

# The default for what a claim does not define.
defaults() {
	unset -f hook
	for n in 1 2 3; do
		unset -f "layer$n" "pack$n" "plain$n"
	done
}
defined() { declare -F "$1" >/dev/null; }

# pack_part N KIND: the claim's part of layer N, as we or as umoci get it.
pack_part() {
	local n=$1 kind=$2

	if [ "$kind" = plain ] && defined "plain$n"; then
		"plain$n"
	elif defined "pack$n"; then
		"pack$n"
	elif defined "layer$n"; then
		put_all
	fi
}

hooks='claim() {
	set +e
	( set -eE; trap "echo failed: \$BASH_COMMAND" ERR; eval "$2"; cd "mnt/$1"; hook )
	echo "=== $1 $?"
	set -e
}
'
mkdir tree1 tree2 tree3
for n in 1 2 3; do
	# The root has an entry in each layer; the last one counts.
	chmod "0$((751 + n))" "tree$n"
	chown "$n:10$n" "tree$n"
	touch -d "@$((1000000000 + n))" "tree$n"
	(cd "tree$n" && put . >"../layer$n" && cp "../layer$n" "../plain$n")
done
cp "$RECORD" tree1/record
(cd tree1 && put record | tee -a ../layer1 >>../plain1)

for file in "$here"/layers/*.sh; do
	name=$(basename "$file" .sh)
	! leaves_out "$name" || continue
	defaults
	# shellcheck disable=SC1090
	. "$file"
	for n in 1 2 3; do
		mkdir "tree$n/$name"
		! defined "layer$n" || (
			cd "tree$n/$name" && "layer$n" &&
				find . -depth -newermt 2015-01-01 \
					! -newermt 2100-01-01 -exec \
					touch -h -d "@$((1100000000 + n))" {} +
		) || problem "cannot make layer $n of $name"
		# A layer that does not describe it could not be prepared.
		[ "$way" = unpack ] ||
			(cd "tree$n" && put "$name" |
				tee -a "../layer$n" >>"../plain$n")
		(cd "tree$n" && pack_part "$n" layer >>"../layer$n")
		(cd "tree$n" && pack_part "$n" plain >>"../plain$n")
	done
	hooks+="claim $name $(printf %q "$(declare -f hook)")"$'\n'
done
for n in 1 2 3; do
	head -c 1024 /dev/zero | tee -a "layer$n" >>"plain$n"
done
pack_image base.tar rules:latest layer1 layer2 layer3
pack_image plain.tar rules:latest plain1 plain2 plain3

printf '%s\n' "$hooks" "$RECORD_HOOK" >hooks.sh
run_ok --verify --layers "$way" --from-image base.tar --post-mount @hooks.sh \
	--output nobody/layer.tar
said "==> $way the layers"
recorded >merged.record
[ -s merged.record ] || problem 'the hook recorded nothing'
nothing_left
claim=$rules/run
verdict
[ -f nobody/layer.tar ] || exit 0

claim=$rules/oracle
umoci_apply plain.tar nobody/layer.tar applied ||
	problem 'umoci cannot apply the layer'
"$RECORD" applied ./record >applied.record
[ "$(head -n 1 merged.record)" = "$(head -n 1 applied.record)" ] ||
	problem "the root is '$(head -n 1 merged.record)', of umoci '$(head -n 1 applied.record)'"
verdict

for file in "$here"/layers/*.sh; do
	name=$(basename "$file" .sh)
	! leaves_out "$name" || continue
	claim=$rules/$name
	grep -qx "=== $name 0" err || problem "the hook found something wrong:\
 $(sed -n "/^=== $name /q;p" err | tail -n 1)"
	for side in merged applied; do
		grep -E "^\./${name}[/ ]" "$side.record" >"$side.part"
	done
	diff merged.part applied.part >&2 ||
		problem 'umoci makes another tree of base and layer'
	verdict
done
