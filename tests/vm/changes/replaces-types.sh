# A file becomes a directory, a directory a file, a link a file.
base1() {
	echo 1 >file-to-dir
	mkdir dir-to-file
	echo 1 >dir-to-file/inner
	ln -s nowhere link-to-file
	mkdir dir-to-link
	echo 1 >dir-to-link/inner
}
hook() {
	rm -r file-to-dir dir-to-file link-to-file dir-to-link
	mkdir file-to-dir
	echo 2 >file-to-dir/inner
	echo 2 >dir-to-file
	echo 2 >link-to-file
	ln -s elsewhere dir-to-link
}
check() {
	has file-to-dir/inner
	says dir-to-file '-rw-r--r-- *'
	says link-to-file '-rw-r--r-- *'
	says dir-to-link 'l*-> elsewhere'
	lacks dir-to-file/inner
	lacks .wh.dir-to-file
}
