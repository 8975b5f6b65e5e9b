#!/bin/bash
# SPDX-License-Identifier: MIT
# A hook that writes 500 MB: how fast they come out.
# shellcheck disable=SC2034,SC2154

bench() {
	about 'layer of 500 MB, out'
	need_fixture debian-1 || return 1
	contender ours 'overlayvm'
	figure at-least 300 ours
}

# A million bytes that do not compress, five hundred times.
WRITE='
head -c 1000000 /dev/urandom >block
for i in $(seq 500); do
	cat block
done >mnt/large
rm block
'

# From the end of the last hook to that of the last step.
ours() {
	overlayvm --from-image "$fixtures/debian-1.tar" --post-mount "$WRITE"
	value "$(jq '(.steps | map(.startNs + .durationNs) | max) as $last
		| .layer.size / 1e6 / (($last - (.steps[]
			| select(.name | endswith("hook postMount"))
			| .startNs + .durationNs)) / 1e9)' \
		"$work/report.json")" MB/s
}

check_ours() {
	tar -tvf "$work/layer.tar" | grep -q ' 500000000 .*large$'
}
