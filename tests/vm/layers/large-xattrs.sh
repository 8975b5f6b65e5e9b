# xattrs of 60 KiB: more than a block of the scratch disk.
layer1() { echo 1 >file; }
# tar takes xattrs from the disk, and ext4 as it comes holds 4 KiB of them.
pack1() {
	put "$name"
	python3 -c '
import sys, tarfile
file = tarfile.TarInfo(sys.argv[1] + "/file")
file.mtime = 1100000001
file.size = 2
file.pax_headers = {"SCHILY.xattr.user.large": "7" * 61440}
sys.stdout.buffer.write(file.tobuf(tarfile.PAX_FORMAT))
sys.stdout.buffer.write(b"1\n" + bytes(510))' "$name"
}
# umoci could not set it on this disk either; the hook takes it away.
plain1() { put_all; }
hook() {
	[ "$(getfattr --only-values -n user.large file | wc -c)" = 61440 ]
	setfattr -x user.large file
}
