#!/bin/bash
# SPDX-License-Identifier: MIT
# --spec and options say the same; --dry-run shows it and touches nothing.
. "$(dirname "$0")/lib.sh"

base_image base.tar
# What is shown must do without booting.
printf '#!/bin/sh\nexit 1\n' >no-qemu
chmod 755 no-qemu
export OVERLAYVM_QEMU=$WORK/no-qemu

plan() {
	status=0
	as_nobody "$OVERLAYVM" run --dry-run "$@" 2>err || status=$?
	[ "$status" -eq 0 ] || problem "exit status $status: $(tail -n 1 err)"
}

same() {
	[ -s of-options.json ] && diff of-options.json "$1" >&2 ||
		problem 'the plans differ'
}

options=(--name 'a name' --from-image base.tar --from-image-name base
	--from-image-tag 1 --disk-size 2G --memory 600M --cpus 2
	--pre-mount 'echo pre' --post-mount $'echo "post"\n\techo mount'
	--post-umount 'echo \n $x' --env A=1 --env 'B=two words' --env A=3
	--accel tcg --timeout 60 --progress plain --layers unpack
	--output nobody/layer.tar --report nobody/report.json)

claim=user-plans/spec-and-options-give-the-same-plan
plan "${options[@]}" >of-options.json
cat >spec.json <<'EOF2'
{
	"name": "a name",
	"fromImage": "base.tar", "fromImageName": "base", "fromImageTag": "1",
	"diskSize": 2048, "buildVMMemorySize": "600", "cpus": 2,
	"preMount": "echo pre",
	"postMount": "echo \"post\"\n\techo mount",
	"postUmount": "echo \\n $x",
	"env": ["A=1", "B=two words", "A=3"],
	"accel": "tcg", "timeout": 60, "progress": "plain", "layers": "unpack",
	"output": "nobody/layer.tar", "report": "nobody/report.json"
}
EOF2
plan --spec spec.json >of-spec.json
same of-spec.json
verdict

claim=user-plans/a-plan-is-a-spec-again
python3 -c 'import json, sys
json.dump(json.load(sys.stdin)["spec"], sys.stdout)' <of-options.json >again.json
plan --spec again.json >of-plan.json
same of-plan.json
verdict

claim=user-plans/options-win-over-the-spec-wherever-it-stands
plan --name other --spec spec.json --cpus 1 |
	diff of-options.json - >changes
[ "$(sed -n 's/^> *//p' changes)" = $'"name": "other",\n"cpus": 1,' ] ||
	problem "it changes $(cat changes)"
verdict

claim=user-plans/the-seeds-defaults
plan >defaults.json
for line in '"diskSize": 1024' '"buildVMMemorySize": 512' '"fromImage": null' \
	'"fromImageName": null' '"fromImageTag": null' '"preMount": ""' \
	'"postMount": ""' '"postUmount": ""'; do
	grep -qxF "    $line," defaults.json || problem "no $line"
done
verdict

claim=user-plans/the-plan-names-what-was-found
for line in '"name": "base:1"' '"name": "l2/layer.tar"' \
	"\"qemu\": \"$WORK/no-qemu\"" '"kernel": "'; do
	grep -qF "$line" of-options.json || problem "no $line"
done
[ "$(grep -c '"diffId": "sha256:' of-options.json)" -eq 2 ] ||
	problem 'not two layers'
verdict

claim=user-plans/dry-run-touches-nothing
[ -z "$(ls -A nobody)" ] || problem "it leaves $(ls -A nobody)"
verdict

claim=user-plans/dry-run-finds-what-is-wrong
run_fails 125 "overlayvm: image: open image 'none': No such file or directory" \
	--dry-run --from-image none
run_fails 125 "overlayvm: output: --output: 'nobody' is a directory" \
	--dry-run --output nobody
verdict
