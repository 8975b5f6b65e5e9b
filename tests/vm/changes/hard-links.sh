# Names of one file stay one file; the first in order has the content.
hook() {
	echo linked >b
	ln b a
	mkdir z
	ln b z/c
}
check() {
	says a '-rw-r--r-- 0/0 *7 *'
	says b 'hrw-r--r-- 0/0 *link to hard-links/a'
	says z/c 'hrw-r--r-- 0/0 *link to hard-links/a'
	[ "$(stat -c %h a)" = 3 ] || problem "$(stat -c %h a) names"
}
