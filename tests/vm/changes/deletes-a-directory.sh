# A directory that a hook deletes is one whiteout.
base1() { mkdir -p dir/sub; echo 1 >dir/sub/file; }
hook() { rm -r dir; }
check() {
	deleted dir
	lacks dir/
}
