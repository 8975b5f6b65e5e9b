#!/bin/bash
# SPDX-License-Identifier: MIT
# --network user: hooks and commands reach a server of this host; nothing of it
# gets into the layer.
. "$(dirname "$0")/lib.sh"

mkdir www
echo fetched >www/page
cat >serve.py <<'E2'
import http.server, functools
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="www")
server = http.server.HTTPServer(("127.0.0.1", 0), handler)
with open("port.tmp", "w") as out:
    out.write(str(server.server_address[1]))
import os
os.rename("port.tmp", "port")
server.serve_forever()
E2
python3 serve.py 2>server.log &
server=$!
trap 'kill "$server"' EXIT
timeout 600 bash -c 'until [ -e port ]; do sleep 0.02; done' || problem 'no server'
page=http://10.0.2.2:$(cat port)/page

mkdir -p image/bin image/etc
cp "$(command -v busybox)" image/bin/busybox
ln -s busybox image/bin/sh
touch -d @1000000000 image/etc image
pack_layer image image.tar
pack_image base.tar x:1 image.tar
nothing_in_the_layer() {
	[ "$("$OVERLAYVM" show nobody/layer.tar)" = '' ] || problem "in the layer: $("$OVERLAYVM" show nobody/layer.tar)"
}

claim=network/a-hook-fetches
export http_proxy='' no_proxy=10.0.2.2 https_proxy='http://proxy.example:1/'
for how in --no-template '' ''; do
	# shellcheck disable=SC2086 # none or one word
	run_ok $how --from-image base.tar --network user --output nobody/layer.tar --post-mount "
	busybox wget -q -O - $page"'
	cat /etc/resolv.conf
	env | grep -i proxy | sort'
	said fetched
	said 'nameserver 10.0.2.3'
	said 'https_proxy=http://proxy.example:1/'
	said 'no_proxy=10.0.2.2'
	said_nothing_of http_proxy=
	said_nothing_of warning
	nothing_in_the_layer
done
verdict

claim=network/a-command-fetches
run_ok --from-image base.tar --network user --verify --output nobody/layer.tar --run "
	/bin/busybox wget -q -O - $page; /bin/busybox cat /etc/resolv.conf; echo \$https_proxy"
said fetched
said 'nameserver 10.0.2.3'
said 'http://proxy.example:1/'
nothing_in_the_layer
printf '127.0.0.1 the.image' >image/etc/resolv.conf
ln -s nowhere image/etc/link
pack_layer image image.tar
pack_image other.tar x:1 image.tar
run_ok --from-image other.tar --network user --verify --output nobody/layer.tar --run "
	/bin/busybox wget -q -O - $page; /bin/busybox cat /etc/resolv.conf"
said fetched
said 'nameserver 10.0.2.3'
nothing_in_the_layer
verdict

claim=network/none-unless-it-is-asked-for
run_ok --from-image base.tar --post-mount "busybox wget -q -O - $page || echo unreachable; env | grep -ic proxy || :"
said unreachable
said 0
verdict

claim=network/one-of-two-words
run_ok --from-image base.tar --network user --report nobody/report.json --post-mount :
jq -e '.spec.network == "user"' nobody/report.json >&2 || problem 'not in the report'
run_fails 125 "overlayvm: plan: --network 'all' is none of: none, user" --network all
verdict
