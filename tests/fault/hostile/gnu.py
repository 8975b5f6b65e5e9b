# SPDX-License-Identifier: MIT
"""What GNU tar and others before pax put into headers."""

from .case import case
from .tar import d, dev, entry, f, h, header, padded, s, special

GNU = b"ustar  \0"


def long_name(name):
    return special(b"L", name.encode() + b"\0")


def long_link(name):
    return special(b"K", name.encode() + b"\0")


case("gnu-name-twice", lambda p: long_name(p + "a") + long_name(p + "b") +
     f(p + "f"))
case("gnu-link-twice", lambda p: long_link("a") + long_link("b") +
     s(p + "l", "t"))
case("gnu-name-and-link", lambda p: long_link("t" * 150) +
     long_name(p + "n" * 150) + s(p + "l", "t"))
case("gnu-link-outside", lambda p: f(p + "f") + long_link("../escaped") +
     h(p + "l", p + "f"))
case("gnu-link-of-a-file", lambda p: long_link("../escaped") + f(p + "f"))
case("gnu-name-without-nul", lambda p: special(b"L", (p + "long").encode()) +
     f(p + "f"))
case("gnu-name-nul-within", lambda p: special(
    b"L", (p + "a\0/../../escaped\0").encode()) + f(p + "f"))
case("gnu-name-of-no-bytes", lambda p: special(b"L", b"") + f(p + "f"))
case("gnu-name-2-62", lambda p: special(b"L", b"", size=1 << 62) + f(p + "f"))
case("gnu-name-negative", lambda p: special(b"L", b"", size=-1) + f(p + "f"))
case("gnu-name-2-mib", lambda p: long_name(p + "n/" * (1 << 20)) + f(p + "f"))
case("gnu-name-and-no-entry", lambda p: f(p + "f") + long_name(p + "a"))
case("gnu-names-10000", lambda p: long_name(p + "a") * 10000 + f(p + "f"))

case("base-256-uid", lambda p: f(p + "f", uid=1 << 24))
case("base-256-uid-negative", lambda p: f(p + "f", uid=-1))
case("base-256-uid-2-32", lambda p: f(p + "f", uid=1 << 32))
case("base-256-size-negative", lambda p: header(p + "f", size=-1) + f(p + "g"))
case("base-256-size-most-negative", lambda p: header(
    p + "f", size=b"\xff" * 3 + b"\x80" + bytes(8)) + f(p + "g"))
case("base-256-size-2-63", lambda p: header(
    p + "f", size=b"\x80" + bytes(3) + b"\x80" + bytes(7)) + f(p + "g"))
case("base-256-size-2-90", lambda p: header(
    p + "f", size=b"\x84" + bytes(11)) + f(p + "g"))
case("base-256-size-2-62", lambda p: header(p + "f", size=1 << 62) +
     f(p + "g"))
case("base-256-mtime-negative", lambda p: f(p + "f", mtime=-1000))
# ext4 has no such times: in the guest they are others, and --verify says so.
case("base-256-mtime-2-40", lambda p: f(p + "f", mtime=1 << 40),
     alone=True)
case("base-256-mtime-2-62", lambda p: f(p + "f", mtime=1 << 62),
     alone=True)
case("base-256-mtime-most-negative", lambda p: f(p + "f", mtime=-(1 << 63)),
     alone=True)
case("base-256-mode", lambda p: f(p + "f", mode=0o644 | 1 << 40))
case("octal-with-spaces", lambda p: f(p + "f", "123", size=b"         3 \0"))
case("octal-without-end", lambda p: f(p + "f", "123", size=b"000000000003"))
case("octal-of-nothing", lambda p: f(p + "f", "", size=bytes(12)))
case("octal-rubbish", lambda p: f(p + "f", "123", size=b"rubbish3\0\0\0\0"))
case("octal-rubbish-behind", lambda p: f(p + "f", "123", size=b"3rubbish\0\0\0\0"))
case("octal-negative", lambda p: f(p + "f", "123", size=b"-3\0" + bytes(9)))
case("octal-digit-8", lambda p: f(p + "f", "123", uid=b"0000080\0"))

case("type-unknown", lambda p: entry(p + "f", b"abc", type=b"Z") + f(p + "g"))
case("type-not-ascii", lambda p: entry(p + "f", b"abc", type=b"\xff") +
     f(p + "g"))
case("type-contiguous", lambda p: entry(p + "f", b"abc", type=b"7"))
case("type-nul", lambda p: entry(p + "f", b"abc", type=b"\0"))
case("type-gnu-directory", lambda p: entry(
    p + "d", b"Yfile\0\0", type=b"D", magic=GNU, mode=0o755) + f(p + "g"))
case("type-gnu-volume", lambda p: entry(
    p + "name", type=b"V", magic=GNU) + f(p + "g"))
case("type-gnu-continued", lambda p: entry(
    p + "f", b"abc", type=b"M", magic=GNU) + f(p + "g"))
case("type-gnu-old-name", lambda p: entry(
    p + "f", b"abc", type=b"N", magic=GNU) + f(p + "g"))
case("type-solaris-attributes", lambda p: entry(
    "x", b"20 path=" + p.encode()[:8] + b"ab\n", type=b"X") + f(p + "g"))
case("type-solaris-acl", lambda p: entry("x", b"rubbish", type=b"A") +
     f(p + "g"))
case("type-solaris-acl-huge", lambda p: entry(
    "x", b"", size=1 << 62, type=b"A") + f(p + "g"))
case("type-mac", lambda p: f(p + "._f", b"\0\5\x16\7" + bytes(100)) +
     f(p + "f"))

case("checksum-wrong", lambda p: f(p + "f") + broken(f(p + "g")))
case("checksum-signed", lambda p: signed(f(p.encode() + b"f\xff\xff")))
case("magic-none", lambda p: f(p + "f", magic=bytes(8)))
case("magic-unknown", lambda p: f(p + "f", magic=b"rubbish!"))

case("device", lambda p: dev(p + "c", 1, 3) + dev(p + "b", 8, 0, type=b"4"))
case("device-most", lambda p: dev(p + "c", 4095, 1048575))
case("device-major-4096", lambda p: dev(p + "c", 4096, 0))
case("device-minor-2-20", lambda p: dev(p + "c", 0, 1 << 20))
case("device-minor-2-32", lambda p: dev(p + "c", 1, 1 << 32))
case("device-negative", lambda p: dev(p + "c", -1, -1))
case("device-major-2-40-block", lambda p: dev(p + "c", 1 << 40, 0, type=b"4"))
case("device-with-data", lambda p: entry(
    p + "c", b"abc", type=b"3", major=1, minor=3) + f(p + "g"))
case("fifo", lambda p: entry(p + "p", type=b"6"))
case("fifo-with-data", lambda p: entry(p + "p", b"abc", type=b"6") +
     f(p + "g"))
case("directory-with-data", lambda p: entry(
    p + "d/", b"x" * 512, type=b"5", mode=0o755) + f(p + "g"))
case("directory-with-size-only", lambda p: header(
    p + "d/", type=b"5", mode=0o755, size=512) + f(p + "hidden", "") +
    f(p + "g"))

case("mode-7777", lambda p: f(p + "f", mode=0o7777) + d(p + "d", mode=0o7777))
case("mode-with-another-type", lambda p: f(p + "f", mode=0o120777) +
     f(p + "c", mode=0o020644) + d(p + "d", mode=0o100755))
case("mode-all-ones", lambda p: f(p + "f", mode=0o7777777))
case("mode-negative", lambda p: f(p + "f", mode=-1))
case("mode-0", lambda p: d(p + "d", mode=0) + f(p + "d/f", mode=0))
case("mode-socket", lambda p: f(p + "f", mode=0o140755))
case("owner-2-32-less-2", lambda p: f(p + "f", uid=(1 << 32) - 2,
                                     gid=(1 << 32) - 2))
case("owner-2-32-less-1", lambda p: f(p + "f", uid=(1 << 32) - 1))
case("group-2-32-less-1", lambda p: f(p + "f", gid=(1 << 32) - 1))
case("mtime-0", lambda p: f(p + "f", mtime=0) + d(p + "d", mtime=0))
case("mtime-2-33-less-1", lambda p: f(p + "f", mtime=(1 << 33) - 1))


def broken(data):
    return data[:148] + b"000001\0 " + data[156:]


def signed(data):
    """The sum that some old ones made, of bytes with a sign."""
    block = bytearray(data[:512])
    block[148:156] = b" " * 8
    total = sum(n - 256 if n > 127 else n for n in block)
    block[148:156] = b"%06o\0 " % total
    return bytes(block) + padded(data[512:])
