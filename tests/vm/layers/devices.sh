# Devices with large numbers, FIFOs; a whiteout of a device; a device in the
# place of a file.
layer1() { mknod null c 1 3; mknod large b 259 1048575; mknod gone c 1 5; mkfifo -m 640 pipe; echo 1 >file; }
layer2() { : >.wh.gone; mknod file b 8 1; chown 0:6 file; chmod 660 file; }
hook() {
	[ "$(echo *)" = 'file large null pipe' ]
	[ "$(stat -c '%F %t:%T' null)" = 'character special file 1:3' ]
	[ "$(stat -c '%F %t:%T' large)" = 'block special file 103:fffff' ]
	[ "$(stat -c '%F %a %u:%g' file)" = 'block special file 660 0:6' ]
	[ -p pipe ]
	rm null
}
