#!/bin/bash
# SPDX-License-Identifier: MIT
# What a run that failed has left: rescue reads it, and its tar is to the last
# byte the layer that the run would have given.
. "$(dirname "$0")/lib.sh"

top=$here/../..

# Built without libguestfs, the subcommand says what to install.
as_nobody "$OVERLAYVM" rescue none ls 2>"$WORK/err"
if grep -q 'built without libguestfs' err; then
	claim=rescue/says-what-to-install
	[ "$(cat err)" = "overlayvm: rescue ls: this overlayvm was built without libguestfs (install libguestfs-dev, and build with -Drescue=enabled)" ] ||
		problem "$(cat err)"
	verdict
	claim=rescue
	skip 'built without libguestfs'
fi

[ "$(id -u)" -eq 0 ] || skip 'making layers with owners and devices needs root'
command -v guestfish >&2 || skip 'no guestfish'

# The kernel of the guest image is that of the appliance, too; supermin copies
# the attributes of /lib/modules, wherever the modules are.
kernel=$(meson introspect "$top/build" --buildoptions |
	jq -r '.[] | select(.name == "kernel").value')
[[ $kernel == *.deb ]] || skip 'the build has no kernel package'
dpkg-deb -x "$kernel" kernel
SUPERMIN_KERNEL=$(echo "$WORK"/kernel/boot/vmlinuz-*)
SUPERMIN_MODULES=$(echo "$WORK"/kernel/lib/modules/*)
# images/kernel's has no driver for the appliance's disks, and no modules.
[ -d "$SUPERMIN_MODULES/kernel" ] || skip 'its kernel is for our guest alone'
depmod -b kernel "${SUPERMIN_MODULES##*/}"
chmod -R a+rX kernel
mkdir -p /lib/modules
export SUPERMIN_KERNEL SUPERMIN_MODULES
export LIBGUESTFS_CACHEDIR=$WORK/nobody
# Its sockets, in a place of this test's own: in /tmp are those of others, too.
export XDG_RUNTIME_DIR=$WORK/nobody/runtime
mkdir -m 700 "$XDG_RUNTIME_DIR"
chown "$NOBODY" "$XDG_RUNTIME_DIR"

rescue() {
	overlayvm rescue "$@"
}

rescue_ok() {
	rescue "$@"
	[ "$status" -eq 0 ] ||
		problem "rescue ${*:2}: exit status $status: $(tail -n 3 err)"
}

# rescue_fails LINE WORD...: with status 125, and this line alone.
rescue_fails() {
	local line=$1

	shift
	rescue "$@"
	[ "$status" -eq 125 ] || problem "rescue ${*:2}: exit status $status"
	[ "$(cat err)" = "overlayvm: $line" ] ||
		problem "says '$(cat err)' instead of '$line'"
}

# Every kind of change that there is: those of changes/.
mkdir -p base1 base2
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
find base1 base2 -depth -exec touch -h -d @1000000000 {} +
pack_layer base1 base1.tar
pack_layer base2 base2.tar
pack_image base.tar changes:latest base1.tar base2.tar
hooks+=$'printf "a\\033[31mred\\n" >mnt/escapes\n'
printf '%s' "$hooks" >hooks.sh

claim=rescue/runs
export SOURCE_DATE_EPOCH=1500000000
run_ok --from-image base.tar --memory 1024 --post-mount @hooks.sh --output nobody/layer.tar
printf '%s\nchmod 711 mnt\n' "$hooks" >root.sh
# Deletions that delete nothing are in no layer.
nothing='mknod layer/none c 0 0; mkdir layer/own; setfattr -n trusted.overlay.opaque -v y layer/own'
run_ok --from-image base.tar --memory 1024 --pre-mount "$nothing" --post-mount @root.sh --output nobody/root.tar
assert_has nobody/root.tar own/
assert_lacks nobody/root.tar .wh.none
assert_lacks nobody/root.tar own/.wh..wh..opq
printf '%s\nexit 3\n' "$hooks" >fails.sh
run_fails 3 'overlayvm: hook postMount: exited with status 3' --from-image base.tar \
	--memory 1024 --post-mount @fails.sh --keep-failed nobody/kept
printf '%s\nexit 3\n' "$(cat root.sh)" >fails.sh
run_fails 3 'overlayvm: hook postMount: exited with status 3' --from-image base.tar \
	--memory 1024 --layers unpack --pre-mount "$nothing" --post-mount @fails.sh --keep-failed nobody/root
unset SOURCE_DATE_EPOCH
sha256sum nobody/*/scratch.img >sums
verdict
[ -d nobody/kept ] || exit 0

# same_layer LAYER DIR [OPTION]...: the tar of that disk is this one.
same_layer() {
	local want=$1 dir=$2

	shift 2
	rm -f nobody/rescued.tar
	rescue_ok "$dir" tar --output nobody/rescued.tar "$@"
	cmp "$want" nobody/rescued.tar >&2 && return
	problem "another layer of $dir"
	diff <(tar --full-time -tvf "$want" 2>&1) \
		<(tar --full-time -tvf nobody/rescued.tar 2>&1) >&2
}

claim=rescue/tar-is-the-layer-of-the-run
same_layer nobody/layer.tar nobody/kept
nothing_left
verdict

# The disk alone has no plan: neither image nor clamp is known.
claim=rescue/tar-of-the-disk-alone
mkdir nobody/alone
ln nobody/root/scratch.img nobody/alone/disk
SOURCE_DATE_EPOCH=1500000000 same_layer nobody/root.tar nobody/alone/disk --from-image base.tar
rescue_fails "rescue tar: the image of the run is not known: there is no plan.json beside the disk (name it with --from-image)" \
	nobody/alone/disk tar --output nobody/none.tar
[ ! -e nobody/none.tar ] || problem 'an output of a failure'
verdict

claim=rescue/tar-refuses-another-image
pack_image other.tar changes:latest base2.tar base1.tar
digest() {
	echo "sha256:$(sha256sum "$1" | cut -d ' ' -f 1)"
}
rescue_fails "rescue tar: image 'other.tar': its layer 1 is $(digest base2.tar), and that of the run was $(digest base1.tar)" \
	nobody/kept tar --from-image other.tar --output nobody/none.tar
pack_image other.tar changes:latest base1.tar
rescue_fails "rescue tar: image 'other.tar': it has not as many layers as that of the run: 1, not 2" \
	nobody/kept tar --from-image other.tar --output nobody/none.tar
mv base.tar moved.tar
rescue_fails "rescue tar: the image of the run (name it with --from-image): open image 'base.tar': No such file or directory" \
	nobody/kept tar --output nobody/none.tar
mv moved.tar base.tar
[ ! -e nobody/none.tar ] || problem 'an output of a failure'
verdict

claim=rescue/diff-is-what-show-says
rescue_ok nobody/kept 'diff' >listed
as_nobody "$OVERLAYVM" show --from-image base.tar nobody/layer.tar >shown
[ -s shown ] || problem 'show shows nothing'
diff shown listed >&2 || problem 'another listing'
verdict

claim=rescue/ls
rescue_ok nobody/kept ls >listing
sed -E 's/ [0-9T:Z-]{20} / /; s/  +/ /g' listing >short
for line in 'drwxr-xr-x 0:0 - image' 'drwxr-xr-x 0:0 - layer' 'drwxr-xr-x 0:0 - work'; do
	grep -qxF -- "$line" short || problem "no '$line' in: $(cat short)"
done
rescue_ok nobody/kept ls layer/odd-names >listing
for name in '\ ' 'two\n\nlines' 'back\\slash' '\200\001'; do
	grep -qE -- '^-rw-r--r-- 0:0 +2 [0-9T:Z-]{20} '"$(printf %q "$name")\$" listing ||
		problem "no '$name' in: $(cat listing)"
done
grep -qE '^c--------- 0:0 +0,0 [0-9T:Z-]{20} new\\nline$' listing ||
	problem "no whiteout in: $(cat listing)"
verdict

claim=rescue/cat
rescue_ok nobody/kept cat $'/layer/odd-names/two\n\nlines' >printed
[ "$(cat printed)" = 2 ] || problem "it prints '$(cat printed)'"
rescue_fails "rescue cat: '/layer/none': stat: No such file or directory" nobody/kept cat /layer/none
rescue_fails "rescue cat: 'layer' is no regular file" nobody/kept cat layer
rescue_fails "rescue cat: 'layer/special-files/fifo' is no regular file" \
	nobody/kept cat layer/special-files/fifo
# On a terminal what is in a file can neither colour nor clear.
as_nobody script -qec "$(printf '%q ' "$OVERLAYVM" rescue nobody/kept cat layer/escapes)" /dev/null >printed 2>&1
grep -qF 'a^[[31mred' printed && ! grep -q $'\033' printed || problem "a terminal gets $(cat -v printed)"
verdict

claim=rescue/shell
rescue_ok nobody/kept shell <<<'ls /' >printed
grep -qx layer printed || problem "it lists: $(cat printed)"
rescue nobody/kept shell <<<'touch /layer/new'
[ "$status" -ne 0 ] || problem 'something was written'
grep -q 'Read-only file system' err || problem "says '$(cat err)'"
verdict

# Where nothing is to be found there is no such thing as a file system, either.
claim=rescue/what-is-no-disk
truncate -s 64M nobody/empty.img
rescue_fails "rescue ls: open 'none': No such file or directory" none ls
rescue_fails "rescue ls: '/dev/null' is neither a disk nor the directory of --keep-failed" /dev/null ls
rescue_fails "rescue ls: open 'kernel/scratch.img': No such file or directory" kernel ls
rescue nobody/empty.img ls
[ "$status" -eq 125 ] && grep -qE "^overlayvm: rescue ls: mount the file system of '$WORK/nobody/empty.img': " err &&
	[ "$(wc -l <err)" -eq 1 ] || problem "an empty disk: $(cat err)"
echo '{' >nobody/alone/plan.json
rescue_fails "rescue ls: disk 'nobody/alone/disk': read the plan.json beside it: not valid JSON: it ends too early" \
	nobody/alone/disk ls
rm nobody/alone/plan.json
verdict

claim=rescue/what-is-mistyped
rescue_fails "rescue: which disk? (try 'overlayvm rescue --help')"
rescue_fails "rescue: which command? (try 'overlayvm rescue --help')" nobody/kept
rescue_fails "rescue: no command 'tra' (did you mean 'tar'? try 'overlayvm rescue --help')" nobody/kept tra
rescue_fails "rescue cat: give one NAME (try 'overlayvm rescue cat --help')" nobody/kept cat
rescue_fails "rescue ls: give one NAME, or none (try 'overlayvm rescue ls --help')" nobody/kept ls a b
rescue_fails "rescue tar: unexpected argument 'a' (try 'overlayvm rescue tar --help')" nobody/kept tar a
rescue_fails "rescue diff: --lines, --long, --tree and --json: choose one (try 'overlayvm rescue diff --help')" \
	nobody/kept diff --tree --json
verdict

claim=rescue/without-a-kernel
cure='(set SUPERMIN_KERNEL to a kernel and SUPERMIN_MODULES to the directory of its modules, or make an appliance elsewhere with libguestfs-make-fixed-appliance and set LIBGUESTFS_PATH to it)'
mkdir nobody/no-appliance
chown "$NOBODY" nobody/no-appliance
(
	export LIBGUESTFS_CACHEDIR=$WORK/nobody/no-appliance SUPERMIN_KERNEL=/none/vmlinuz
	rescue_fails "rescue ls: open '/none/vmlinuz', which SUPERMIN_KERNEL names: No such file or directory" \
		nobody/kept ls
	unset SUPERMIN_KERNEL SUPERMIN_MODULES
	# Not on a machine that has a kernel of its own.
	if ! compgen -G '/boot/vmlinu[xz]-*' >&2 && ! compgen -G '/lib/modules/*/vmlinuz' >&2; then
		rescue_fails "rescue ls: libguestfs cannot make its appliance: no kernel in /boot can be read $cure" \
			nobody/kept ls
	fi
	[ "$problems" -eq 0 ] || echo "$first_problem"
) >said
[ ! -s said ] || problem "$(cat said)"
nothing_left
verdict

# The upper directory is in OCI form already, and a hook has been at it.
claim=rescue/tar-after-the-conversion
export SOURCE_DATE_EPOCH=1500000000
hook='rm layer/dir/.wh.lower; touch layer/.wh.other; echo 1 >layer/more'
base_image small.tar
run_ok --from-image small.tar --post-mount 'rm mnt/dir/lower mnt/file' --post-umount "$hook" \
	--output nobody/umount.tar
run_fails 4 'overlayvm: hook postUmount: exited with status 4' --from-image small.tar \
	--post-mount 'rm mnt/dir/lower mnt/file' --post-umount "$hook; exit 4" --keep-failed nobody/umount
unset SOURCE_DATE_EPOCH
same_layer nobody/umount.tar nobody/umount
verdict


# A command of --layer-per-run lies over the layers of those before it.
claim=rescue/tar-over-the-layers-of-commands
mkdir -p tools/bin tools/dir
cp "$(command -v busybox)" tools/bin/busybox
for applet in sh rm mkdir; do
	ln -s busybox "tools/bin/$applet"
done
echo lower >tools/dir/file
pack_layer tools tools.layer
pack_image tools.tar tools:1 tools.layer
commands=(--run 'rm -r /dir; mkdir /new; echo 1 >/new/a; echo 1 >/new/b' --run 'rm /new/a; rm -rf /dir; mkdir /dir')
last='rm -r /new; mkdir /new; rm -r /dir; echo 3 >/dir'
export SOURCE_DATE_EPOCH=1500000000
run_ok --from-image tools.tar --layer-per-run "${commands[@]}" --run "$last" --output-image oci:nobody/out:it
run_fails 5 'overlayvm: command 3: exited with status 5' --from-image tools.tar --layer-per-run \
	"${commands[@]}" --run "$last; exit 5" --output-image oci:nobody/none:it --keep-failed nobody/commands
unset SOURCE_DATE_EPOCH
blob() {
	echo "nobody/out/blobs/sha256/$(jq -r "$2" "$1" | cut -d : -f 2)"
}
manifest=$(blob nobody/out/index.json '.manifests[0].digest')
gzip -dc <"$(blob "$manifest" '.layers[-1].digest')" >nobody/commands.tar 2>/dev/null ||
	cp "$(blob "$manifest" '.layers[-1].digest')" nobody/commands.tar
same_layer nobody/commands.tar nobody/commands
assert_has nobody/rescued.tar new/.wh..wh..opq
rescue_ok nobody/commands 'diff' >listed
printf '%s\n' 'M .' 'M dir' 'M new' 'D new/b' | diff - listed >&2 || problem "it lists: $(cat listed)"
verdict

claim=rescue/tar-without-an-image
run_ok --pre-mount 'mkdir layer/a; echo 1 >layer/a/b; echo 1 >layer/c' \
	--post-mount 'rm mnt/c; touch -d @1500000000 mnt/a/b mnt/a' --output nobody/plain.tar
run_fails 6 'overlayvm: hook postMount: exited with status 6' \
	--pre-mount 'mkdir layer/a; echo 1 >layer/a/b; echo 1 >layer/c' \
	--post-mount 'rm mnt/c; touch -d @1500000000 mnt/a/b mnt/a; exit 6' --keep-failed nobody/plain
rescue_ok nobody/plain tar >plain.tar
diff <(tar -tf nobody/plain.tar) <(tar -tf plain.tar) >&2 || problem 'other names'
verdict

# What a run refuses, rescue refuses in the same words.
claim=rescue/what-no-layer-can-hold
run_fails 125 "overlayvm: guest: convert the upper layer: 'dir/.wh.x' cannot be expressed in a layer: names that begin with .wh. stand for deletions" \
	--from-image small.tar --keep-failed nobody/marker --post-mount 'echo 1 >mnt/dir/.wh.x'
rescue_fails "rescue tar: 'dir/.wh.x' cannot be expressed in a layer: names that begin with .wh. stand for deletions" \
	nobody/marker tar --output nobody/none.tar
[ ! -e nobody/none.tar ] || problem 'an output of a failure'
verdict

claim=rescue/interrupted
"${nobody[@]}" "$OVERLAYVM" rescue nobody/kept ls >&2 &
sleep 8
kill -TERM $!
wait $!
status=$?
[ "$status" -eq 143 ] || problem "exit status $status"
nothing_left
verdict

claim=rescue/leaves-the-disks-as-they-are
sha256sum --quiet -c sums >&2 || problem 'another checksum'
left=$(find "$WORK/nobody" -name 'libguestfs*')
[ -z "$left" ] || problem "left behind: $left"
verdict
