# A directory without an entry has the attributes it has below; one that no
# layer describes is root's, 0755, of 1970.
layer1() {
	mkdir -p with/attributes/deep whiteout/only
	echo 1 >whiteout/only/old
	chmod 3751 with/attributes
	chown 7:8 with/attributes
	setfattr -n user.kept -v yes with/attributes
	chmod 700 whiteout/only
	touch -d @1000000007 with/attributes whiteout/only
}
layer2() { mkdir -p with/attributes/deep whiteout/only; echo 2 >with/attributes/deep/new; : >whiteout/only/.wh.old; }
pack2() { put "$name"/with/attributes/deep/new "$name"/whiteout/only/.wh.old; }
layer3() { mkdir -p un/known; echo 3 >un/known/file; chmod 700 un/known; chown 5:5 un; }
pack3() { put "$name"/un/known/file; }
# umoci makes them with the time of today.
plain3() { put --mode=755 --owner=0 --group=0 --mtime=@0 "$name"/un "$name"/un/known; put "$name"/un/known/file; }
hook() {
	[ "$(stat -c '%a %u:%g %Y' with/attributes)" = '3751 7:8 1000000007' ]
	[ "$(getfattr --only-values -n user.kept with/attributes)" = yes ]
	[ "$(stat -c '%a %Y' whiteout/only)" = '700 1000000007' ]
	[ "$(stat -c '%a %u:%g %Y' un un/known | uniq)" = '755 0:0 0' ]
	echo 4 >with/attributes/deep/newer
}
