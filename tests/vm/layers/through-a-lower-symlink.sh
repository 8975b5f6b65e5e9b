# A path through a symlink of a layer below: a directory of this layer takes
# the symlink's place, as Docker's overlay2 has it.
layer1() { mkdir -p usr/lib; echo 1 >usr/lib/old; ln -s usr/lib lib; }
layer2() { mkdir lib; echo 2 >lib/new; }
pack2() { put "$name"/lib/new; }
# umoci applies the layers in place, and so follows the symlink.
plain2() { : >"$name"/.wh.lib; put "$name"/.wh.lib; put --mode=755 --mtime=@0 "$name"/lib; put "$name"/lib/new; }
hook() {
	[ ! -L lib ]
	[ "$(cd lib && echo *)" = new ]
	[ "$(cd usr/lib && echo *)" = old ]
}
