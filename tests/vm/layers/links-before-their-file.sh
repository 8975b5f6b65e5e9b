# A hard link may come before what it is a link to.
layer1() { echo 1 >file; ln file link; ln file another; }
link_first() {
	# tar takes the first name for the file: so that is packed first, and
	# put behind the others.
	put "$name"/file "$name"/link "$name"/another >all
	head -c "$(($(wc -c <all) - 2 * $1))" all >first
	tail -c "$((2 * $1))" all
	cat first
	rm all first
}
pack1() { put "$name"; link_first 512; }
# umoci knows no such links.
plain1() { put_all; }
hook() {
	[ link -ef file ]
	[ another -ef file ]
	[ "$(<link)" = 1 ]
}
