# A path through a symlink of the same layer is one to what it points to,
# within the layer: not to what an absolute target is outside of it.
layer1() { mkdir -p usr/bin; echo 1 >usr/bin/old; }
layer2() {
	mkdir -p usr/bin; echo 2 >usr/bin/new; echo 2 >usr/bin/up; echo 2 >usr/bin/absolute
	ln -s usr/bin bin; ln -s ../../../../../../../"$name"/usr/bin up; ln -s "/$name/usr/bin" absolute
}
pack2() {
	put "$name"/usr "$name"/usr/bin "$name"/bin "$name"/up "$name"/absolute
	put --transform="s,/usr/bin/new,/bin/new,;s,/usr/bin/up,/up/up,;s,/usr/bin/absolute,/absolute/absolute,"\
 "$name"/usr/bin/{new,up,absolute}
}
hook() {
	[ -L bin ]
	[ "$(cd usr/bin && echo *)" = 'absolute new old up' ]
}
