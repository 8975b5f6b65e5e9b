# A directory that is deleted and made anew is opaque: nothing old comes back.
base1() { mkdir dir; echo 1 >dir/old; mkdir plain; echo 1 >plain/file; }
hook() { rm -r dir; mkdir dir; echo 2 >dir/new; }
check() {
	says dir/.wh..wh..opq '-rw-r--r-- 0/0 *0 1970-01-01 00:00:00 *'
	has dir/new
	lacks dir/.wh.old
	lacks plain/
	[ "$(sed -n "\| $name/dir/\$|{n;p}" "$WORK/listing")" = "$(line dir/.wh..wh..opq)" ] ||
		problem 'the marker does not follow its directory'
}
