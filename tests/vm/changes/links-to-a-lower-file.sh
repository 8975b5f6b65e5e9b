# A hard link to a file of a lower layer is a copy of it with both names.
base1() { echo lower >file; }
hook() { ln file link; }
check() {
	[ "$(cat link)" = lower ] || problem 'another content'
	[ "$(stat -c %i file)" = "$(stat -c %i link)" ] || problem 'two files'
}
