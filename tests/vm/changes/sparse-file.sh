# A sparse file comes whole, its holes as zeros.
hook() { truncate -s 20M file; printf x | dd of=file bs=1 seek=10000000 conv=notrunc 2>/dev/null; }
check() {
	says file '-rw-r--r-- 0/0 *20971520 *'
	[ "$(tr -d '\0' <file)" = x ] || problem 'another content'
}
