#!/bin/bash
# SPDX-License-Identifier: MIT
# What umoci makes of layers that are made to do harm: the same tree as ours,
# another one, or nothing; tests/fault/layers.expected says which, and why it
# is something else (see tests/vm/malicious-layers.sh).
. "$(dirname "$0")/../vm/lib.sh"
layers=$here/../fault/layers.py
expected=$here/../fault/layers.expected

[ "$(id -u)" -eq 0 ] || skip 'unpacking owners and devices needs root'
mkdir work
cd work || exit 1
# Bombs go off in umoci.
grep -v '^#' "$expected" | awk -F'\t' '$4 != "-"' >table
cut -f1 table | xargs python3 "$layers" write . || exit 1

# Directories that no layer describes are of the time of unpacking to umoci.
tree_of() {
	awk 'NR == FNR { if ($2 ~ /^04/ && $4 > 1700000000) now[$1]; next }
		$1 in now { $4 = "-" } { print }' umoci.record "$1"
}

ours() {
	"$OVERLAYVM" image flatten "oci:oci:$1" flat.tar 2>/dev/null || return 1
	mkdir tree
	tar -C tree -xpf flat.tar --numeric-owner --xattrs \
		--xattrs-include='*' 2>/dev/null
	"$RECORD" tree >ours.record
}

umoci_says() {
	local status=0

	(
		ulimit -f 4000000
		timeout 60 umoci --log=error unpack --image "oci:$1" bundle
	) >/dev/null 2>umoci.err || status=$?
	case $status in
	0) ;;
	*) echo refuses && return ;;
	esac
	"$RECORD" bundle/rootfs >umoci.record
	if ! ours "$1"; then
		echo accepts
	elif diff <(tree_of umoci.record) <(tree_of ours.record) >/dev/null; then
		echo same
	else
		echo other
	fi
}

claim=umoci-and-malicious-layers/umoci
while read -r name; do
	printf '%s\t%s\n' "$name" "$(umoci_says "$name")"
	rm -rf bundle tree flat.tar
done < <(cut -f1 table) >found
diff <(cut -f1,4 table) found >&2 || problem 'umoci says something else'
verdict

claim=umoci-and-malicious-layers/differences-are-explained
# Both accept and agree, both refuse, or there is a reason.
awk -F'\t' '$4 != "same" && !($4 == "refuses" && $3 != "ok") && $5 == "" {
	print $1 }' table >unexplained
[ ! -s unexplained ] || problem "no reason for $(xargs <unexplained)"
verdict

claim=umoci-and-malicious-layers/nothing-is-written-outside
left=$(find "$WORK" "$WORK/work" / /tmp -maxdepth 1 -name 'escaped*')
[ -z "$left" ] || problem "there is $left"
verdict
