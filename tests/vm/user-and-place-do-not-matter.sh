#!/bin/bash
# SPDX-License-Identifier: MIT
# The same layer comes out whoever runs it, wherever, and with whatever names.
. "$(dirname "$0")/lib.sh"

export SOURCE_DATE_EPOCH=86400
base_image base.tar
hook='mkdir mnt/new; echo words >mnt/new/file; rm mnt/dir/lower; chown 7:7 mnt/file'
run_ok --from-image base.tar --post-mount "$hook" --output nobody/want.tar
assert_has nobody/want.tar dir/.wh.lower

# gives PATH...: what the last run has written is the same layer.
gives() {
	[ "$status" -eq 0 ] ||
		problem "exit status $status: $(tail -n 1 "$WORK/err")"
	cmp "$WORK/nobody/want.tar" "$1" >&2 || problem 'the layer is another'
	nothing_left
	verdict
}

claim=user-and-place-do-not-matter/as-root
if [ "$(id -u)" -eq 0 ]; then
	(
		as_nobody() { "$@"; }
		run --from-image base.tar --post-mount "$hook" --output root.tar
		gives root.tar
	)
else
	printf 'skip %s: this is not root\n' "$claim"
fi

# Spaces, what QEMU takes apart, newlines, and bytes that are no UTF-8.
odd=$'a b,c:d=e%f"g\'h\\i\nj\xffk'
mkdir -m 777 "nobody/$odd"
cp base.tar "nobody/$odd/$odd.tar"
claim=user-and-place-do-not-matter/odd-paths
OVERLAYVM_TMPDIR=$WORK/nobody/$odd run --from-image "nobody/$odd/$odd.tar" \
	--post-mount "$hook" --output "nobody/$odd/layer $odd" \
	--report "nobody/$odd/report $odd"
[ -z "$(find nobody -name 'overlayvm.*')" ] || problem 'files are left behind'
python3 -c 'import json, sys; json.load(sys.stdin)' \
	<"nobody/$odd/report $odd" || problem 'the report is not JSON'
gives "nobody/$odd/layer $odd"

claim=user-and-place-do-not-matter/odd-paths-after-docker-archive
run --from-image "docker-archive:nobody/$odd/$odd.tar:base:1" \
	--post-mount "$hook" --output nobody/layer.tar
gives nobody/layer.tar

claim=user-and-place-do-not-matter/without-standard-descriptors
run --from-image base.tar --post-mount "$hook" --output nobody/layer.tar \
	<&- >&-
gives nobody/layer.tar
status=0
as_nobody "$OVERLAYVM" run --accel tcg --from-image base.tar \
	--post-mount "$hook" --output nobody/closed.tar <&- >&- 2>&- || status=$?
gives nobody/closed.tar

for mask in 000 077 777; do
	claim=user-and-place-do-not-matter/umask-$mask
	(
		: >err
		umask "$mask"
		run --from-image base.tar --post-mount "$hook" \
			--output nobody/"umask-$mask.tar"
		# The owner keeps its rights, or it could not use its own files.
		want=$(printf %o $((0666 & ~(0$mask & 077))))
		mode=$(stat -c %a nobody/"umask-$mask.tar")
		[ "$mode" = "$want" ] || problem "its mode is $mode"
		gives nobody/"umask-$mask.tar"
	)
done

claim=user-and-place-do-not-matter/a-directory-that-is-gone
mkdir gone
(
	cd gone || exit
	rmdir "$WORK/gone"
	run --from-image "$WORK/base.tar" --post-mount "$hook" \
		--output "$WORK/nobody/layer.tar"
	gives "$WORK/nobody/layer.tar"
)

claim=user-and-place-do-not-matter/relative-places
ln -s "$(command -v qemu-system-x86_64)" qemu
OVERLAYVM_QEMU=./qemu OVERLAYVM_TMPDIR=nobody OVERLAYVM_CACHE=nobody/cache \
	run --from-image ./base.tar --post-mount "$hook" --output nobody/layer.tar
gives nobody/layer.tar
