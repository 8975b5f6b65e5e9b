# The marker of an opaque directory may come before, between and after the
# entries of the directory, and without one of the directory itself.
layer1() { mkdir first between last alone; for d in *; do echo 1 >"$d/old"; done; chmod 750 alone; }
layer2() { mkdir first between last alone; for d in *; do echo 2 >"$d/a"; echo 2 >"$d/b"; : >"$d/.wh..wh..opq"; done; }
pack2() {
	put "$name"/first{,/.wh..wh..opq,/a,/b} "$name"/between{,/a,/.wh..wh..opq,/b} \
		"$name"/last{,/a,/b,/.wh..wh..opq} "$name"/alone{/a,/.wh..wh..opq,/b}
}
hook() {
	for d in first between last alone; do
		[ "$(cd "$d" && echo *)" = 'a b' ]
	done
	[ "$(stat -c %a alone)" = 750 ]
}
