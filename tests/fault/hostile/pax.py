# SPDX-License-Identifier: MIT
"""Pax records that say something else than the header, or are none."""

from .case import case
from .tar import d, entry, f, h, header, pax, record, s, special, x

HIDDEN = header("hidden", size=0)


def says(name, key, value, **options):
    """One record in front of a file of three bytes."""
    case("pax-" + name, lambda p: x([(key, value)], f(p + "f", "abc")) +
         f(p + "g"), **options)


def raw(name, data):
    case("pax-" + name, lambda p: pax(raw=data) + f(p + "f", "abc") +
         f(p + "g"))


says("size-same", "size", "3")
says("size-less", "size", "1")
says("size-nothing", "size", "0")
says("size-negative", "size", "-3")
says("size-most-negative", "size", "-9223372036854775808")
says("size-2-62", "size", str(1 << 62))
says("size-2-63", "size", str(1 << 63))
says("size-2-64", "size", str(1 << 64))
says("size-2-64-and-3", "size", str((1 << 64) + 3))
says("size-200-digits", "size", "1" * 200)
says("size-no-number", "size", "three")
says("size-number-and-more", "size", "3x")
says("size-hexadecimal", "size", "0x3")
says("size-fraction", "size", "3.5")
says("size-space", "size", " 3")
says("size-plus", "size", "+3")
says("size-empty", "size", "")
says("uid", "uid", "1234567")
says("uid-2-32-less-2", "uid", "4294967294")
says("uid-2-32-less-1", "uid", "4294967295")
says("uid-2-32", "uid", "4294967296")
says("uid-2-63", "uid", str(1 << 63))
says("uid-2-64", "uid", str(1 << 64))
says("uid-negative", "uid", "-1")
says("uid-no-number", "uid", "root")
says("uid-empty", "uid", "")
says("gid-negative", "gid", "-2")
says("gid-2-32", "gid", "4294967296")
says("mtime-fraction", "mtime", "1000000000.987654321")
says("mtime-fraction-long", "mtime", "1." + "9" * 5000)
says("mtime-negative", "mtime", "-1.5")
says("mtime-2-33", "mtime", str(1 << 33))
says("mtime-2-63", "mtime", str(1 << 63), alone=True)
says("mtime-2-64", "mtime", str(1 << 64), alone=True)
says("mtime-not-a-number", "mtime", "nan")
says("mtime-exponent", "mtime", "1e9")
says("mtime-empty", "mtime", "")
says("atime-and-nothing", "atime", "1")
says("unknown-key", "OVERLAYVM.x", "y")
says("equals-in-value", "comment", "a=b=c")
says("newline-in-value", "comment", "a\n11 path=g\n")
says("charset-unknown", "hdrcharset", "EBCDIC")
says("device-numbers", "SCHILY.devmajor", "1")
says("mode", "SCHILY.mode", "4777")
says("realsize", "SCHILY.realsize", str(1 << 60))
says("acl-bad", "SCHILY.acl.access", "user:root:rwx")
says("acl-number-huge", "SCHILY.acl.access",
     "user::rwx,user::rwx:99999999999,group::r--,mask::rwx,other::r--")
says("fflags", "SCHILY.fflags", "schg,uappnd")
says("xattr-no-name", "SCHILY.xattr.", "y")
says("xattr-no-space", "SCHILY.xattr.a", "y")
says("xattr-name-256", "SCHILY.xattr.user." + "n" * 251, "y")
says("xattr-of-65536", "SCHILY.xattr.user.x", "y" * 65536)
says("xattr-of-65537", "SCHILY.xattr.user.x", "y" * 65537)
says("xattr-of-900000", "SCHILY.xattr.user.x", "y" * 900000)
says("xattr-bad-base64", "LIBARCHIVE.xattr.user.x", "!!!")
says("xattr-acl-by-hand", "SCHILY.xattr.system.posix_acl_access", "rubbish")
says("xattr-system", "SCHILY.xattr.system.x", "y")
says("xattr-selinux", "SCHILY.xattr.security.selinux", "x")
says("xattr-capability-bad", "SCHILY.xattr.security.capability", "rubbish")
says("xattr-capability", "SCHILY.xattr.security.capability",
     b"\1\0\0\2\0\4\0\0" + bytes(12))
case("pax-xattr-two-values", lambda p: x(
    [("SCHILY.xattr.user.x", "1"), ("SCHILY.xattr.user.x", "2")], f(p + "f")))
case("pax-xattrs-10000", lambda p: x(
    [(f"SCHILY.xattr.user.{n:05}", "y") for n in range(10000)], f(p + "f")))
case("pax-size-for-more", lambda p: x([("size", "1024")], f(p + "f", "abc") +
     HIDDEN) + f(p + "g"))
case("pax-size-hides-a-header", lambda p: x(
    [("size", "512")], entry(p + "f", size=0)) + f(p + "hidden", "") +
    f(p + "g"))
case("pax-size-shows-a-header", lambda p: x(
    [("size", "0")], header(p + "f", size=512)) + f(p + "shown", "") +
    f(p + "g"))
case("pax-size-of-a-directory", lambda p: x([("size", "512")], d(p + "d")) +
     f(p + "hidden", "") + f(p + "g"))
case("pax-size-of-a-symlink", lambda p: x([("size", "512")], s(p + "l", "t")) +
     f(p + "hidden", "") + f(p + "g"))
case("pax-size-over-a-long-name", lambda p: x(
    [("size", "512")], special(b"L", (p + "n\0").encode()) + f(p + "f", "")) +
    f(p + "g", ""))
case("pax-path-over-a-long-name", lambda p: x(
    [("path", p + "by-pax")], special(b"L", (p + "by-gnu\0").encode()) +
    f(p + "f")))
case("pax-path-behind-a-long-name", lambda p: special(
    b"L", (p + "by-gnu\0").encode()) + x([("path", p + "by-pax")], f(p + "f")))
case("pax-path-twice", lambda p: x(
    [("path", p + "first"), ("path", p + "last")], f(p + "f")))
case("pax-path-nul", lambda p: x([("path", p + "a\0/../../b")], f(p + "f")))
case("pax-path-of-a-directory", lambda p: x([("path", p + "d")], d(p + "x")))
case("pax-path-of-a-file-as-directory", lambda p: x(
    [("path", p + "d/")], f(p + "x", "")))
case("pax-linkpath", lambda p: x([("linkpath", "by-pax")], s(p + "l", "t")))
case("pax-linkpath-empty", lambda p: x([("linkpath", "")], s(p + "l", "t")))
case("pax-linkpath-nul", lambda p: x([("linkpath", "a\0b")], s(p + "l", "t")))
case("pax-linkpath-outside", lambda p: f(p + "f") + x(
    [("linkpath", "../escaped")], h(p + "l", p + "f")))
case("pax-linkpath-of-a-file", lambda p: x(
    [("linkpath", "../escaped")], f(p + "f")))
case("pax-linkpath-of-65536", lambda p: x(
    [("linkpath", "t" * 65536)], s(p + "l", "t")))
case("pax-two-headers", lambda p: pax([("path", p + "a"), ("uid", "7")]) +
     pax([("path", p + "b")]) + f(p + "f"))
case("pax-and-no-entry", lambda p: f(p + "g") + pax([("path", p + "a")]))
case("pax-then-zeros-then-entry", lambda p: pax([("path", p + "a")]) +
     bytes(1024) + f(p + "f"))
case("pax-empty", lambda p: pax() + f(p + "f"))
case("pax-over-1-mib", lambda p: x([("comment", "c" * (1 << 20))], f(p + "f")))
case("pax-claims-2-62", lambda p: special(b"x", b"", size=1 << 62) +
     f(p + "f"))
case("pax-claims-less-than-none", lambda p: special(b"x", b"", size=-512) +
     f(p + "f"))
case("pax-headers-10000", lambda p: pax([("uid", "7")]) * 10000 + f(p + "f"))

raw("length-zero", b"0 path=x\n")
raw("length-none", b" path=x\n")
raw("length-negative", b"-9 path=x\n")
raw("length-too-small", b"3 path=x\n")
raw("length-too-large", b"999 path=x\n")
raw("length-2-64", b"18446744073709551627 path=x\n")
raw("length-1000-digits", b"1" * 1000 + b" path=x\n")
raw("length-leading-zeros", b"0000000021 comment=c\n")
raw("length-plus", b"+9 path=x\n")
raw("length-hexadecimal", b"0x9 path=x\n")
raw("no-equals", b"7 path\n")
raw("no-newline", b"8 path=x")
raw("no-key", b"5 =x\n")
raw("nul-in-key", b"12 pa\0th=xx\n")
raw("rubbish", b"\xff" * 512)
raw("zeros-behind", record("comment", "c") + bytes(100))
raw("good-then-bad", record("uid", "7") + b"bad\n")

case("global-path", lambda p: special(b"g", record("path", p + "all")) +
     f(p + "f") + f(p + "g"))
case("global-path-outside", lambda p: special(
    b"g", record("path", "../escaped")) + f(p + "f"))
case("global-size", lambda p: special(b"g", record("size", "512")) +
     f(p + "f", "") + f(p + "g", ""))
case("global-uid", lambda p: special(b"g", record("uid", "7")) + f(p + "f"))
case("global-linkpath", lambda p: special(
    b"g", record("linkpath", "../escaped")) + s(p + "l", "t"))
case("global-bad", lambda p: special(b"g", b"bad") + f(p + "f"))
case("global-2-62", lambda p: special(b"g", b"", size=1 << 62) + f(p + "f"))
case("global-between", lambda p: pax([("path", p + "by-pax")]) +
     special(b"g", record("comment", "c")) + f(p + "f"))
case("global-10000", lambda p: special(b"g", record("comment", "c")) * 10000 +
     f(p + "f"))
