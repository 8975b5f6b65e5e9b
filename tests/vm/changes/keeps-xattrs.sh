# File capabilities, user xattrs and ACLs survive, on old files and new.
base1() { echo 1 >old; setfattr -n user.old -v kept old; }
hook() {
	echo 1 >caps
	setcap cap_net_bind_service+ep caps
	echo 2 >>old
	setfattr -n user.new -v 'with = and space' old
	echo 1 >binary
	setfattr -n user.binary -v 0x0001ff0a binary
	mkdir acl
	setfacl -m u:1234:rwx,d:u:1234:rx acl
	echo 1 >large
	setfattr -n user.large -v "$(printf '%03000d' 7)" large
}
check() {
	[ "$(getcap caps)" = 'caps cap_net_bind_service=ep' ] ||
		problem "capability: $(getcap caps)"
	[ "$(getfattr --only-values -n user.old old)" = kept ] ||
		problem 'user.old is lost'
	[ "$(getfattr --only-values -n user.new old)" = 'with = and space' ] ||
		problem 'user.new is lost'
	[ "$(getfattr -e hex -n user.binary binary | grep =)" = user.binary=0x0001ff0a ] ||
		problem 'user.binary is lost'
	getfacl -n acl 2>/dev/null | grep -qx 'user:1234:rwx' ||
		problem 'the ACL is lost'
	getfacl -n acl 2>/dev/null | grep -qx 'default:user:1234:r-x' ||
		problem 'the default ACL is lost'
	[ "$(getfattr --only-values -n user.large large | wc -c)" = 3000 ] ||
		problem 'user.large is lost'
	! getfattr -m - -dR . 2>/dev/null | grep trusted.overlay ||
		problem "overlayfs' own xattrs are in the layer"
}
