#!/bin/bash
# SPDX-License-Identifier: MIT
# Commands run in the image as a Dockerfile's RUN does: as the image says, with
# its user, directory, variables and shell, and none of what was set up for
# them reaches the layer.
. "$(dirname "$0")/lib.sh"

# Without /proc, /sys, /dev and /tmp.
mkdir -p base/bin base/etc base/home/app
cp "$(command -v busybox)" base/bin/busybox
for applet in sh id env hostname sleep ls wc cat test sort mkdir; do
	ln -s busybox "base/bin/$applet"
done
printf '%s\n' root:x:0:0:root:/root:/bin/sh 'app:x:1000:1001::/home/app:' >base/etc/passwd
printf '%s\n' root:x:0: app:x:1001: staff:x:50:other,app wheel:x:60:app >base/etc/group
echo 'not a program' >base/etc/notes
chown 1000:1001 base/home/app
pack_layer base base.layer

IMAGE_CONFIG='{"Env":["A=of the image","B=of the image"],"User":"app","WorkingDir":"/srv/new","Shell":["/bin/sh","-ec"]}' \
	pack_image app.tar app:1 base.layer
pack_image plain.tar plain:1 base.layer

export SOURCE_DATE_EPOCH=1500000000
commands=(
	--run 'echo "id $(id)"; echo "in $PWD of $HOME"; echo "A is $A, B is $B, $SOURCE_DATE_EPOCH"'
	--run 'echo "process $$ of $(ls -d /proc/[0-9]* | wc -l)"
		echo x >/dev/null; echo x >/tmp/x; echo x >/dev/shm/x
		test -c /dev/urandom && test -c /dev/ptmx && test -d /sys/kernel && echo all there
		sleep 100000 & echo one >$HOME/one'
	--run 'test ! -e /tmp/x && echo "a new /tmp"; cat $HOME/one
		# a $(dangerous) "line"
		false || echo "with -e"; cat </dev/stdin; test $(ls -d /proc/[0-9]* | wc -l) -lt 6 && echo "all gone"'
)
run_ok --from-image app.tar --env 'B=of the run' --output nobody/layer.tar \
	--post-mount 'touch mnt/of-the-hook' --report nobody/report.json "${commands[@]}" \
	--post-umount 'ls layer/of-the-hook'

claim=run-commands/as-the-images-user
said 'id uid=1000(app) gid=1001(app) groups=50(staff),60(wheel)'
verdict

claim=run-commands/with-its-directory-and-variables
said 'in /srv/new of /home/app'
said 'A is of the image, B is of the run, 1500000000'
verdict

claim=run-commands/in-namespaces-of-its-own
grep -qE '^process 2 of [345]$' err || problem "$(grep ^process err)"
said 'all there'
verdict

claim=run-commands/each-alone
said 'a new /tmp'
said 'one'
said 'all gone'
said 'with -e'
verdict

claim=run-commands/between-the-hooks-in-order
printf '%s\n' 'run hook postMount' 'run command 1' 'run command 2' 'run command 3' \
	'unmount the overlay' 'convert the upper layer' 'run hook postUmount' |
	sed 's/^/==> /' >want
grep -E '^==> (run|unmount|convert)' err | diff want - >&2 || problem 'the steps are others'
said 'layer/of-the-hook'
verdict

claim=run-commands/only-their-changes-reach-the-layer
names_of nobody/layer.tar >names
printf '%s\n' ./ home/ home/app/ home/app/one of-the-hook srv/ srv/new/ |
	diff - names >&2 || problem "other entries: $(tr '\n' ' ' <names)"
verdict

claim=run-commands/in-the-report
jq -e '[.run[] | .status] == [0, 0, 0] and (.run[0].command | startswith("echo \"id"))' \
	nobody/report.json >&2 || problem "$(jq -c .run nobody/report.json)"
verdict

claim=run-commands/the-same-bytes-when-booted
run_ok --from-image app.tar --env 'B=of the run' --output nobody/booted.tar \
	--post-mount 'touch mnt/of-the-hook' --no-template --layers unpack "${commands[@]}"
cmp nobody/layer.tar nobody/booted.tar >&2 || problem 'other bytes'
verdict

claim=run-commands/root-and-a-shell-by-default
run_ok --from-image plain.tar --output nobody/layer.tar \
	--run 'echo "root $(id -u):$(id -g) in $PWD of $HOME"; false; echo "without -e"'
said 'root 0:0 in / of /root'
said 'without -e'
[ "$(names_of nobody/layer.tar)" = '' ] || problem "entries: $(names_of nobody/layer.tar)"
verdict

claim=run-commands/a-failing-one-ends-the-run
old_output
run_fails 3 'overlayvm: command 2: exited with status 3' --from-image plain.tar \
	--output nobody/layer.tar --run true --run 'exit 3' --run 'echo "the third"' \
	--post-umount 'echo "the hook"' --report nobody/report.json
said_nothing_of 'the third'
said_nothing_of 'the hook'
is_old_output
jq -e '.failure.class == "hook" and ([.run[] | .status] == [0, 3])' nobody/report.json >&2 ||
	problem "$(jq -c '[.failure, .run]' nobody/report.json)"
verdict

claim=run-commands/their-status-is-the-runs
run_fails 127 'overlayvm: command 1: exited with status 127' --from-image plain.tar --run 'no-such-program'
run_fails 126 'overlayvm: command 1: exited with status 126' --from-image plain.tar --run '/etc/notes'
run_fails 137 'overlayvm: command 1: ended by signal 9 (SIGKILL)' --from-image plain.tar --run 'kill -9 $$'
run_fails 127 'overlayvm: command 1: exited with status 127' --run true --pre-mount 'mkdir layer/x'
said "overlayvm: run '/bin/sh': No such file or directory"
verdict

claim=run-commands/a-user-that-the-image-does-not-know
IMAGE_CONFIG='{"User":"nemo"}' pack_image nemo.tar nemo:1 base.layer
run_fails 125 "overlayvm: guest: run the commands: command 1: no user 'nemo' in the image's /etc/passwd" \
	--from-image nemo.tar --run true
verdict

claim=run-commands/a-link-does-not-lead-out-of-the-image
mkdir -p linked/etc
ln -s /proc/1/root/etc/passwd linked/etc/passwd
pack_layer linked linked.layer
IMAGE_CONFIG='{"User":"app"}' pack_image linked.tar linked:1 base.layer linked.layer
run_fails 125 "overlayvm: guest: run the commands: command 1: no user 'app' in the image's /etc/passwd" \
	--from-image linked.tar --run true
verdict

claim=run-commands/what-is-no-directory
mkdir -p odd
echo file >odd/proc
pack_layer odd odd.layer
pack_image odd.tar odd:1 base.layer odd.layer
run_fails 125 "overlayvm: guest: run the commands: command 1: '/proc' of the image is no directory" \
	--from-image odd.tar --run true
verdict

claim=run-commands/each-within-its-time
run_fails 124 'overlayvm: command 2: has taken more than 2 s (use a larger --limit hook-time)' \
	--limit hook-time=2 --from-image plain.tar --run : --run 'sleep 1000'
verdict
