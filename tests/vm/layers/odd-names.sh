# Names are bytes, those that a whiteout deletes as well: nothing in them is
# expanded, split or lost.
names=('a b' $'new\nline' '$(touch INJECTED)' '"quo'\''te`' -rf $'\xff\xfe' $'tab\there'
	'back\slash' '*' '[x]' 'dots..' '...' a.wh.b .whb wh. ' ' $'\x01' $'gr\xc3\xbc\xc3\x9fe')
layer1() {
	local x
	for x in "${names[@]}"; do echo 1 >"$x"; echo 1 >"$x gone"; mkdir -- "$x dir"; echo 1 >"$x dir/$x"; done
}
layer2() {
	local x
	for x in "${names[@]}"; do : >".wh.$x gone"; mkdir -- "$x dir"; : >"$x dir/.wh.$x"; echo 2 >"$x dir/$x 2"; done
}
put_names() { all | put --no-unquote --null -T -; }
pack1() { put_names; }
pack2() { put_names; }
hook() {
	[ -z "$(find . -name '* gone')" ]
	[ "$(find . -type f -printf x)" = "$(printf %036d | tr 0 x)" ]
	[ "$(<'$(touch INJECTED)')" = 1 ]
	[ "$(<$'\xff\xfe dir/\xff\xfe 2')" = 2 ]
	[ -z "$(find . -name INJECTED)" ]
	rm -- -rf $'new\nline' $'\xff\xfe'
}
