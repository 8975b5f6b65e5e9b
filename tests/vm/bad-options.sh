#!/bin/bash
# SPDX-License-Identifier: MIT
# What is typed wrongly is refused at once: one line that names it, status 125.
. "$(dirname "$0")/lib.sh"

printf '#!/bin/sh\nexit 1\n' >no-qemu
chmod 755 no-qemu
export OVERLAYVM_QEMU=$WORK/no-qemu
old_output

# refused LINE [WORD]...: the words after `overlayvm`.
refused() {
	local line=$1

	shift
	overlayvm "$@"
	[ "$status" -eq 125 ] || problem "$*: exit status $status"
	[ "$(cat err)" = "overlayvm: $line" ] ||
		problem "$*: says '$(cat err)' instead of '$line'"
	nothing_left
	is_old_output
}
plan() {
	local line=$1

	shift
	refused "plan: $line" run --output nobody/layer.tar "$@"
}

claim=bad-options/sizes
for option in --disk-size --memory; do
	plan "$option '0' is not above 0" $option 0
	for size in -1 abc '' 1.5 10K 1GiB ' 1' 99999999999999999999; do
		plan "$option '$size' is not a size in MiB (digits, then M, G or T if wanted)" \
			$option "$size"
	done
	plan "$option '9999999T' is too large" $option 9999999T
done
plan "--disk-size '7' is below 8 MiB" --disk-size 7
plan "--memory '127' is below 128 MiB, which the guest needs" --memory 127
free=$(df --output=avail -B 1M nobody | tail -n 1)
if [ "$free" -lt 1048000 ]; then
	overlayvm run --disk-size 1T
	grep -qxE "overlayvm: plan: --disk-size '1T' is more than the [0-9]+ MiB that are free in '$WORK/nobody' \(OVERLAYVM_TMPDIR names another place\)" err ||
		problem "a large disk: $(cat err)"
fi
read -r _ memory _ </proc/meminfo
plan "--memory '1T' is more than the $((memory / 1024)) MiB that this host has" \
	--memory 1T
verdict

claim=bad-options/numbers
for cpus in 0 256 x -1; do
	plan "--cpus '$cpus' is not a number from 1 to 255" --cpus "$cpus"
done
for timeout in 0 1s 99999999; do
	plan "--timeout '$timeout' is not a number from 1 to 31622400" \
		--timeout "$timeout"
done
verdict

claim=bad-options/words
plan "--accel 'hvf' is none of: auto, kvm, tcg" --accel hvf
plan '--name is empty' --name ''
plan "--name 'a?b' has a control character" --name $'a\nb'
for variable in value =value 1A=b 'A B=c'; do
	plan "--env '$variable' is not NAME=VALUE" --env "$variable"
done
plan '--from-image is empty' --from-image ''
plan '--from-image-name without --from-image' --from-image-name x
plan '--from-image-name without --from-image-tag: give both or neither' \
	--from-image x --from-image-name x
plan '--from-image-tag without --from-image-name: give both or neither' \
	--from-image x --from-image-tag x
plan '--output is empty' --output ''
plan "--output and --report are both 'nobody/layer.tar'" \
	--report nobody/layer.tar
verdict

claim=bad-options/images
plan '--output-image is empty' --output-image ''
plan '--config without --output-image' --config user=x
for change in user us=x =; do
	plan "--config '$change' is not KEY=VALUE, KEY one of: env, cmd, entrypoint, user, workdir, label, expose, volume" \
		--output-image oci:x --config "$change"
done
plan "--config 'cmd=[1]' is not a JSON array of strings (a command for a shell begins with 'test', not '[')" \
	--output-image oci:x --config 'cmd=[1]'
verdict

claim=bad-options/scripts
refused "--pre-mount: open 'none': No such file or directory" run --pre-mount @none
refused "--post-mount: read '.': Is a directory" run --post-mount @.
refused "--post-umount: '/dev/zero' is larger than 1048576 bytes" \
	run --post-umount @/dev/zero
printf 'a\0b' >nul
refused "--pre-mount: 'nul' holds a NUL byte" run --pre-mount @nul
verdict

claim=bad-options/unknown-ones
try="(try 'overlayvm run --help')"
refused "unknown option '--foo' $try" run --foo
refused "unknown option '-x' $try" run -xy
refused "option '--output' needs a value $try" run --output
refused "'word' is no option $try" run word
refused "no command (try 'overlayvm --help')"
refused "unknown command 'word' (try 'overlayvm --help')" word
verdict

claim=bad-options/specs
spec() {
	printf '%s' "$2" >spec.json
	refused "spec 'spec.json': $1" run --spec spec.json
}
refused "spec 'none': open: No such file or directory" run --spec none
spec 'not valid JSON: it ends too early' '{'
spec 'not a JSON object' '[]'
spec "unknown key 'nam' (did you mean 'name'?)" '{"nam": "x"}'
spec "'name' is not a string" '{"name": 1}'
spec "'env' has an element that is not a string" '{"env": [1]}'
printf '{"diskSize": -5}' >spec.json
plan "--disk-size '-5' is not a size in MiB (digits, then M, G or T if wanted)" \
	--spec spec.json
verdict

claim=bad-options/SOURCE_DATE_EPOCH
for epoch in '' x -1 1.5; do
	SOURCE_DATE_EPOCH=$epoch plan "SOURCE_DATE_EPOCH '$epoch' is not a number from 0 to 9223372036854775807"
done
verdict
