# A renamed directory is a whiteout and a whole copy, never an empty redirect.
base1() { mkdir -p old/sub; echo 1 >old/sub/file; chmod 2750 old; }
hook() { mv old new; }
check() {
	deleted old
	says new/ 'drwxr-s--- 0/0 *'
	[ "$(cat new/sub/file)" = 1 ] || problem 'the content is lost'
}
