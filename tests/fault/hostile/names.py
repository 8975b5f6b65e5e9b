# SPDX-License-Identifier: MIT
"""Names that lead outside, are none, or are more than Linux takes."""

from .case import case
from .tar import d, entry, f, h, header, pax, s, special, x


def long(p, size):
    """A path of that many bytes, in components that Linux takes."""
    rest = size - len(p)
    parts = ["n" * 200] * (rest // 201)
    left = rest - 201 * len(parts)
    return p + "/".join(parts + ["m" * left] if left else parts)[:rest]


case("dot-dot-first", lambda p: f("../escaped"))
case("dot-dot-within", lambda p: d(p + "d") + f(p + "d/../f"))
case("dot-dot-beyond", lambda p: f(p + "d/../../../escaped"))
case("dot-dot-last", lambda p: d(p + "d/.."))
case("dot-dot-alone", lambda p: d(".."))
case("dot-dot-sibling", lambda p: f("../rootfs-sibling/f"))
case("dot-dot-in-prefix-field", lambda p: f("escaped", prefix=".."))
case("dot-dot-by-pax", lambda p: x([("path", "../escaped")], f(p + "f")))
case("dot-dot-by-gnu", lambda p: special(b"L", b"../escaped\0") + f(p + "f"))
case("dot-dot-behind-backslash", lambda p: f(p + "..\\..\\f"))
case("three-dots", lambda p: f(p + ".../f") + f(p + "..f") + f(p + "f.."),
     described=False)

case("absolute", lambda p: f("/" + p + "f"))
case("absolute-two-slashes", lambda p: f("//" + p + "f"))
case("absolute-dot-dot", lambda p: f("/../escaped"))
case("absolute-prefix-field", lambda p: f("escaped", prefix="/" + p))
case("absolute-by-pax", lambda p: x([("path", "/" + p + "f")], f("f")))
case("drive-letter", lambda p: f(p + "c:\\f") + f(p + "c:/f"),
     described=False)

case("root-as-slash", lambda p: d("/"))
case("root-as-slashes", lambda p: entry("///", type=b"5", mode=0o755))
case("root-as-dot", lambda p: entry(".", type=b"5", mode=0o755))
case("root-as-dot-slash-dot", lambda p: entry("./.", type=b"5", mode=0o755))
case("root-twice", lambda p: d(".") + d("."))
case("root-is-a-file", lambda p: f("."))
case("root-is-a-symlink", lambda p: s("/.", "/etc") + f("passwd"))
case("root-is-a-symlink-as-dot", lambda p: s("./", "..") + f("escaped"))
case("root-is-a-device", lambda p: entry("./", type=b"3", minor=3, major=1))
case("root-is-a-hard-link", lambda p: f(p + "f") + h(".", p + "f"))
case("slash-is-a-file", lambda p: f("/"))

case("name-empty", lambda p: f(""))
case("name-empty-by-pax", lambda p: x([("path", "")], f(p + "f")))
case("name-empty-by-gnu", lambda p: special(b"L", b"\0") + f(p + "f"))
case("name-only-of-prefix", lambda p: f("", prefix=p + "f"))
case("name-fills-its-field", lambda p: f(p + "n" * (100 - len(p))))
case("name-and-prefix-full", lambda p: f(
    "n" * 100, prefix=p + "d" * (155 - len(p))), described=False)
case("name-ends-at-nul", lambda p: f(
    to_field(p + "f", "/../../escaped")))
case("name-spelt-with-dots", lambda p: d(p + "a") + f("./" + p + "./a//./f"))
case("name-file-with-slash", lambda p: entry(p + "f/", type=b"0", mode=0o755))
case("name-symlink-with-slash", lambda p: s(p + "l/", "x") + f(p + "f"))
case("name-link-with-slash", lambda p: f(p + "f") + h(p + "l/", p + "f"))
case("name-fifo-with-slash", lambda p: entry(p + "l/", type=b"6"))
case("name-newline", lambda p: f(p + "a\nb") + f(p + "a\n../escaped"))
case("name-escapes", lambda p: f(p + "\x1b]0;title\x07\x1b[2J\x7f"))
case("name-not-utf8", lambda p: f((p + "f").encode() + b"\xff\xfe\xc0\xaf"))
case("name-overlong-utf8-dots", lambda p: f(
    p.encode() + b"\xc0\xae\xc0\xae\xc0\xaff"))
case("name-not-utf8-by-pax", lambda p: x(
    [("path", p.encode() + b"f\xff")], f(p + "f")))
case("name-not-utf8-binary", lambda p: x(
    [("hdrcharset", "BINARY"), ("path", p.encode() + b"f\xff")], f(p + "f")))
case("name-unknown-charset", lambda p: x(
    [("hdrcharset", "ISO-IR 8859 1 1998"), ("path", p.encode() + b"f\xe4")],
    f(p + "f")))
case("name-case-and-form", lambda p: f(p + "A") + f(p + "a") +
     f(p + "\u00e4") + f(p + "a\u0308"))

case("component-255", lambda p: f(p + "n" * 255))
case("component-256", lambda p: f(p + "n" * 256))
case("component-256-directory", lambda p: f(p + "n" * 256 + "/f"))
case("component-65536", lambda p: f(p + "n" * 65536))
case("path-4000", lambda p: f(long(p, 4000)), described=False)
case("path-4095", lambda p: f(long(p, 4095)), described=False, alone=True)
case("path-4096", lambda p: f(long(p, 4096)), described=False)
case("path-1-mib", lambda p: f(long(p, 1 << 20)), described=False)
case("path-of-slashes", lambda p: f(p + "/" * 5000 + "f"))
case("depth-1000", lambda p: f(p + "d/" * 1000 + "f"))
case("depth-2030", lambda p: f(p + "d/" * 2030 + "f"), alone=True)
case("depth-100000", lambda p: f(p + "d/" * 100000 + "f"))
case("depth-1000-each-twice", lambda p: b"".join(
    d(p + "d/" * n) for n in range(1, 1000)) + f(p + "d/" * 999 + "f"))


def to_field(name, behind):
    """A name that is at its end, for those who stop at a NUL."""
    return name.encode() + b"\0" + behind.encode()
