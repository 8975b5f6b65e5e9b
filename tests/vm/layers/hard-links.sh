# Names of one file are names of one file, across directories; a layer above
# replaces or deletes one of them.
layer1() { mkdir a b; echo 1 >a/one; ln a/one b/two; ln a/one three; echo 1 >pair; ln pair other; ln -s nowhere soft; ln soft soft2; mkfifo pipe; ln pipe pipe2; }
layer2() { echo 2 >pair; mkdir a; : >a/.wh.one; }
hook() {
	[ b/two -ef three ]
	[ ! -e a/one ]
	[ "$(<other)" = 1 ]
	[ "$(<pair)" = 2 ]
	[ "$(readlink soft2)" = nowhere ]
	echo 4 >>three
}
