# A whiteout deletes what any layer below has, and a layer above can make it
# anew; what it deletes need not be there.
layer1() { echo 1 >gone; echo 1 >again; mkdir -p dir/sub below; echo 1 >dir/sub/old; echo 1 >below/old; }
layer2() { : >.wh.gone; : >.wh.again; : >.wh.dir; : >.wh.never; echo 2 >fleeting; }
layer3() { echo 3 >again; mkdir -p dir below; echo 3 >dir/new; : >.wh.fleeting; : >below/.wh.old; }
hook() {
	[ "$(echo *)" = 'again below dir' ]
	[ "$(<again)" = 3 ]
	[ "$(cd dir && echo *)" = new ]
	[ -z "$(ls -A below)" ]
	rm again dir/new
	mkdir fleeting
}
