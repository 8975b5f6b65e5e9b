# File capabilities, set-id bits and the sticky bit survive the owner.
layer1() {
	echo 1 >caps; chown 3:4 caps; setcap cap_net_bind_service+ep caps
	echo 1 >setuid; chown 5:6 setuid; chmod 6755 setuid
	mkdir sticky; chown 7:8 sticky; chmod 1777 sticky
}
hook() {
	[ "$(getcap caps)" = 'caps cap_net_bind_service=ep' ]
	[ "$(stat -c '%a %u:%g' setuid sticky | xargs)" = '6755 5:6 1777 7:8' ]
}
