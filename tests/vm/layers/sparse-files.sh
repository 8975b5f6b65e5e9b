# Sparse files in the forms of GNU tar, with a hole at their end.
layer1() {
	local f
	for f in gnu pax-0.0 pax-0.1 pax-1.0; do
		truncate -s 3M "$f"; echo 1 | dd of="$f" bs=1 seek=1048576 conv=notrunc status=none
	done
	truncate -s 5M hole
}
pack1() {
	local v
	put "$name"
	entries -S --format=gnu "$name"/gnu "$name"/hole
	for v in 0.0 0.1 1.0; do put -S --sparse-version=$v "$name/pax-$v"; done
}
# umoci knows the sparse files of pax only.
plain1() { put_all; }
hook() {
	for f in gnu pax-0.0 pax-0.1 pax-1.0; do
		[ "$(stat -c %s "$f")" = 3145728 ]
		[ "$(dd if="$f" bs=1 skip=1048576 count=1 2>/dev/null)" = 1 ]
		[ "$(stat -c %b "$f")" -lt 64 ]
	done
	[ "$(stat -c %s hole)" = 5242880 ]
}
