# What is of another type in a layer above takes the place of what was there
# and of all in it.
layer1() { echo 1 >file-dir; mkdir dir-file dir-link dir-fifo; for d in dir-*; do echo 1 >"$d/old"; done; ln -s dir-file link-dir; mkfifo fifo-dir; }
layer2() { mkdir file-dir link-dir fifo-dir; for d in *; do echo 2 >"$d/new"; done; echo 2 >dir-file; ln -s file-dir dir-link; mkfifo dir-fifo; }
layer3() { mkdir dir-file; echo 3 >dir-file/newer; }
hook() {
	for d in file-dir link-dir fifo-dir dir-link; do
		[ "$(cd "$d" && echo *)" = new ]
	done
	[ -L dir-link ]
	[ ! -L link-dir ]
	[ -p dir-fifo ]
	[ "$(cd dir-file && echo *)" = newer ]
}
