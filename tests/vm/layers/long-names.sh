# Names, targets of links and whole paths longer than the fields of a header.
layer1() {
	local component deep

	component=$(printf %0255d 7)
	echo 1 >"$component"
	ln "$component" a-link
	ln -s "$(printf %0300d 8)" symlink
	deep=$(printf "%0200d/" 1 2 3 4 5 6 7 8 9 10)
	mkdir -p "$deep"
	echo 1 >"$deep/file"
	echo 1 >"$deep/gone"
	echo 1 >"$(printf %0251d 6)"
}
layer2() {
	local deep

	deep=$(printf "%0200d/" 1 2 3 4 5 6 7 8 9 10)
	mkdir -p "$deep"
	: >"$deep/.wh.gone"
	: >".wh.$(printf %0251d 6)"
}
pack2() { all | entries --format=gnu --numeric-owner --null -T -; }
hook() {
	component=$(printf %0255d 7)
	[ "$(<$component)" = 1 ]
	[ "$component" -ef a-link ]
	[ "$(readlink symlink | wc -c)" = 301 ]
	[ "$(find . -name file | wc -c)" = 2017 ]
	[ -z "$(find . -name gone)" ]
	[ ! -e "$(printf %0251d 6)" ]
}
