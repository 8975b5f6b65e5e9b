# An opaque directory hides what is in it below, and nothing of its own layer
# or of those above.
layer1() { mkdir -p d/sub e/sub/deep f; echo 1 >d/old; echo 1 >d/sub/old; echo 1 >e/sub/deep/old; echo 1 >e/kept; echo 1 >f/old; }
layer2() { mkdir -p d e/sub; : >d/.wh..wh..opq; echo 2 >d/middle; : >e/sub/.wh..wh..opq; echo 2 >e/sub/middle; echo 2 >f; }
layer3() { mkdir -p d/sub e/sub f; echo 3 >d/new; echo 3 >d/sub/new; : >e/sub/.wh.middle; : >f/.wh..wh..opq; echo 3 >f/new; }
hook() {
	[ "$(cd d && echo *)" = 'middle new sub' ]
	[ "$(cd d/sub && echo *)" = new ]
	[ "$(cd e && echo *)" = 'kept sub' ]
	[ -z "$(ls -A e/sub)" ]
	[ "$(cd f && echo *)" = new ]
	rm -r d/sub
	mkdir d/sub
	echo 4 >d/sub/old
}
