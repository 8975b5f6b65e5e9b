#!/bin/bash
# SPDX-License-Identifier: MIT
# image inspect prints what an image is, how it is run and what made its layers.
. "$(dirname "$0")/lib.sh"

mkdir -p one two
head -c 3000 /dev/zero >one/zeros
echo two >two/file
for layer in one two; do
	tar -C "$layer" -cf "$layer.tar" --mtime=@0 --owner=0 --group=0 --numeric-owner \
		--sort=name .
done
gzip -nc two.tar >two.gz
one=$(sha256sum one.tar)
one=${one%% *}
two=$(sha256sum two.tar)
two=${two%% *}

# image CONFIG-FIELDS LAYER...: image.tar, with these layers of the two.
image() {
	local fields=$1 layers=() diff_ids=() layer

	shift
	for layer; do
		case $layer in
		one.tar) diff_ids+=("\"sha256:$one\"") ;;
		*) diff_ids+=("\"sha256:$two\"") ;;
		esac
		layers+=("\"$layer\"")
	done
	printf '{"architecture":"amd64","os":"linux",%s"rootfs":{"type":"layers","diff_ids":[%s]}}' \
		"$fields" "$(IFS=, && echo "${diff_ids[*]}")" >config.json
	printf '[{"Config":"config.json","RepoTags":["it:1"],"Layers":[%s]}]' \
		"$(IFS=, && echo "${layers[*]}")" >manifest.json
	tar -cf image.tar manifest.json config.json one.tar two.tar two.gz
	id=$(sha256sum config.json)
	id=${id%% *}
}

# inspects [WORD]...: prints what stands on standard input.
inspects() {
	overlayvm image inspect "$@" >out
	[ "$status" -eq 0 ] || problem "exit status $status: $(cat err)"
	diff - out >&2 || problem 'prints something else'
	nothing_left
}

history='"created":"2020-01-01T00:00:00Z","history":[
	{"created_by":"ADD one \u001b[31m\n"},
	{"created_by":"ENV A=b","empty_layer":true},
	{"comment":"two","author":"me","created":"2020-01-02T00:00:00Z"},
	{"created_by":"again"}],'
config='"variant":"v3","author":"someone\u0007","config":{
	"Cmd":["a b","c"],"Entrypoint":["sh","-c"],"Env":["A=b","C=\u001b[0m"],
	"User":"","WorkingDir":"/w","ExposedPorts":{"80/tcp":{},"443/tcp":{}},
	"Labels":{"x":"1","y\n":"2"},"Volumes":null,"NoSuch":[1]},'

claim=image-inspect/people
image "$history$config" one.tar two.gz one.tar
inspects image.tar <<END
Name:          it:1
ID:            sha256:$id
Platform:      linux/amd64/v3
Created:       2020-01-01T00:00:00Z
Author:        someone^G
Env:           A=b
               C=^[[0m
Entrypoint:    ["sh","-c"]
Cmd:           ["a b","c"]
Directory:     /w
Ports:         80/tcp
               443/tcp
Labels:        x=1
               y^J=2
Other:         NoSuch=[1]
Layers:
   1  sha256:$one
      10.0 KiB
      ADD one ^[[31m^J
   -  ENV A=b
   2  sha256:$two
      $(stat -c %s two.gz) B gzip, 10.0 KiB unpacked
      two
   3  sha256:$one
      10.0 KiB
      again
END
image '"history":[{"created_by":"one"},{"created_by":"two"}],' one.tar
inspects image.tar <<END
Name:          it:1
ID:            sha256:$id
Platform:      linux/amd64
Layers:
   1  sha256:$one
      10.0 KiB
History, which does not fit these layers:
   -  one
   -  two
END
verdict

claim=image-inspect/digest
skopeo --insecure-policy copy -q docker-archive:image.tar oci:layout:it:2 >&2
chmod -R a+rX layout
digest=$(jq -r '.manifests[0].digest' layout/index.json)
overlayvm image inspect oci:layout:it:2 >out
grep -qx "Digest:        $digest" out || problem "prints $(cat out)"
overlayvm image inspect --json oci:layout:it:2 >out
jq -e --arg digest "$digest" '.digest == $digest' out >&2 ||
	problem "prints $(cat out)"
verdict

claim=image-inspect/json
image "$history$config" one.tar two.gz one.tar
overlayvm image inspect --json image.tar >out
jq -e --arg id "sha256:$id" --arg one "sha256:$one" --arg two "sha256:$two" \
	--argjson size "$(stat -c %s two.gz)" '
	.name == "it:1" and .id == $id and .created == "2020-01-01T00:00:00Z" and
	.platform == {os: "linux", architecture: "amd64", variant: "v3"} and
	.config.Labels["y\n"] == "2" and (.layers | length) == 3 and
	has("digest") and .digest == null and
	.layers[1] == {diffId: $two, storedSize: $size, compression: "gzip", size: 10240} and
	.layers[2] == {diffId: $one, storedSize: 10240, compression: "none", size: 10240} and
	[.history[].layer] == [1, null, 2, 3] and
	.history[2].author == "me"' out >&2 || problem "prints $(cat out)"
overlayvm image inspect --raw image.tar >out
cmp out config.json >&2 || problem 'another config'
verdict

# refused LINE [WORD]...: the words after `overlayvm image`.
refused() {
	local line=$1

	shift
	overlayvm image "$@" >out
	[ "$status" -eq 125 ] || problem "$*: exit status $status"
	[ "$(cat err)" = "overlayvm: $line" ] ||
		problem "$*: says '$(cat err)' instead of '$line'"
	[ ! -s out ] || problem "$*: prints '$(head -n 1 out)'"
	nothing_left
}

claim=image-inspect/what-cannot-be-inspected
try="(try 'overlayvm image inspect --help')"
refused "image: which command? (try 'overlayvm image --help')"
refused "image: no command 'x' (try 'overlayvm image --help')" x
refused "image inspect: no image given $try" inspect
refused "image inspect: more than one image given $try" inspect a b
refused "image inspect: unknown option '--x' $try" inspect --x
refused "image inspect: --json and --raw: choose one $try" inspect --json --raw a
refused "image inspect: open image 'x': No such file or directory" inspect x
head -c 50 two.gz >cut.gz
image '' cut.gz
tar -rf image.tar cut.gz
refused "image inspect: image 'image.tar': layer 1 'cut.gz': decompress gzip data: truncated gzip input" \
	inspect image.tar
verdict
