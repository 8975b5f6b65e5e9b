# A hook adds files and directories: they are in the layer as they are.
hook() {
	echo new >file
	mkdir -p deep/er
	echo more >deep/er/file
	ln -s deep/er/file link
	: >empty
}
check() {
	says file '-rw-r--r-- 0/0 *4 *'
	says deep/er/ 'drwxr-xr-x 0/0 *'
	says deep/er/file '-rw-r--r-- 0/0 *5 *'
	says link 'lrwxrwxrwx 0/0 *link -> deep/er/file'
	says empty '-rw-r--r-- 0/0 *0 *'
	[ "$(cat deep/er/file)" = more ] || problem 'another content'
}
