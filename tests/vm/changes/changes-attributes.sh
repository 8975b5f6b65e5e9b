# Owner, mode, setuid and times alone are changes.
base1() { for f in mode owner setuid time dirmode/; do
	case $f in */) mkdir "$f" ;; *) echo 1 >"$f" ;; esac; done; }
hook() {
	chmod 0640 mode
	chown 12345:54321 owner
	chmod 4755 setuid
	touch -d @1234567890 time
	chmod 1777 dirmode
	mkdir wide
	chown 4000000000:4000000001 wide
}
check() {
	says mode '-rw-r----- 0/0 *2 *'
	says owner '-rw-r--r-- 12345/54321 *2 *'
	says setuid '-rwsr-xr-x 0/0 *2 *'
	says time '-rw-r--r-- 0/0 *2 2009-02-13 23:31:30 *'
	says dirmode/ 'drwxrwxrwt 0/0 *'
	says wide/ 'drwxr-xr-x 4000000000/4000000001 *'
}
