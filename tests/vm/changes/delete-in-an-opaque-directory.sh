# Deleting what an opaque directory of the base has is one more whiteout.
base1() { mkdir dir; echo 1 >dir/lower; }
base2() { mkdir dir; : >dir/.wh..wh..opq; echo 2 >dir/file; }
hook() { rm dir/file; }
check() { deleted dir/file; lacks dir/.wh.lower; }
