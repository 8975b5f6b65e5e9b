# A file that a hook changes is in the layer whole.
base1() { echo old >file; echo old >untouched; }
hook() { echo more >>file; }
check() {
	[ "$(cat file)" = $'old\nmore' ] || problem 'another content'
	lacks untouched
}
