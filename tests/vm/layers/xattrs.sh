# xattrs of files, directories, symlinks and devices, whole, in both dialects.
layer1() {
	echo 1 >file
	setfattr -n user.text -v 'with = and space' file
	setfattr -n user.binary -v 0x0001ff0a00 file
	setfattr -n user.empty file
	setfattr -n user.large -v "$(printf %03000d 7)" file
	mkdir dir; setfattr -n trusted.mine -v 1 dir
	ln -s nowhere link; setfattr -h -n trusted.mine -v 2 link
	mknod null c 1 3; setfattr -n trusted.mine -v 3 null
	echo 1 >libarchive; setfattr -n user.text -v 'of bsdtar' libarchive
}
pack1() {
	put "$name" "$name"/{dir,file,link,null}
	bsdtar -b1 --format=pax --xattrs -nc -f - "$name"/libarchive | head -c -1024
}
layer2() { mkdir dir; setfattr -n user.other -v 2 dir; }
hook() {
	[ "$(getfattr --only-values -n user.text file)" = 'with = and space' ]
	[ "$(getfattr -e hex -n user.binary file | grep =)" = user.binary=0x0001ff0a00 ]
	[ "$(getfattr --only-values -n user.large file | wc -c)" = 3000 ]
	[ "$(getfattr --absolute-names -m - -d file | grep -c ^user.empty)" = 1 ]
	[ "$(getfattr -h --only-values -n trusted.mine link)" = 2 ]
	[ "$(getfattr --only-values -n trusted.mine null)" = 3 ]
	[ "$(getfattr --only-values -n user.text libarchive)" = 'of bsdtar' ]
	# An entry of a layer above brings its own, and no others.
	[ "$(getfattr --only-values -n user.other dir)" = 2 ]
	! getfattr -n trusted.mine dir 2>/dev/null || false
	setfattr -n user.hook -v 4 file
	# Go, and so umoci, takes an xattr without a value for none.
	setfattr -x user.empty file
}
