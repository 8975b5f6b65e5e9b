# SPDX-License-Identifier: MIT
"""Whiteouts that hide nothing, everything, or what they must not."""

from .case import case
from .tar import d, dev, entry, f, h, s, x

OPAQUE = ".wh..wh..opq"


def lower(p):
    """What there is to hide."""
    return (d(p + "d") + f(p + "d/f", "d/f\n") + d(p + "d/sub") +
            f(p + "d/sub/g", "d/sub/g\n") + f(p + "f", "f\n") +
            f(p + "keep", "keep\n"))


def over(name, make, **options):
    case("whiteout-" + name, make, below=lower, **options)


def wh(name, data=""):
    return f(name, data, mode=0)


over("of-nothing", lambda p: wh(p + ".wh."))
over("of-dot", lambda p: wh(p + ".wh.."))
over("of-dot-dot", lambda p: wh(p + ".wh..."))
over("of-three-dots", lambda p: wh(p + ".wh....") + f(p + "g"))
over("of-nothing-at-the-root", lambda p: wh(".wh."))
over("of-dot-at-the-root", lambda p: wh(".wh.."))
over("of-dot-dot-at-the-root", lambda p: wh(".wh..."))
over("of-nothing-as-directory", lambda p: d(p + ".wh."))
over("of-dot-by-pax", lambda p: x([("path", p + ".wh..")], wh(p + "f")))
over("outside", lambda p: wh("../.wh.f"))
over("outside-later", lambda p: wh(p + "d/../../.wh.f"))
over("absolute", lambda p: wh("/" + p + ".wh.f"))
over("with-dot-dot-behind", lambda p: d(p + ".wh.d/.."))
over("as-a-parent", lambda p: f(p + ".wh.d/f"))
over("as-a-parent-of-a-marker", lambda p: wh(p + ".wh.d/.wh.f"))
over("opaque-as-a-parent", lambda p: f(p + "d/" + OPAQUE + "/f"))
over("of-what-is-not-there", lambda p: wh(p + ".wh.nothing") +
     wh(p + ".wh.no\nthing"))
over("in-a-missing-directory", lambda p: wh(p + "new/.wh.f"))
over("twice", lambda p: wh(p + ".wh.f") + wh(p + ".wh.f"))
over("then-entry", lambda p: wh(p + ".wh.f") + f(p + "f", "new\n"))
over("after-entry", lambda p: f(p + "f", "new\n") + wh(p + ".wh.f"))
over("after-directory", lambda p: d(p + "d") + f(p + "d/new") +
     wh(p + ".wh.d"))
over("then-below", lambda p: wh(p + ".wh.d") + wh(p + "d/.wh.f"))
over("below-first", lambda p: wh(p + "d/.wh.f") + wh(p + ".wh.d"))
over("then-file-below", lambda p: wh(p + ".wh.d") + f(p + "d/new"))
over("below-a-file", lambda p: f(p + "d", "now a file\n") +
     wh(p + "d/.wh.f"))
over("below-a-fifo", lambda p: entry(p + "d", type=b"6") +
     wh(p + "d/" + OPAQUE))
over("by-symlink", lambda p: s(p + "l", "d") + wh(p + "l/.wh.f"))
over("by-symlink-up", lambda p: s(p + "l", "../" * 12 + p + "d") +
     wh(p + "l/.wh.f"))
over("by-symlink-to-root", lambda p: s(p + "l", "/") +
     wh(p + "l/" + p + ".wh.f"))
over("by-dangling-symlink", lambda p: s(p + "l", "nowhere") +
     wh(p + "l/.wh.f"))
over("by-looping-symlink", lambda p: s(p + "l", "l") + wh(p + "l/.wh.f"))
over("of-a-symlink-in-use", lambda p: s(p + "l", "d") + f(p + "l/g") +
     wh(p + ".wh.l"))
over("of-its-parent-by-symlink", lambda p: s(p + "d", ".") +
     wh(p + "d/.wh.d"))
over("of-its-own-case", lambda p: wh("./" + ".wh." + p.rstrip("/")))
over("is-a-directory", lambda p: d(p + ".wh.f"))
over("is-a-directory-with-files", lambda p: d(p + ".wh.f") +
     f(p + ".wh.f/x"))
over("is-a-symlink", lambda p: s(p + ".wh.f", "/etc/passwd"))
over("is-a-symlink-written-through", lambda p: s(p + ".wh.f", "d") +
     f(p + ".wh.f/x"))
over("is-a-hard-link", lambda p: h(p + ".wh.f", p + "keep"))
over("is-a-hard-link-outside", lambda p: h(p + ".wh.f", "../escaped"))
over("is-a-fifo", lambda p: entry(p + ".wh.f", type=b"6"))
over("is-a-device", lambda p: dev(p + ".wh.f", 1, 3))
over("is-a-device-out-of-range", lambda p: dev(p + ".wh.f", -1, 1 << 40))
over("with-data", lambda p: wh(p + ".wh.f", "x" * 10000) + f(p + "g"))
over("with-setuid", lambda p: f(p + ".wh.f", "", mode=0o6777, uid=1 << 40))
over("of-255", lambda p: wh(p + ".wh." + "n" * 255))
over("of-256", lambda p: wh(p + ".wh." + "n" * 256))
over("other-case", lambda p: f(p + ".WH.f") + f(p + ".Wh..Wh..Opq"))
over("with-slash", lambda p: entry(p + ".wh.f/", mode=0))
over("of-not-utf8", lambda p: wh(p.encode() + b".wh.f\xff"))
over("device-by-hand", lambda p: dev(p + "f", 0, 0))
over("block-device-by-hand", lambda p: dev(p + "f", 0, 0, type=b"4"))
over("device-by-hand-256", lambda p: dev(p + "f", 1 << 12, 1 << 20))

over("opaque", lambda p: d(p + "d") + wh(p + "d/" + OPAQUE) + f(p + "d/new"))
over("opaque-last", lambda p: d(p + "d") + f(p + "d/new") + d(p + "d/sub") +
     wh(p + "d/" + OPAQUE))
over("opaque-twice", lambda p: d(p + "d") + wh(p + "d/" + OPAQUE) +
     wh(p + "d/" + OPAQUE))
over("opaque-and-plain", lambda p: d(p + "d") + wh(p + "d/" + OPAQUE) +
     wh(p + "d/.wh.f") + f(p + "d/new"))
over("opaque-of-the-missing", lambda p: wh(p + "nothing/" + OPAQUE))
over("opaque-by-symlink", lambda p: s(p + "l", "d") + wh(p + "l/" + OPAQUE))
over("opaque-is-a-directory", lambda p: d(p + "d") + d(p + "d/" + OPAQUE))
over("opaque-is-a-symlink", lambda p: d(p + "d") + s(p + "d/" + OPAQUE, "/"))
over("opaque-within-opaque", lambda p: d(p + "d") + wh(p + "d/" + OPAQUE) +
     d(p + "d/sub") + wh(p + "d/sub/" + OPAQUE))
over("opaque-on-a-replaced-directory", lambda p: d(p + "d") +
     wh(p + "d/" + OPAQUE) + f(p + "d", "file\n"))
over("opaque-at-the-root", lambda p: wh(OPAQUE) + f(p + "new"), alone=True)

over("of-a-whiteout", lambda p: wh(p + ".wh..wh.f") + f(p + "g"))
over("aufs", lambda p: wh(".wh..wh.aufs") + d(".wh..wh.orph") +
     d(".wh..wh.plnk"))
over("aufs-pool", lambda p: d(".wh..wh.plnk") +
     f(".wh..wh.plnk/1.2", "pool\n") + h(p + "l", ".wh..wh.plnk/1.2"))
over("aufs-pool-outside", lambda p: f(".wh..wh.plnk/../escaped"))
over("aufs-pool-by-symlink", lambda p: s(".wh..wh.plnk", p + "d") +
     f(".wh..wh.plnk/new"))
over("aufs-below", lambda p: f(p + ".wh..wh.x/f"))

for name in ("opaque", "whiteout", "redirect", "metacopy", "origin", "upper",
             "nlink", "impure", "protattr", "uuid", "overlay.opaque",
             "overlay.whiteout"):
    for space in ("trusted", "user"):
        case(f"xattr-{space}-{name}", lambda p, key=f"{space}.overlay.{name}":
             x([("SCHILY.xattr." + key, "/d" if "redirect" in key else "y")],
               d(p + "d")) +
             x([("SCHILY.xattr." + key, "y")], f(p + "f", "")), below=lower)
case("xattr-overlay-in-base64", lambda p: x(
    [("LIBARCHIVE.xattr.trusted.overlay.opaque", "eQ")], d(p + "d")),
    below=lower)
case("xattr-overlay-escaped", lambda p: x(
    [("LIBARCHIVE.xattr.%74rusted.overlay.opaque", "eQ")], d(p + "d")),
    below=lower)
case("xattr-overlay-on-the-root", lambda p: x(
    [("SCHILY.xattr.trusted.overlay.opaque", "y")], d("./")), below=lower)
