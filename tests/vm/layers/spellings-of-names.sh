# One path in several spellings is one path.
layer1() { mkdir -p a/b; echo 1 >a/b/dot; echo 1 >a/b/double; echo 1 >a/b/inner; echo 1 >gone; }
pack1() {
	put "$name" "$name"/a "$name"/a/b "$name"/gone
	put --transform="s,^,./," "$name"/a/b/dot
	put --transform="s,/,//,g" "$name"/a/b/double
	put --transform="s,/b,/./b," "$name"/a/b/inner
}
layer2() { : >.wh.gone; }
pack2() { put --transform="s,^,././," "$name"/.wh.gone; }
hook() {
	[ "$(cd a/b && echo *)" = 'dot double inner' ]
	[ ! -e gone ]
}
