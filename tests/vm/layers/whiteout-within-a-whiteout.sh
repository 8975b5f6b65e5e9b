# A whiteout where nothing of the layers below shows says nothing.
layer1() { mkdir -p gone/sub opaque; echo 1 >gone/sub/x; echo 1 >opaque/x; echo 1 >file; }
layer2() { mkdir -p gone/sub opaque file; : >.wh.gone; : >gone/sub/.wh.x; : >opaque/.wh..wh..opq; : >opaque/.wh.x; : >file/.wh.y; }
pack2() { put "$name"/.wh.gone "$name"/gone/sub/.wh.x "$name"/opaque{,/.wh..wh..opq,/.wh.x} "$name"/file "$name"/file/.wh.y; }
# umoci would make the directories for the second and third marker.
plain2() { put "$name"/.wh.gone "$name"/opaque{,/.wh..wh..opq} "$name"/file; }
hook() {
	[ "$(echo *)" = 'file opaque' ]
	[ -z "$(ls -A opaque)" ]
	[ -z "$(ls -A file)" ]
}
