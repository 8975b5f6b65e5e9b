#!/bin/bash
# SPDX-License-Identifier: MIT
# overlayvm doctor: what a machine lacks, the cure, and a run that proves it.
. "$(dirname "$0")/lib.sh"

doctor() {
	status=0
	as_nobody "$@" doctor >out 2>err || status=$?
}

claim=user-doctor/a-machine-on-which-a-run-works
doctor "$OVERLAYVM"
[ "$status" -eq 0 ] || problem "status $status: $(cat out err)"
[ "$(grep -c '^missing' out)" -eq 0 ] || problem "missing: $(cat out)"
grep -qE '^ok +a run +[0-9.]+ s, (KVM|emulated), (from a template|booted)$' out ||
	problem "no run: $(tail -n 1 out)"
nothing_left
verdict

claim=user-doctor/as-json
status=0
as_nobody "$OVERLAYVM" doctor --json --no-run >out 2>err || status=$?
[ "$status" -eq 0 ] || problem "status $status: $(cat err)"
jq -e '.ok and (.checks | length == 13 and all(.verdict | IN("ok", "worse"))) and .run == null' \
	out >&2 || problem "$(jq -c . out)"
verdict

# The program and its guest image apart, so that it finds none.
claim=user-doctor/without-a-guest-image
mkdir alone
cp "$OVERLAYVM" alone/
doctor env OVERLAYVM_CACHE="$WORK/nobody/none" alone/overlayvm
[ "$status" -eq 125 ] || problem "status $status"
grep -q '^missing  guest image ' out && grep -q ' overlayvm guest build --kernel ' out ||
	problem "$(cat out)"
[ "$(cat err)" = 'overlayvm: doctor: no run works here: guest image' ] || problem "$(cat err)"
verdict

claim=user-doctor/without-qemu
doctor env PATH=/nowhere "$OVERLAYVM"
[ "$status" -eq 125 ] || problem "status $status"
grep -q '^missing  QEMU ' out && grep -q '^worse    prepared layers ' out || problem "$(cat out)"
grep -qx ' *apt-get install qemu-system-x86' out || problem "no cure: $(cat out)"
! grep -q ' a run ' out || problem 'it runs'
verdict

claim=user-doctor/a-qemu-that-is-none
printf '#!/bin/sh\nexit 1\n' >qemu
chmod 755 qemu
doctor env OVERLAYVM_QEMU="$WORK/qemu" "$OVERLAYVM"
[ "$status" -eq 125 ] && grep -qx "missing  QEMU             '$WORK/qemu' does not say its version" out ||
	problem "$(cat out err)"
verdict

claim=user-doctor/where-nothing-can-be-written
mkdir -m 555 closed
doctor env OVERLAYVM_CACHE="$WORK/closed/cache" OVERLAYVM_TMPDIR="$WORK/closed" "$OVERLAYVM"
[ "$status" -eq 125 ] || problem "status $status"
grep -q "^worse    cache            write to '$WORK/closed/cache/*': Permission denied" out &&
	grep -q "^missing  temporary files  write to '$WORK/closed': Permission denied" out ||
	problem "$(cat out)"
verdict

# The run at the end has saved it; to look at it is not to use it.
claim=user-doctor/the-template-of-a-run
mkdir nobody/cache
[ "$(id -u)" -ne 0 ] || chown "$NOBODY:$NOBODY" nobody/cache
look() {
	OVERLAYVM_CACHE=$WORK/nobody/cache overlayvm doctor --no-run >out
	grep -E '^[a-z]+ +template ' out | sed 's/  */ /g'
}
[ "$(look)" = 'ok template none yet: the first run saves one' ] || problem "before: $(cat out err)"
OVERLAYVM_CACHE=$WORK/nobody/cache overlayvm doctor >out
[ "$status" -eq 0 ] || problem "no run: $(cat out err)"
template=$(echo nobody/cache/templates/*)
before=$(stat -c '%x %y %z' "$template")
[[ $(look) =~ ^'ok template saved, one of 1, '[0-9]+' MiB in all'$ ]] || problem "after: $(cat out err)"
[ "$(stat -c '%x %y %z' "$template")" = "$before" ] || problem 'doctor has touched it'
echo junk >>"$template/state"
[ "$(look)" = "worse template '$WORK/$template': 'state' has changed: another size: the next run saves another, in its place" ] ||
	problem "broken: $(cat out err)"
look >/dev/null
[ "$status" -eq 0 ] || problem "status $status, though a run works"
[ -e "$template/ram" ] || problem 'doctor has dropped it'
verdict

claim=user-doctor/options
as_nobody "$OVERLAYVM" doctor --jsn >out 2>err && problem 'takes any option'
grep -q "^overlayvm: .*--jsn.*--json" err || problem "$(cat err)"
as_nobody "$OVERLAYVM" doctor word >out 2>err && problem 'takes any word'
[ "$(cat err)" = "overlayvm: doctor: unexpected argument 'word' (try 'overlayvm doctor --help')" ] ||
	problem "$(cat err)"
verdict
