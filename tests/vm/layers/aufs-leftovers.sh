# Docker once left AUFS' own files in layers. They are skipped, but for the
# pool of hard links, from which the names get their file.
layer1() { echo 1 >file; ln file link; echo 1 >old; }
pack1() {
	mkdir -p .wh..wh.plnk .wh..wh.orph
	: >.wh..wh.aufs
	echo 1 >.wh..wh.orph/x
	ln "$name"/file .wh..wh.plnk/12.34
	put "$name" "$name"/old .wh..wh.aufs .wh..wh.orph .wh..wh.orph/x .wh..wh.plnk .wh..wh.plnk/12.34 "$name"/file "$name"/link
	rm -r .wh..wh.*
}
# umoci takes them for whiteouts.
plain1() { put_all; }
layer2() { : >.wh.old; : >.wh..wh.x; }
plain2() { put "$name" "$name"/.wh.old; }
hook() {
	[ "$(echo *)" = 'file link' ]
	[ file -ef link ]
	[ "$(<file)" = 1 ]
	[ -z "$(find .. -maxdepth 1 -name '.wh.*')" ]
}
