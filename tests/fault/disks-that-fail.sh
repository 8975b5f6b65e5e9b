#!/bin/bash
# SPDX-License-Identifier: MIT
# The scratch disk fails a request, once, or for good from then on: then there is
# no layer, as it might have other bytes than the hook wrote.
. "$(dirname "$0")/../vm/lib.sh"

base_image base.tar

# More than the memory holds, so that it is written, and read again.
hook='seq 150000 >/tmp/some; for ((i = 0; i < 200; i++)); do cat /tmp/some; done >mnt/numbers'

# disk EVENT N RULE: requests of this kind fail from the Nth on, as RULE says.
disk() {
	local rules='' i

	for ((i = 1; i < $2; i++)); do
		rules+=",file.set-state.$((i - 1)).event=$1,file.set-state.$((i - 1)).state=$i,file.set-state.$((i - 1)).new_state=$((i + 1))"
	done
	cat >qemu <<EOT
#!/bin/bash
exec qemu-system-x86_64 "\${@/file.driver=file,file.filename=scratch.img/file.driver=blkdebug,file.image.driver=file,file.image.filename=scratch.img,file.inject-error.0.event=$1,file.inject-error.0.state=$2,$3$rules}"
EOT
	chmod 755 qemu
}

# fails WORDS: the run does, it says so, and what was there stays.
fails() {
	old_output
	OVERLAYVM_QEMU=$WORK/qemu run --no-template --memory 160 --from-image base.tar \
		--post-mount "$hook" --output nobody/layer.tar --report nobody/report.json
	[ "$status" -eq 125 ] || problem "status $status"
	grep -q "^overlayvm: guest: .*$1" err || problem "$(tail -n 1 err)"
	grep -q '"class": "guest"' nobody/report.json || problem 'not of class guest'
	is_old_output
	nothing_left
	verdict
}

# The guest may have dropped the page, and read again what was there before.
claim=disks-that-fail/writes-that-fail-once
disk write_aio 50 'file.inject-error.0.errno=5,file.inject-error.0.once=on'
fails 'a disk fails: I/O error, dev vda, sector '

claim=disks-that-fail/writes-that-fail
disk write_aio 50 'file.inject-error.0.errno=5'
fails '\(a disk fails: I/O error\|read: Input/output error\)'

# QEMU would stop the machine, and wait.
claim=disks-that-fail/no-room-on-the-host
disk write_aio 50 'file.inject-error.0.errno=28'
fails '\(a disk fails: \|read: Input/output error\)'

claim=disks-that-fail/reads-that-fail
disk read_aio 40 'file.inject-error.0.errno=5'
fails 'read: Input/output error'
