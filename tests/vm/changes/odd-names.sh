# Names are bytes: nothing in them is expanded, split or lost.
base1() {
	echo 1 >'a b'
	echo 1 >$'new\nline'
	echo 1 >'$(touch INJECTED)'
	echo 1 >'"quo'\''te`'
	echo 1 >-rf
	echo 1 >$'\xff\xfe'
	echo 1 >$'tab\there'
	mkdir 'dir with $(touch INJECTED) in it'
	echo 1 >'dir with $(touch INJECTED) in it/gone'
}
hook() {
	rm -- 'a b' $'new\nline' '$(touch INJECTED)' '"quo'\''te`' -rf
	rm -- $'\xff\xfe' $'tab\there' 'dir with $(touch INJECTED) in it/gone'
	echo 2 >' '
	echo 2 >$'two\n\nlines'
	echo 2 >'$(touch INJECTED2)'
	echo 2 >$'\x80\x01'
	echo 2 >$'gr\xc3\xbc\xc3\x9fe'
	echo 2 >'back\slash'
}
check() {
	local found

	found=$(find . -name INJECTED -o -name INJECTED2)
	[ -z "$found" ] || problem "found $found: a name was run"
	for file in '.wh.a b' $'.wh.new\nline' '.wh.$(touch INJECTED)' \
		'.wh."quo'\''te`' .wh.-rf $'.wh.\xff\xfe' $'.wh.tab\there' \
		'dir with $(touch INJECTED) in it/.wh.gone' ' ' \
		$'two\n\nlines' '$(touch INJECTED2)' $'\x80\x01' \
		$'gr\xc3\xbc\xc3\x9fe' 'back\slash'; do
		[ -f "$file" ] || problem "no file $(printf %q "$file")"
	done
}
