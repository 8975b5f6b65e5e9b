# Of two entries of one path the later one counts.
layer1() { mkdir dir dir-file file-dir; echo 1 >file; chmod 700 dir; echo 1 >dir/kept; echo 1 >dir-file/gone; echo 1 >file-dir/new; }
pack1() {
	put "$name" "$name"/file "$name"/dir "$name"/dir/kept "$name"/dir-file "$name"/dir-file/gone
	put --transform=s,/file,/file-dir, "$name"/file
	chmod 751 "$name"/dir
	echo later >"$name"/file
	touch -d @1000000009 "$name"/file "$name"/dir
	put "$name"/file "$name"/dir "$name"/file-dir "$name"/file-dir/new
	put --transform=s,/file,/dir-file, "$name"/file
}
hook() {
	[ "$(<file)" = later ]
	[ "$(stat -c '%a %Y' dir)" = '751 1000000009' ]
	[ "$(<dir/kept)" = 1 ]
	[ "$(<dir-file)" = later ]
	[ "$(<file-dir/new)" = 1 ]
}
