#!/bin/bash
# SPDX-License-Identifier: MIT
# --out: what hooks leave in $out becomes a directory, whole or not at all.
. "$(dirname "$0")/lib.sh"

base_image base.tar

claim=files-out/files-of-the-hooks
mkdir nobody/there
chown "$NOBODY" nobody/there 2>/dev/null
for out in nobody/results nobody/there; do
	run_ok --from-image base.tar --out "$out" --output nobody/layer.tar --post-mount '
	cd "$out"
	mkdir -p "a b/c"
	echo one >"a b/c/one"
	chmod 640 "a b/c/one"
	chown 12:34 "a b/c/one"
	ln "a b/c/one" two
	ln -s "a b/c" link
	printf x >"$(printf "new\nline")"
	head -c 3000000 /dev/urandom | tee large | sha256sum >large.sum' \
		--post-umount 'echo late >"$out/late"'
	[ "$(cat "$out/two" "$out/link/one" "$out/late")" = $'one\none\nlate' ] || problem "in $out: $(ls -lR "$out")"
	[ "$(stat -c '%a %u %h' "$out/two")" = "640 $([ "$(id -u)" -eq 0 ] && echo "$NOBODY" || id -u) 2" ] || problem "$(stat "$out/two")"
	[ "$(stat -c %a "$out")" = 755 ] || problem "the mode of $out is $(stat -c %a "$out")"
	[ -f "$out/"$'new\nline' ] || problem 'an odd name'
	(cd "$out" && sha256sum --status -c <(sed 's/-$/large/' large.sum)) || problem 'other bytes'
	! "$OVERLAYVM" show nobody/layer.tar | grep -q . || problem 'in the layer'
done
verdict

claim=files-out/nothing-left-is-an-empty-directory
run_ok --out nobody/empty --post-mount :
[ -d nobody/empty ] && [ -z "$(ls -A nobody/empty)" ] || problem "$(ls -A nobody/empty)"
verdict

claim=files-out/whole-or-not-at-all
run_fails 3 'overlayvm: hook postMount: exited with status 3' --out nobody/none --post-mount 'echo x >"$out/x"; exit 3'
run_fails 125 "overlayvm: out: 'fifo' in \$out is neither a file nor a directory nor a link" \
	--out nobody/none --post-mount 'echo x >"$out/a"; mkfifo "$out/fifo"'
run_fails 125 "overlayvm: out: 'out' in \$out is a link that may lead out of it" \
	--out nobody/none --post-mount 'ln -s /etc "$out/out"' --output nobody/no-layer.tar
[ ! -e nobody/none ] && [ ! -e nobody/no-layer.tar ] || problem 'there is something'
[ -z "$(find nobody -maxdepth 1 -name '.overlayvm*')" ] || problem "left: $(ls -A nobody)"
run_fails 125 "overlayvm: output: --out: 'nobody/results' is not empty" --out nobody/results --post-mount :
run_fails 125 "overlayvm: guest: \$out has more than 1 MiB (use a larger --limit layer-size)" \
	--out nobody/none --limit layer-size=1 --post-mount 'head -c 2000000 /dev/zero >"$out/large"'
verdict
