#!/bin/bash
# SPDX-License-Identifier: MIT
# A QEMU that a guest has taken over has its disks, and nothing of the user's.
. "$(dirname "$0")/lib.sh"

base_image base.tar
export OVERLAYVM_CACHE=$WORK/nobody/cache

reported() {
	grep -q "\"$1\": $2" nobody/report.json || problem "not reported: $1 $2"
}

claim=qemu-is-confined/the-report-says-how
run_ok --from-image base.tar --post-mount 'echo >mnt/file' \
	--report nobody/report.json
reported qemuSandbox true
reported systemCallFilter true
grep -q '"landlock": 0' nobody/report.json && no_landlock=1
verdict

# The same user's, whom nothing but the confinement keeps from them.
claim=qemu-is-confined/an-intruder-is-denied
as_nobody mkdir nobody/prey
as_nobody sh -c 'echo secret >nobody/prey/secret; cp /bin/true nobody/prey/program'
export OVERLAYVM_PREY=$WORK/nobody/prey SECRET_TOKEN=x
if [ -n "${no_landlock:-}" ]; then
	printf 'skip %s: this kernel has no Landlock\n' "$claim"
else
	old_output
	exec 9<base.tar
	OVERLAYVM_QEMU=$(dirname "$RECORD")/intruder run_fails 125 \
		'overlayvm: boot: the virtual machine ended before the run was complete (34 of 34 are as they should be)' \
		--from-image base.tar --no-template --output nobody/layer.tar
	exec 9<&-
	is_old_output
	[ "$(cat nobody/prey/secret)" = secret ] || problem 'the secret is lost'
	verdict

	# passt is the network, where nobody has the user namespace that it wants.
	claim=qemu-is-confined/with-a-network-it-has-no-more
	if as_nobody unshare --user true; then
		OVERLAYVM_PASST=passt OVERLAYVM_QEMU=$(dirname "$RECORD")/intruder run_fails 125 \
			'overlayvm: boot: the virtual machine ended before the run was complete (34 of 34 are as they should be)' \
			--from-image base.tar --no-template --network user --output nobody/layer.tar
		is_old_output
		verdict
	else
		printf 'skip %s: nobody has no user namespace here\n' "$claim"
	fi
fi

# As QEMU says it that was built without seccomp.
claim=qemu-is-confined/a-qemu-without-a-sandbox-is-asked-once
cat >qemu <<'EOF'
#!/bin/bash
if [[ " $* " == *" -sandbox "* ]]; then
	echo 'qemu: -sandbox support is not enabled in this QEMU binary' >&2
	exit 1
fi
exec qemu-system-x86_64 "$@"
EOF
chmod 755 qemu
export OVERLAYVM_QEMU=$WORK/qemu
for turn in first second booted; do
	[ $turn != booted ] || set -- --no-template
	run_ok --post-mount 'echo x >mnt/file' --output nobody/layer.tar \
		--report nobody/report.json "$@"
	assert_has nobody/layer.tar file
	reported qemuSandbox false
	[ $turn != second ] || said_nothing_of '==> make a template'
done
unset OVERLAYVM_QEMU
verdict

# On kernels that lack one or the other, runs go on, and the report says so.
lacks() {
	claim=qemu-is-confined/without-$1
	status=0
	as_nobody strace -f -o /dev/null -e inject="$1:error=ENOSYS" \
		"$OVERLAYVM" run --accel tcg --from-image base.tar \
		--post-mount 'echo x >mnt/file' --output nobody/layer.tar \
		--report nobody/report.json 2>err || status=$?
	[ "$status" -eq 0 ] || problem "exit status $status: $(tail -n 1 err)"
	assert_has nobody/layer.tar file
	reported "$2" "$3"
	verdict
}
lacks landlock_create_ruleset landlock 0
lacks seccomp systemCallFilter false

# What one QEMU writes into the memory that all share, others may have read.
# The run says more than a pipe holds, so that it waits for us.
claim=qemu-is-confined/a-template-that-changes-under-a-run-fails-it
old_output
mkfifo fifo
"${nobody[@]}" "$OVERLAYVM" run --accel tcg --output nobody/layer.tar \
	--post-mount 'head -c 1000000 /dev/zero | tr "\0" x; echo' 2>fifo &
exec 8<fifo
while read -r line <&8 && [ "$line" != '==> restore the guest' ]; do :; done
for ram in nobody/cache/templates/*/ram; do
	dd if="$ram" of="$ram" bs=1 count=1 conv=notrunc status=none
done
cat <&8 >err
wait $! && problem 'the run is fine'
grep -q "^overlayvm: output: template '.*': 'ram' has changed: another mtimeNs\$" err ||
	problem "says $(tail -n 1 err)"
is_old_output
nothing_left
verdict
