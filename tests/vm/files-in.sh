#!/bin/bash
# SPDX-License-Identifier: MIT
# --input and --secret: files of the host for hooks and commands to read, of
# which nothing stays.
. "$(dirname "$0")/lib.sh"

base_image base.tar
mkdir -p "in dir/sub"
printf 'a\nfile' >"in dir/file"
printf x >"in dir/sub/.wh.x"
printf odd >"in dir/sub/"$'new\nline $(x)'
ln -s ../elsewhere "in dir/link"
chmod 700 "in dir/sub"
touch -d @1234567890 "in dir/file"
head -c 3000000 /dev/urandom >large
tar -czf packed.tar.gz -C "in dir" .
printf 'top\0secret' >secret
chown -R "$NOBODY" "in dir" large packed.tar.gz secret 2>/dev/null
chmod 400 secret
inputs=(--input 'dir=in dir' --input large=large --input packed=tar:packed.tar.gz
	--secret the.key=secret)

claim=files-in/hooks-read-them
for layers in mount unpack; do
	run_ok --from-image base.tar "${inputs[@]}" --layers $layers --post-mount '
	ls -A /in | tr "\n" " "; echo
	cat /in/dir/file; echo
	stat -c "%a %u:%g %Y" /in/dir/file
	stat -c "%a" /in/dir/sub
	readlink /in/dir/link
	(cd /in/dir/sub && printf "%s|" * .[!.]*; echo)
	sha256sum </in/large
	cmp /in/dir/file /in/packed/file && echo the same
	touch /in/dir/x 2>/dev/null || echo read-only
	touch /run/secrets/x 2>/dev/null || echo read-only, too
	od -An -c /run/secrets/the.key
	stat -f -c %T /run/secrets' --output nobody/layer.tar
	said 'dir large packed '
	said 'file'
	said '644 0:0 1234567890'
	said '700'
	said '../elsewhere'
	said 'line $(x)|.wh.x|'
	said "$(sha256sum <large)"
	said 'the same'
	said 'read-only'
	said 'read-only, too'
	said '   t   o   p  \0   s   e   c   r   e   t'
	said 'tmpfs'
	[ "$("$OVERLAYVM" show nobody/layer.tar)" = '' ] || problem "in the layer: $("$OVERLAYVM" show nobody/layer.tar)"
done
verdict

claim=files-in/without-an-image
run_ok "${inputs[@]}" --post-mount 'cat /in/dir/file'
said file
verdict

# A busybox is all that a command needs.
claim=files-in/commands-read-them
mkdir -p image/bin image/run/lock
cp "$(command -v busybox)" image/bin/busybox
ln -s busybox image/bin/sh
touch -d @1000000000 image/run image
pack_layer image image.tar
pack_image image-base.tar x:1 image.tar
run_ok --from-image image-base.tar "${inputs[@]}" --verify --run '
	/bin/busybox ls /in | /bin/busybox tr "\n" " "; echo
	/bin/busybox cat /in/dir/file; echo
	/bin/busybox cat /run/secrets/the.key | /bin/busybox tr "\0" _; echo
	(echo x >/in/dir/y) 2>/dev/null || echo read-only
	(echo x >/in/y) 2>/dev/null || echo read-only, too' --output nobody/layer.tar
said 'dir large packed '
said 'top_secret'
said 'read-only'
said 'read-only, too'
[ "$("$OVERLAYVM" show nobody/layer.tar)" = '' ] || problem "in the layer: $("$OVERLAYVM" show nobody/layer.tar)"
run_ok --from-image image-base.tar "${inputs[@]}" --verify --run 'echo x >/run/kept' --output nobody/layer.tar
[ "$("$OVERLAYVM" show --from-image image-base.tar nobody/layer.tar)" = $'M run\nA run/kept' ] ||
	problem "in the layer: $("$OVERLAYVM" show --from-image image-base.tar nobody/layer.tar)"
verdict

claim=files-in/a-secret-is-nowhere-else
run_fails 3 'overlayvm: hook postMount: exited with status 3' --from-image base.tar \
	"${inputs[@]}" --keep-failed nobody/kept --report nobody/report.json --trace nobody/trace.json \
	--post-mount 'cat /run/secrets/the.key >/dev/null; exit 3'
! grep -rqa 'top.secret' nobody/kept nobody/report.json nobody/trace.json || problem 'it is kept'
[ -z "$(find "${OVERLAYVM_CACHE:-/nonexistent}" -name ram -exec grep -lqa 'top.secret' {} + 2>/dev/null)" ] || problem 'in a template'
verdict

claim=files-in/what-cannot-be-given
run_fails 125 "overlayvm: input: --input a='nowhere': look for it: No such file or directory" --input a=nowhere
run_fails 125 "overlayvm: plan: --input 'a' is not NAME=PATH" --input a
run_fails 125 "overlayvm: plan: --input '.a=b': a name has up to 64 letters, digits, '.', '_' or '-', and no '.' in front" --input .a=b
run_fails 125 "overlayvm: plan: --input: two have the name 'a'" --input a=large --input a=secret
run_fails 125 "overlayvm: plan: --secret '../a=b': a name has up to 64 letters, digits, '.', '_' or '-', and no '.' in front" --secret ../a=b
run_fails 125 "overlayvm: input: --secret a='large': it is larger than 512000 bytes" --secret a=large
run_fails 125 "overlayvm: input: --input a='secret': it is no tar" --input a=tar:secret
run_fails 125 "overlayvm: input: --input a='large': it is no tar" --input a=tar:large
head -c 1024 /dev/urandom >noise
run_fails 125 "overlayvm: input: --input a='noise': tar2sqfs: exit status 1: input is not a ustar tar archive!" --input a=tar:noise
verdict

claim=files-in/a-hash-of-what-is-read
hash_of() { as_nobody "$OVERLAYVM" hash --input "$@"; }
one=$(hash_of a=large)
cp -p large "other place"
[ "$one" = "$(hash_of 'a=other place')" ] || problem 'the place counts'
[ "$one" = "$(hash_of a=large --secret s=secret)" ] || problem 'a secret counts'
echo >>large
[ "$one" != "$(hash_of a=large)" ] || problem 'the bytes do not count'
verdict
