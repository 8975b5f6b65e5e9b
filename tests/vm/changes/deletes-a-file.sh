# A file that a hook deletes is a whiteout, whichever layer had it.
base1() { echo 1 >lower; mkdir dir; echo 1 >dir/inner; }
base2() { echo 2 >upper; }
hook() { rm lower upper dir/inner; }
check() {
	deleted lower
	deleted upper
	deleted dir/inner
	has dir/
}
