# What the upper base layer hides is hidden in the merged tree, in either
# spelling of the markers and whatever their order; hooks see the rest.
base1() {
	echo 1 >hidden
	echo 1 >visible
	mkdir opaque kept
	echo 1 >opaque/old
	echo 1 >kept/old
	mkdir both
	echo 1 >both/old
}
base2() {
	: >.wh.hidden
	mkdir opaque
	: >opaque/.wh..wh..opq
	echo 2 >opaque/new
	: >.wh.both
	mkdir both
	echo 2 >both/new
}
hook() {
	[ "$(echo *)" = 'both kept opaque visible' ]
	[ "$(echo opaque/*)" = opaque/new ]
	[ "$(echo both/*)" = both/new ]
	[ "$(echo kept/*)" = kept/old ]
	echo 3 >hidden
	echo 3 >opaque/old
}
check() { has hidden; has opaque/old; lacks .wh.hidden; lacks opaque/.wh..wh..opq; lacks kept/; }
