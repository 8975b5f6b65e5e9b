# Devices and FIFOs are kept: only 0:0 is a whiteout. Sockets cannot be.
base1() { mknod old-null c 1 3; mkfifo old-fifo; }
hook() {
	mknod null c 1 3
	mknod disk b 8 1
	mkfifo fifo
	chmod 600 old-null
	rm old-fifo
	timeout 5 busybox nc -lU socket </dev/null >/dev/null 2>&1 &
	wait
}
check() {
	says null 'crw-r--r-- 0/0 *1,3 *'
	says disk 'brw-r--r-- 0/0 *8,1 *'
	says fifo 'prw-r--r-- 0/0 *'
	says old-null 'crw------- 0/0 *1,3 *'
	deleted old-fifo
	lacks .wh.null
	lacks socket
}
