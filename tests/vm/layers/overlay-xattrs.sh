# xattrs with which a layer could speak to overlayfs are dropped: it is the
# markers that say what is hidden.
layer1() { mkdir opaque elsewhere; echo 1 >opaque/old; echo 1 >elsewhere/x; echo 1 >file; }
layer2() {
	mkdir opaque redirected; echo 2 >opaque/new
	setfattr -n trusted.overlay.opaque -v y opaque
	setfattr -n trusted.overlay.redirect -v "elsewhere" redirected
	echo 2 >file; setfattr -n trusted.overlay.metacopy file
}
hook() {
	[ "$(cd opaque && echo *)" = 'new old' ]
	[ -z "$(ls -A redirected)" ]
	[ "$(<file)" = 2 ]
	chmod 750 opaque redirected
}
