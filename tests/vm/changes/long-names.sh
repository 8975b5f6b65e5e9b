# Names of 250 bytes, and paths that no plain tar header can hold.
hook() {
	local name
	name=$(printf '%0250d' 0)
	echo 1 >"$name"
	mkdir -p "d$name/$name/$name"
	echo 1 >"d$name/$name/$name/file"
}
check() {
	local name
	name=$(printf '%0250d' 0)
	[ -f "$name" ] || problem 'the long name is lost'
	[ -f "d$name/$name/$name/file" ] || problem 'the long path is lost'
}
