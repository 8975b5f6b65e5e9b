#!/bin/bash
# SPDX-License-Identifier: MIT
# --compress: the same layer, compressed while it arrives, the same way always.
. "$(dirname "$0")/lib.sh"

export SOURCE_DATE_EPOCH=1500000000
hook='for i in 1 2 3 4 5 6 7 8; do seq 100000 >mnt/$i; done; rm -f mnt/8'
run_ok --post-mount "$hook" --output nobody/layer.tar

for kind in gzip zstd; do
	claim=output-compressed/$kind
	run_ok --post-mount "$hook" --compress "$kind" \
		--output nobody/layer --report nobody/report.json
	"$kind" -dc <nobody/layer | cmp - nobody/layer.tar >&2 ||
		problem 'it is another layer'
	[ "$(jq -r .layer.digest nobody/report.json)" = \
		"sha256:$(sha256sum <nobody/layer | cut -d ' ' -f 1)" ] ||
		problem "the report has $(jq .layer.digest nobody/report.json)"
	[ "$(jq -r .layer.diffId nobody/report.json)" = \
		"sha256:$(sha256sum <nobody/layer.tar | cut -d ' ' -f 1)" ] ||
		problem "the report has $(jq .layer.diffId nobody/report.json)"
	[ "$(jq -r '.layer | "\(.compression) \(.storedSize) \(.size)"' \
		nobody/report.json)" = "$kind $(stat -c %s nobody/layer) \
$(stat -c %s nobody/layer.tar)" ] ||
		problem "the report has $(jq -c .layer nobody/report.json)"
	verdict

	claim=output-compressed/$kind-to-standard-output
	run --post-mount "$hook" --compress "$kind" --output - >again
	cmp again nobody/layer >&2 || problem 'other bytes the second time'
	nothing_left
	verdict
done

claim=output-compressed/a-run-that-fails-leaves-the-old-output
old_output
run_fails 3 'overlayvm: hook postUmount: exited with status 3' \
	--compress gzip --post-umount 'exit 3' --output nobody/layer.tar
is_old_output
verdict
