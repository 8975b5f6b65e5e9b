#!/bin/bash
# SPDX-License-Identifier: MIT
# The report says what a run did, or why and where it failed.
. "$(dirname "$0")/lib.sh"

base_image base.tar
# reports PYTHON...: each is true of the report r.
reports() {
	local truth

	for truth; do
		python3 -c '
import json, sys
r = json.load(open("nobody/report.json"))
sys.exit(not eval(sys.argv[1]))' "$truth" || problem "not so: $truth"
	done
}

claim=output-of-reports/of-a-good-run
run_ok --name good --from-image base.tar --memory 600 \
	--pre-mount true --post-mount 'rm mnt/dir/lower; echo >mnt/new' \
	--output nobody/layer.tar --report nobody/report.json
digest=$(sha256sum <nobody/layer.tar)
reports 'r["format"] == 1' 'r["name"] == "good"' 'r["ok"] is True' \
	'r["status"] == 0' '"failure" not in r' \
	"r['layer']['diffId'] == 'sha256:${digest%% *}'" \
	"r['layer']['size'] == $(stat -c %s nobody/layer.tar)" \
	"r['layer']['entries'] == $(tar -tf nobody/layer.tar | wc -l)" \
	'r["layer"]["whiteouts"] == 1' 'r["layer"]["opaques"] == 0' \
	'r["hooks"] == {h: {"status": 0, "oomKilled": False}
		for h in ("preMount", "postMount")}' \
	'r["accel"] == "tcg"' 'r["kernel"][0].isdigit()' \
	'r["spec"]["buildVMMemorySize"] == 600' \
	'"run hook postMount" in [s["name"] for s in r["steps"]
		if s["side"] == "guest"]' \
	'all(a["startNs"] + a["durationNs"] <= b["startNs"]
		for a, b in zip(r["steps"], r["steps"][1:]))'
verdict

claim=output-of-reports/of-a-hook-that-fails
run_fails 7 'overlayvm: hook postMount: exited with status 7' \
	--pre-mount true --post-mount 'exit 7' --post-umount true \
	--report nobody/report.json
reports 'r["ok"] is False' 'r["status"] == 7' '"layer" not in r' \
	'r["failure"] == {"class": "hook", "phase": "hook postMount",
		"cause": "hook postMount: exited with status 7",
		"retryable": False}' \
	'r["hooks"]["preMount"]["status"] == 0' \
	'r["hooks"]["postMount"]["status"] == 7' \
	'"postUmount" not in r["hooks"]'
verdict

claim=output-of-reports/of-a-hook-that-a-signal-ends
run_fails 143 'overlayvm: hook preMount: ended by signal 15 (SIGTERM)' \
	--pre-mount 'kill $$; sleep 1' --report nobody/report.json
reports 'r["status"] == 143' 'r["hooks"]["preMount"]["signal"] == 15'
verdict

claim=output-of-reports/of-what-fails-before-the-boot
for option in --from-image --output; do
	case $option in
	--from-image)
		argument=none class=input phase=image
		cause="open image 'none': No such file or directory"
		;;
	--output)
		argument=nobody class=usage phase=output
		cause="--output: 'nobody' is a directory"
		;;
	esac
	run_fails 125 "overlayvm: $phase: $cause" "$option" "$argument" \
		--report nobody/report.json
	reports "r['failure'] == {'class': '$class', 'phase': '$phase',
		'cause': \"$phase: $cause\", 'retryable': False}" \
		'r["status"] == 125' 'r["hooks"] == {}'
done
verdict

claim=output-of-reports/standard-output
run_ok --report - >printed.json
python3 -c 'import json, sys; sys.exit(not json.load(sys.stdin)["ok"])' \
	<printed.json || problem 'it is not printed'
verdict
