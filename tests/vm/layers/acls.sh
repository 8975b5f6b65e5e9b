# ACLs come as text and as xattrs.
layer1() {
	for form in text xattr; do
		mkdir "dir-$form"; echo 1 >"file-$form"
		setfacl -m u:1234:rwx,g:4321:r,d:u:1234:rx "dir-$form"
		setfacl -m u:1234:rw,m::r "file-$form"
	done
}
pack1() {
	put "$name" "$name"/{dir,file}-xattr
	put --acls --no-xattrs "$name"/{dir,file}-text
}
# umoci knows the xattr only.
plain1() { put_all; }
hook() {
	for form in text xattr; do
		getfacl -n "dir-$form" 2>/dev/null >acl
		grep -qx 'user:1234:rwx' acl
		grep -qx 'group:4321:r--' acl
		grep -qx 'default:user:1234:r-x' acl
		getfacl -n "file-$form" 2>/dev/null >acl
		grep -q '^user:1234:rw-' acl
		grep -qx 'mask::r--' acl
	done
	rm acl
}
