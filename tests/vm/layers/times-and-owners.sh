# Times before 1970 and after 2106, fractions of seconds, owners beyond what an
# octal field holds; the names of owners say nothing.
layer1() {
	echo 1 >old; touch -d @-86400 old
	echo 1 >zero; touch -d @0 zero
	echo 1 >late; touch -d @5000000000 late
	echo 1 >fraction; touch -d @1000000000.123456789 fraction
	mkdir dir; touch -d @1000000001 dir
	ln -s nowhere link; touch -h -d @1000000002 link
	echo 1 >owner; chown 4294967294:4294967293 owner
	echo 1 >named
	echo 1 >base256; chown 3000000:3000001 base256
	touch -d @1000000003 owner named base256
}
pack1() {
	put "$name" "$name"/{dir,fraction,late,link,old,owner,zero}
	entries --format=pax --owner=root:1234 --group=daemon:4321 "$name"/named
	entries --format=gnu "$name"/base256
}
plain1() {
	put "$name" "$name"/{dir,fraction,late,link,old,owner,zero,base256}
	put --owner=:1234 --group=:4321 "$name"/named
}
hook() {
	[ "$(stat -c %Y old zero late dir link | xargs)" = '-86400 0 5000000000 1000000001 1000000002' ]
	[ "$(stat -c %y fraction)" = '2001-09-09 01:46:40.123456789 +0000' ]
	[ "$(stat -c %u:%g owner named base256 | xargs)" = '4294967294:4294967293 1234:4321 3000000:3000001' ]
}
