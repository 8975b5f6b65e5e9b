# A whiteout and an entry of one name in one layer: whichever comes first, the
# entry stays, and what is below is hidden (image-spec, layer.md: whiteouts
# speak of layers below only).
layer1() { for n in 1 2; do echo 1 >"file$n"; mkdir "dir$n" "to-file$n"; echo 1 >"dir$n/old"; echo 1 >"to-file$n/old"; ln -s file1 "link$n"; done; }
layer2() {
	for n in 1 2; do
		echo 2 >"file$n"; mkdir "dir$n"; echo 2 >"dir$n/new"; echo 2 >"to-file$n"; ln -s dir1 "link$n"
		for x in file dir to-file link; do : >".wh.$x$n"; done
	done
}
whiteout_first() { put "$name"/{.wh.,}file$1 "$name"/{.wh.dir$1,dir$1,dir$1/new} "$name"/{.wh.,}to-file$1 "$name"/{.wh.,}link$1; }
pack2() {
	whiteout_first 1
	put "$name"/{,.wh.}file2 "$name"/{dir2,dir2/new,.wh.dir2} "$name"/{,.wh.}to-file2 "$name"/{,.wh.}link2
}
# umoci 0.4.7 goes by the order in the stream, and would delete the entry.
plain2() { whiteout_first 1; whiteout_first 2; }
hook() {
	for n in 1 2; do
		[ "$(<file$n)" = 2 ]
		[ "$(cd "dir$n" && echo *)" = new ]
		[ "$(<to-file$n)" = 2 ]
		[ "$(readlink "link$n")" = dir1 ]
	done
}
