#!/bin/bash
# SPDX-License-Identifier: MIT
# --layer-per-run: each command is a layer of its own over those before it, all
# in one boot, and other implementations make the same tree of them.
. "$(dirname "$0")/lib.sh"

mkdir -p base/bin base/gone base/kept
cp "$(command -v busybox)" base/bin/busybox
for applet in sh rm mkdir ls cat chmod ln mv; do
	ln -s busybox "base/bin/$applet"
done
echo lower >base/gone/file
echo lower >base/kept/file
echo lower >base/deleted
cp "$RECORD" base/record
pack_layer base base.layer
pack_image base.tar base:1 base.layer

export SOURCE_DATE_EPOCH=1500000000
commands=(
	--run 'rm -r /gone /deleted; mkdir /d; echo 1 >/d/a; echo 1 >/d/b; ln /d/a /d/link; chmod 700 /kept'
	--run 'rm /d/a /of-the-hook; mkdir /gone; echo new >/gone/new; ls /d /gone; echo "$(ls /deleted 2>&1)"'
	--run 'rm -r /d /kept; mkdir /d; echo 3 >/d/c; echo again >/deleted; mv /gone /moved; chmod 711 /'
)
layers_of() {
	run_ok --from-image base.tar --layer-per-run "${commands[@]}" \
		--pre-mount 'echo x >layer/of-the-hook' "$@"
}

claim=run-layers/one-each-in-one-boot
layers_of --output-image oci:nobody/out:it --report nobody/report.json \
	--post-umount 'touch layer/of-the-last; echo "upper: $(cd layer; echo *)"'
jq -e '.layers | length == 3' nobody/report.json >&2 || problem "$(jq -c .layers nobody/report.json)"
[ "$(grep -cE '^==> (boot|restore) the guest' err)" -eq 1 ] || problem 'several boots'
said 'upper: d deleted moved of-the-last'
verdict

layer() {
	local manifest digest

	manifest=$(jq -r '.manifests[0].digest' nobody/out/index.json)
	digest=$(jq -r ".layers[$1].digest" "nobody/out/blobs/sha256/${manifest#sha256:}")
	printf 'nobody/out/blobs/sha256/%s\n' "${digest#sha256:}"
}
is_layer() {
	local number=$1

	shift
	names_of "$(layer "$number")" >names
	printf '%s\n' "$@" | diff - names >&2 || problem "layer $number: $(tr '\n' ' ' <names)"
}

claim=run-layers/a-command-sees-those-before-it
said b
said link
said new
said 'ls: /deleted: No such file or directory'
verdict

claim=run-layers/each-has-its-own-changes
is_layer 1 ./ .wh.deleted .wh.gone d/ d/a d/b d/link kept/ of-the-hook
is_layer 2 ./ .wh.of-the-hook d/ d/.wh.a gone/ gone/new
is_layer 3 ./ .wh.gone .wh.kept d/ d/.wh..wh..opq d/c deleted moved/ moved/new of-the-last
verdict

claim=run-layers/the-history-says-run
skopeo inspect --config oci:nobody/out:it | jq -r '.history[1:][].created_by' >history
sed -n 's/^RUN \/bin\/sh -c //p' history | cut -c 1-12 >said
printf '%s\n' 'rm -r /gone ' 'rm /d/a /of-' 'rm -r /d /ke' | diff - said >&2 ||
	problem "$(cat history)"
verdict

claim=run-layers/others-make-the-same-tree
run_ok --from-image oci:nobody/out:it --post-mount "$RECORD_HOOK"
recorded >merged
umoci --log=error unpack --image nobody/out:it bundle >&2
"$RECORD" bundle/rootfs ./record >unpacked
diff merged unpacked >&2 || problem 'umoci unpacks another tree'
verdict

claim=run-layers/the-same-bytes-every-way
layers_of --output-image docker-archive:nobody/first.tar:a:1
layers_of --output-image docker-archive:nobody/second.tar:a:1 --no-template --layers unpack
cmp nobody/first.tar nobody/second.tar >&2 || problem 'other bytes'
verdict

claim=run-layers/without-a-base
run_ok --verify --pre-mount 'cp -a /bin/busybox layer/; mkdir layer/bin; ln -s ../busybox layer/bin/sh' \
	--layer-per-run --run 'echo 1 >/one; echo 1 >/both' --run '/busybox rm /one; echo 2 >/both' \
	--output-image oci:nobody/new:it
rm -rf bundle
umoci --log=error unpack --image nobody/new:it bundle >&2
[ "$(cat bundle/rootfs/both)" = 2 ] && [ ! -e bundle/rootfs/one ] &&
	[ -e bundle/rootfs/busybox ] || problem "$(ls bundle/rootfs)"
verdict

claim=run-layers/a-failing-one-leaves-nothing
run_fails 3 'overlayvm: command 2: exited with status 3' --from-image base.tar \
	--layer-per-run --run 'echo 1 >/one' --run 'exit 3' --output-image oci:nobody/none:it
[ ! -e nobody/none ] || problem 'there is an image'
verdict

claim=run-layers/what-does-not-go-together
run_fails 125 "overlayvm: image: --output-image 'nix:': takes one layer, and --layer-per-run makes 2" \
	--from-image base.tar --layer-per-run --run a --run b --output-image nix:nobody/nix
verdict
