#!/bin/bash
# SPDX-License-Identifier: MIT
# show lists a layer line by line, at length, as a tree and as JSON, and knows
# what was there before when it is given the image below.
. "$(dirname "$0")/lib.sh"

python3 - <<'END' || exit 1
import io, tarfile

TIME = 1500000000

def add(tar, name, kind=tarfile.REGTYPE, mode=0o644, data=b"", link="", **more):
    info = tarfile.TarInfo(name)
    info.type, info.mode, info.size = kind, mode, len(data)
    info.linkname, info.mtime = link, TIME
    for key, value in more.items():
        setattr(info, key, value)
    tar.addfile(info, io.BytesIO(data))

with tarfile.open("lower.tar", "w", errors="surrogateescape") as tar:
    add(tar, "etc", tarfile.DIRTYPE, 0o755)
    add(tar, "etc/passwd", data=b"root\n")
    add(tar, "old", tarfile.DIRTYPE, 0o755)
    add(tar, "old/a", data=b"a")
    add(tar, "old/b", data=b"b")
with tarfile.open("layer.tar", "w", errors="surrogateescape") as tar:
    add(tar, "etc", tarfile.DIRTYPE, 0o755)
    add(tar, "etc/.wh.gone")
    add(tar, "etc/a\udcff b", data=b"x" * 1536, uid=1000, gid=70000)
    add(tar, "etc/back\\slash")
    add(tar, "etc/passwd", data=b"root\n", mode=0o4755)
    add(tar, "etc/zz", tarfile.LNKTYPE, link="etc/passwd")
    add(tar, "null", tarfile.CHRTYPE, 0o666, devmajor=1, devminor=3)
    add(tar, "old", tarfile.DIRTYPE, 0o1777)
    add(tar, "old/.wh..wh..opq")
    add(tar, "old/b", data=b"B")
    add(tar, "usr/lib/so", tarfile.SYMTYPE, 0o777, link="so.1")
END
pack_image lower-image.tar lower:1 lower.tar

# shows [WORD]...: what show prints is what stands on standard input.
shows() {
	overlayvm show "$@" >out
	[ "$status" -eq 0 ] || problem "$*: exit status $status: $(cat err)"
	diff - out >&2 || problem "$*: prints something else"
}

claim=show-forms/lines
lines='M etc
D etc/gone
A etc/a\377\ b
A etc/back\\slash
A etc/passwd
A etc/zz
A null
M old
A old/b
A usr/lib/so'
shows layer.tar <<<"$lines"
shows --lines layer.tar <<<"$lines"
for packer in gzip zstd xz bzip2; do
	"$packer" -c layer.tar >"layer.$packer"
	shows "layer.$packer" <<<"$lines"
done
verdict

claim=show-forms/what-was-there-before-is-in-the-image
shows --from-image lower-image.tar layer.tar <<'END'
M etc
D etc/gone
A etc/a\377\ b
A etc/back\\slash
M etc/passwd
A etc/zz
A null
M old
D old/a
M old/b
A usr/lib/so
END
shows --from-image docker-archive:lower-image.tar:lower:1 layer.gzip --long <<'END'
M drwxr-xr-x 0:0           - 2017-07-14T02:40:00Z etc
D -          -             - -                    etc/gone
A -rw-r--r-- 1000:70000 1536 2017-07-14T02:40:00Z etc/a\377\ b
A -rw-r--r-- 0:0           0 2017-07-14T02:40:00Z etc/back\\slash
M -rwsr-xr-x 0:0           5 2017-07-14T02:40:00Z etc/passwd
A -rw-r--r-- 0:0           - 2017-07-14T02:40:00Z etc/zz link to etc/passwd
A crw-rw-rw- 0:0         1,3 2017-07-14T02:40:00Z null
M drwxrwxrwt 0:0           - 2017-07-14T02:40:00Z old
D -          -             - -                    old/a
M -rw-r--r-- 0:0           1 2017-07-14T02:40:00Z old/b
A lrwxrwxrwx 0:0           - 2017-07-14T02:40:00Z usr/lib/so -> so.1
END
nothing_left
verdict

claim=show-forms/tree
shows --tree layer.tar <<'END'
              ./
M             |-- etc/
A    1.5 KiB  |   |-- a\377\ b
A        0 B  |   |-- back\\slash
D             |   |-- gone
A        5 B  |   |-- passwd
A             |   `-- zz link to etc/passwd
A             |-- null
M             |-- old/ (replaced)
A        1 B  |   `-- b
              `-- usr/
                  `-- lib/
A                     `-- so -> so.1

7 added, 2 changed, 1 deleted; 1.5 KiB
END
LC_ALL=C.UTF-8 shows --tree --from-image lower-image.tar lower.tar <<'END'
              ./
M             ├── etc/
M        5 B  │   └── passwd
M             └── old/
M        1 B      ├── a
M        1 B      └── b

0 added, 5 changed, 0 deleted; 7 B
END
verdict

# on_terminal [WORD]...: show, with a terminal for standard output.
on_terminal() {
	printf -v words '%q ' "$OVERLAYVM" show "$@"
	as_nobody script -qec "$words" /dev/null </dev/null | tr -d '\r' >out
}

claim=show-forms/terminals-get-a-tree-in-colours
red=$'\33[31mD\33[0m'
export TERM=xterm
unset NO_COLOR
on_terminal layer.tar
grep -qF "$red" out || problem 'not red on a terminal'
NO_COLOR=1 on_terminal layer.tar
grep -qF -- '|-- etc/' out || problem 'no tree on a terminal'
! grep -q $'\33' out || problem 'colours in spite of NO_COLOR'
NO_COLOR=1 on_terminal --color always layer.tar
grep -qF "$red" out || problem 'no colours in spite of --color always'
TERM=dumb on_terminal layer.tar
! grep -q $'\33' out || problem 'colours on a dumb terminal'
on_terminal --color never layer.tar
! grep -q $'\33' out || problem 'colours in spite of --color never'
on_terminal --lines layer.tar
[ "$(cat out)" = "$lines" ] || problem 'other lines on a terminal'
verdict

claim=show-forms/json
overlayvm show --json --from-image lower-image.tar layer.tar >out
jq -e 'length == 11' out >&2 || problem 'not eleven objects'
jq -c '.[] | select(.path != "etc" and .path != "null")' out | diff - <(
	cat <<'END'
{"path":"etc/gone","change":"deleted"}
{"path":"etc/a\\377 b","change":"added","type":"file","size":1536,"mode":"0644","uid":1000,"gid":70000,"mtime":1500000000,"escaped":["path"]}
{"path":"etc/back\\slash","change":"added","type":"file","size":0,"mode":"0644","uid":0,"gid":0,"mtime":1500000000}
{"path":"etc/passwd","change":"changed","type":"file","size":5,"mode":"4755","uid":0,"gid":0,"mtime":1500000000}
{"path":"etc/zz","change":"added","type":"hardlink","mode":"0644","uid":0,"gid":0,"mtime":1500000000,"target":"etc/passwd"}
{"path":"old","change":"changed","type":"directory","mode":"1777","uid":0,"gid":0,"mtime":1500000000,"opaque":true}
{"path":"old/a","change":"deleted"}
{"path":"old/b","change":"changed","type":"file","size":1,"mode":"0644","uid":0,"gid":0,"mtime":1500000000}
{"path":"usr/lib/so","change":"added","type":"symlink","mode":"0777","uid":0,"gid":0,"mtime":1500000000,"target":"so.1"}
END
) >&2 || problem 'other objects'
jq -ce '.[] | select(.path == "null") | [.type, .major, .minor] == ["character-device", 1, 3]' \
	out >&2 || problem 'another device'
tar -cf empty.tar -T /dev/null
overlayvm show --json empty.tar >out
jq -e '. == []' out >&2 || problem 'not an empty array'
verdict

# refused LINE [WORD]...
refused() {
	local line=$1

	shift
	overlayvm show "$@" >out
	[ "$status" -eq 125 ] || problem "$*: exit status $status"
	[ "$(cat err)" = "overlayvm: $line" ] ||
		problem "$*: says '$(cat err)' instead of '$line'"
	[ ! -s out ] || problem "$*: prints '$(head -n 1 out)'"
	nothing_left
}

claim=show-forms/what-cannot-be-shown
try="(try 'overlayvm show --help')"
refused "no layer given $try"
refused "more than one layer given $try" a b
refused "unknown option '--jsn' (did you mean '--json'? ${try#(}" --jsn x
refused "option '--color' needs a value $try" --color
refused "--color 'red' is none of: auto, always, never" --color red x
refused "--lines, --long, --tree and --json: choose one $try" --json -l x
refused "open 'x': No such file or directory" x
refused "read '/': Is a directory" /
echo text >text
refused "read 'text': not a tar archive" text
refused "open image 'x': No such file or directory" --from-image x layer.tar
head -c 2000 layer.tar >'cut'
refused "read 'cut': not a well-formed tar: it is cut off" cut
verdict
