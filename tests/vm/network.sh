#!/bin/bash
# SPDX-License-Identifier: MIT
# --network user: hooks and commands reach a server of this host, through passt
# and through QEMU; nothing of it gets into the layer.
. "$(dirname "$0")/lib.sh"
export OVERLAYVM_CACHE=$WORK/nobody/cache

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

# What the report says that the network was.
network_was() {
	jq -e --arg it "$1" '.network == $it' nobody/report.json >&2 ||
		problem "the network was $(jq .network nobody/report.json)"
}

# It confines itself in a user namespace; where nobody has none, it cannot be.
passt=passt
as_nobody unshare --user true || passt=qemu

printf '127.0.0.1 the.image' >image/etc/resolv.conf
ln -s nowhere image/etc/link
pack_layer image image.tar
pack_image other.tar x:1 image.tar

export http_proxy='' no_proxy=10.0.2.2 https_proxy='http://proxy.example:1/'
for network in passt qemu; do
	unset OVERLAYVM_PASST
	want=$passt
	[ $network = passt ] || export OVERLAYVM_PASST=none want=qemu

	claim=network/a-hook-fetches-through-$network
	for how in --no-template '' ''; do
		# shellcheck disable=SC2086 # none or one word
		run_ok $how --from-image base.tar --network user --output nobody/layer.tar \
			--report nobody/report.json --post-mount "
		busybox wget -q -O - $page"'
		cat /etc/resolv.conf
		env | grep -i proxy | sort
		busybox ip -4 -o addr show eth0 | busybox awk "{ print \$4 }"
		busybox ip route show default; echo'
		said fetched
		said 'nameserver 10.0.2.3'
		said 'https_proxy=http://proxy.example:1/'
		said 'no_proxy=10.0.2.2'
		said 10.0.2.15/24
		said 'default via 10.0.2.2 dev eth0 '
		said_nothing_of http_proxy=
		[ $want != $network ] || said_nothing_of 'overlayvm:'
		network_was $want
		nothing_in_the_layer
		nothing_left
		# Passt's template serves QEMU's network, too.
		[ $network = passt ] || said_nothing_of 'make a template'
	done
	verdict

	claim=network/a-command-fetches-through-$network
	for image in base other; do
		run_ok --from-image $image.tar --network user --verify \
			--output nobody/layer.tar --report nobody/report.json --run "
		/bin/busybox wget -q -O - $page; /bin/busybox cat /etc/resolv.conf; echo \$https_proxy"
		said fetched
		said 'nameserver 10.0.2.3'
		said 'http://proxy.example:1/'
		network_was $want
		nothing_in_the_layer
	done
	verdict
done
unset OVERLAYVM_PASST

# Whatever stands first in PATH.
mkdir bin
passt_is() {
	printf '%s\n' '#!/bin/bash' "$@" >bin/passt
	chmod 755 bin/passt
}
fetch=(--from-image base.tar --network user --report nobody/report.json
	--post-mount "busybox wget -q -O - $page")
instead="warning: '$WORK/bin/passt' does not work here, QEMU is the network instead: "

claim=network/qemu-is-it-where-passt-does-not-work
for does in 'it exited with status 1/exit 1' 'No lo here/echo No lo here >&2; exit 1' \
	'it does not answer/exec sleep 1000'; do
	passt_is "${does#*/}"
	PATH=$WORK/bin:$PATH run_ok "${fetch[@]}"
	said "overlayvm: $instead${does%%/*}"
	said fetched
	network_was qemu
	nothing_left
done
verdict

# In a namespace of nobody's own that has none below it.
claim=network/qemu-is-it-where-passt-cannot-confine-itself
if [ $passt = qemu ]; then
	printf 'skip %s: nobody has no user namespace here\n' "$claim"
else
	# shellcheck disable=SC2016 # it is the inner shell's
	as_nobody unshare --user --map-root-user bash -c '
		echo 0 >/proc/sys/user/max_user_namespaces
		exec "$@"' bash "$OVERLAYVM" run --accel tcg "${fetch[@]}" 2>err ||
		problem "$(tail -n 1 err)"
	grep -q "^overlayvm: warning: '.*/passt' does not work here, QEMU is the network instead: .*namespace" err ||
		problem "says $(head -n 1 err)"
	said fetched
	network_was qemu
	nothing_left
	verdict
fi

claim=network/a-host-may-have-only-its-loopback
if [ $passt = qemu ]; then
	printf 'skip %s: nobody has no user namespace here\n' "$claim"
else
	as_nobody cp -r www serve.py nobody/
	# shellcheck disable=SC2016 # it is the inner shell's
	as_nobody unshare --user --map-root-user --net bash -c '
		busybox ip link set lo up
		cd nobody || exit 1
		python3 serve.py 2>server.log &
		until [ -e port ]; do sleep 0.02; done
		"$OVERLAYVM" run --accel tcg --from-image ../base.tar --network user \
			--report report.json --post-mount \
			"busybox wget -q -O - http://10.0.2.2:$(cat port)/page"
		status=$?
		kill $!
		exit $status' 2>err || problem "$(tail -n 1 err)"
	said fetched
	said_nothing_of 'overlayvm:'
	network_was passt
	nothing_left
	verdict
fi

claim=network/a-passt-that-is-named-is-used-or-fails
passt_is 'echo No lo here >&2; exit 1'
OVERLAYVM_PASST=bin/passt run_fails 125 \
	"overlayvm: boot: OVERLAYVM_PASST: '$WORK/bin/passt': No lo here" "${fetch[@]}"
jq -e '.failure.class == "host" and .network == null' nobody/report.json >&2 ||
	problem "reported: $(jq -c .failure nobody/report.json)"
OVERLAYVM_PASST=/nonexistent run_fails 125 \
	"overlayvm: host: OVERLAYVM_PASST: run '/nonexistent': No such file or directory" "${fetch[@]}"
OVERLAYVM_PASST=no-such-passt run_fails 125 \
	"overlayvm: host: OVERLAYVM_PASST: no 'no-such-passt' in PATH (on Debian and Ubuntu: apt-get install passt)" "${fetch[@]}"
passt_is 'exec sleep 1000'
OVERLAYVM_PASST=bin/passt run_fails 124 \
	'overlayvm: boot: timed out after 5 s (--timeout)' --network user --timeout 5
# Without a network it is not looked for.
OVERLAYVM_PASST=/nonexistent run_ok --from-image base.tar --post-mount : \
	--report nobody/report.json
network_was none
verdict

claim=network/a-plan-says-which
plan() {
	overlayvm run --dry-run "$@" >plan.json
	jq -r '.host.passt' plan.json
}
[ "$(PATH=$WORK/bin:$PATH plan --network user)" = "$WORK/bin/passt" ] ||
	problem "first in PATH: $(cat plan.json)"
[ "$(OVERLAYVM_PASST=bin/passt plan --network user)" = "$WORK/bin/passt" ] ||
	problem "named: $(cat plan.json)"
[ "$(OVERLAYVM_PASST=none plan --network user)" = null ] || problem "none: $(cat plan.json)"
[ "$(plan)" = null ] || problem "no network: $(cat plan.json)"
verdict

# children_of PID NAME: those whose name begins so.
children_of() {
	local child

	cat "/proc/$1"/task/*/children | tr ' ' '\n' | grep . | while read -r child; do
		! grep -q "^$2" "/proc/$child/comm" || echo "$child"
	done
}

# What befalls passt befalls the network, not the run.
# shellcheck disable=SC2016 # it is the hook's
for signal in KILL STOP; do
	claim=network/a-passt-that-gets-SIG$signal
	if [ $passt = qemu ]; then
		printf 'skip %s: nobody has no user namespace here\n' "$claim"
		continue
	fi
	mkfifo said
	"${nobody[@]}" "$OVERLAYVM" run --accel tcg --timeout 900 --from-image base.tar \
		--network user --keep-failed nobody/kept --post-mount "
		busybox wget -q -O - $page
		while busybox wget -T 5 -q -O /dev/null $page; do :; done
		echo lost; exit 3" 2>said &
	exec 7<said
	while read -r line <&7 && [ "$line" != fetched ]; do :; done
	children_of $! passt >pids
	[ "$(wc -l <pids)" -eq 1 ] || problem "these are passt: $(cat pids)"
	kill -s $signal "$(cat pids)"
	cat <&7 >err
	status=0
	wait $! || status=$?
	[ "$status" -eq 3 ] || problem "status $status: $(tail -n 1 err)"
	said lost
	said 'overlayvm: hook postMount: exited with status 3'
	[ $signal = STOP ] ||
		said 'overlayvm: warning: the guest lost its network: passt: it was ended by SIGKILL'
	[ -e nobody/kept/passt.log ] || problem 'no passt.log'
	nothing_left
	rm -rf said nobody/kept
	verdict
done

claim=network/passt-goes-with-a-killed-run
passt_is "echo \$\$ >'$WORK/nobody/pid'; exec sleep 1000"
OVERLAYVM_PASST=bin/passt "${nobody[@]}" "$OVERLAYVM" run --accel tcg "${fetch[@]}" 2>err &
timeout 600 bash -c 'until [ -s nobody/pid ]; do sleep 0.02; done' || problem 'no passt'
kill -s KILL $!
wait $! && problem 'it was not killed'
timeout 600 bash -c 'while kill -0 "$(cat nobody/pid)"; do sleep 0.02; done' 2>/dev/null ||
	problem 'passt is still there'
rm -r nobody/overlayvm.* || problem 'no directory'
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
