# SPDX-License-Identifier: MIT
"""How an archive ends, and layers that are much larger than they look."""

import gzip

from .case import case
from .tar import d, entry, f, h, header, record, s, special, x

MIB = 1 << 20

case("end-none", lambda p: f(p + "f"), end=b"")
case("end-one-block", lambda p: f(p + "f"), end=bytes(512))
case("end-half-a-block", lambda p: f(p + "f"), end=bytes(256))
case("end-rubbish", lambda p: f(p + "f"), end=b"\xff" * 512)
case("end-then-rubbish", lambda p: f(p + "f"), end=bytes(1024) + b"\xff" * 512)
case("end-then-an-archive", lambda p: f(p + "f") + bytes(1024) +
     f("../escaped") + f(p + "g"))
case("end-one-block-then-an-archive", lambda p: f(p + "f") + bytes(512) +
     f(p + "g"))
case("end-within-a-header", lambda p: f(p + "f") + f(p + "g")[:300], end=b"")
case("end-within-data", lambda p: f(p + "f") + entry(
    p + "g", b"x" * 512, size=2000), end=b"")
case("end-within-padding", lambda p: header(p + "g", size=700) + b"x" * 700,
     end=b"")
case("end-within-a-pax-header", lambda p: special(
    b"x", record("comment", "c" * 400), size=2000), end=b"")
case("archive-empty", lambda p: b"", end=b"", described=False)
case("archive-of-zeros", lambda p: bytes(MIB), described=False)
case("archive-of-512-zeros", lambda p: b"", end=bytes(512), described=False)
case("archive-of-rubbish", lambda p: b"rubbish " * 1000, end=b"",
     described=False)
case("archive-within-gzip-within-gzip", lambda p: gzip.compress(
    gzip.compress(f(p + "f"), mtime=0), mtime=0), end=b"", described=False)
case("archive-is-cpio", lambda p: b"070701" + b"0" * 600, end=b"",
     described=False)


def each(count, make):
    """Parts of a layer of many entries, without having them all at once."""
    for start in range(0, count, 1000):
        yield b"".join(make(n) for n in range(start, min(start + 1000, count)))


def bomb(name, make, **options):
    case("bomb-" + name, make, alone=True, **options)


def zeros(p, size):
    yield header(p + "f", size=size)
    for _ in range(0, size, MIB):
        yield bytes(MIB)


bomb("file-of-zeros", lambda p: zeros(p, 256 * MIB), gzip=1)
bomb("trailing-zeros", lambda p: f(p + "f"), gzip=1, zeros=1 << 30)
bomb("gzip-within-gzip", lambda p: f(p + "f"), gzip=2)
bomb("1-tib", lambda p: x(
    [("GNU.sparse.size", str(1 << 40)), ("GNU.sparse.numblocks", "1"),
     ("GNU.sparse.offset", str((1 << 40) - 1)), ("GNU.sparse.numbytes", "1")],
    f(p + "f", "x")))
bomb("files", lambda p: each(100000, lambda n: f(f"{p}{n}", "")))
bomb("whiteouts", lambda p: each(100000, lambda n: f(f"{p}.wh.{n}", "")))
bomb("whiteouts-deep", lambda p: each(
    2000, lambda n: f(p + "d/" * 1000 + f".wh.{n}", "")))
bomb("opaque", lambda p: each(
    50000, lambda n: f(f"{p}{n}/.wh..wh..opq", "")))
bomb("opaque-the-same", lambda p: each(
    50000, lambda n: f(f"{p}.wh..wh..opq", "")))
bomb("hard-links", lambda p: [f(p + "f")] + list(each(
    70000, lambda n: h(f"{p}{n}", p + "f"))))
bomb("late-links", lambda p: list(each(
    70000, lambda n: h(f"{p}{n}", f"{p}{n + 1}"))) + [f(p + "70000")])
bomb("late-links-backwards", lambda p: list(each(
    20000, lambda n: h(f"{p}{20000 - n}", f"{p}{19999 - n}"))) + [f(p + "0")])
bomb("replaced", lambda p: each(50000, lambda n: f(p + "f", "")))
bomb("replaced-directory", lambda p: each(
    20000, lambda n: d(p + "d") + f(p + "d/f", "") + f(p + "d", "")))
bomb("deep", lambda p: each(
    1000, lambda n: f(p + "d/" * 1000 + f"{n}", "")))
bomb("deep-and-apart", lambda p: each(
    100, lambda n: f(p + f"{n}/" + "d/" * 1000 + "f", "")))
bomb("through-symlinks", lambda p: [d(p + "end")] + [
    s(p + f"l{n}", f"l{n - 1}" if n else "end") for n in range(40)] + list(
    each(20000, lambda n: f(f"{p}l39/{n}", ""))))
bomb("through-long-symlinks", lambda p: [d(p + "d")] + [
    s(p + f"l{n}", "./" * 2000 + (f"l{n - 1}" if n else "d"))
    for n in range(39)] + list(each(
        2000, lambda n: f(f"{p}l38/{n}", "") + f(f"{p}d/{n}", ""))))
