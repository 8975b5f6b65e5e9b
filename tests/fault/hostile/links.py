# SPDX-License-Identifier: MIT
"""Symlinks and hard links, and what would be written through them."""

from .case import case
from .tar import d, dev, entry, f, h, header, s, x

UP = "../" * 12


def victim(p):
    """What must stay as it is."""
    return d(p + "victim", mode=0o750) + f(p + "victim/f", "victim\n")


def chain(p, hops):
    return d(p + "end") + b"".join(
        s(p + f"l{n}", f"l{n - 1}" if n else "end") for n in range(hops))


case("symlink-write-absolute", lambda p: d(p + "d") + s(p + "l", "/" + p + "d") +
     f(p + "l/f"))
case("symlink-write-up", lambda p: d(p + "d") + s(p + "l", UP + p + "d") +
     f(p + "l/f"))
case("symlink-write-over", lambda p: victim(p) + s(p + "l", "victim/f") +
     f(p + "l", "new\n"))
case("symlink-write-to-itself-up", lambda p: s(p + "l", "..") +
     f(p + "l/" + p + "f"))
case("symlink-two-hops", lambda p: victim(p) + d(p + "inner") +
     s(p + "inner/up", "..") + s(p + "inner/up/escape", UP + p + "victim") +
     f(p + "escape/f", "written\n"))
case("symlink-two-hops-root", lambda p: s(p + "a", "/") +
     s(p + "b", "a/" + p + "c") + d(p + "c") + f(p + "b/f"))
case("symlink-sibling-prefix", lambda p: d(p + "d") + d(p + "d-more") +
     s(p + "l", "d/../d-more") + f(p + "l/f"))
case("symlink-proc", lambda p: s(p + "l", "/proc/self/root/") +
     f(p + "l/escaped"), alone=True)
case("symlink-proc-descriptor", lambda p: s(p + "l", "/proc/self/fd/") +
     f(p + "l/1"), alone=True)
case("symlink-dangling", lambda p: s(p + "l", "nowhere") + f(p + "l/f"))
case("symlink-loop", lambda p: s(p + "a", "b") + s(p + "b", "a") +
     f(p + "a/f"))
case("symlink-to-itself", lambda p: s(p + "l", "l") + f(p + "l/f"))
case("symlink-40-hops", lambda p: chain(p, 40) + f(p + "l39/f"))
case("symlink-41-hops", lambda p: chain(p, 41) + f(p + "l40/f"))
case("symlink-doubling", lambda p: d(p + "d") + s(p + "l0", "d") + b"".join(
    s(p + f"l{n}", f"l{n - 1}/../l{n - 1}") for n in range(1, 60)) +
    f(p + "l59/f"))
case("symlink-long-targets", lambda p: d(p + "d") + b"".join(
    s(p + f"l{n}", "./" * 2000 + (f"l{n - 1}" if n else "d"))
    for n in range(39)) + f(p + "l38/f"))
case("symlink-target-empty", lambda p: s(p + "l", ""))
case("symlink-target-4095", lambda p: s(p + "l", "t" * 4095))
case("symlink-target-4096", lambda p: s(p + "l", "t" * 4096))
case("symlink-target-nul", lambda p: s(p + "l", b"a\0b"))
case("symlink-target-not-utf8", lambda p: s(p + "l", b"\xff\xfe\n\x1b[2J"))
case("symlink-with-data", lambda p: entry(
    p + "l", b"x" * 512, type=b"2", link="x") + f(p + "f"))
case("symlink-of-the-layer-below", lambda p: f(p + "l/f", "new\n"),
     below=lambda p: victim(p) + s(p + "l", "victim"))
case("symlink-out-of-the-layer-below", lambda p: d(p + "l") + f(p + "l/f"),
     below=lambda p: s(p + "l", UP + "tmp"))

case("hard-link-outside", lambda p: h(p + "l", "../escaped"))
case("hard-link-outside-later", lambda p: h(p + "l", p + "d/../../../f"))
case("hard-link-outside-absolute", lambda p: h(p + "l", "/etc/passwd"))
case("hard-link-outside-by-symlink", lambda p: s(p + "up", UP) +
     h(p + "l", p + "up/etc/passwd"))
case("hard-link-absolute", lambda p: f(p + "f") + h(p + "l", "/" + p + "f"))
case("hard-link-by-symlink", lambda p: d(p + "d") + f(p + "d/f") +
     s(p + "s", "/" + p + "d") + h(p + "l", p + "s/f"))
case("hard-link-to-symlink", lambda p: victim(p) + s(p + "s", "victim/f") +
     h(p + "l", p + "s", mode=0o4777))
case("hard-link-to-symlink-write", lambda p: victim(p) +
     s(p + "s", "victim") + h(p + "l", p + "s") + f(p + "l/f", "written\n"))
case("hard-link-to-symlink-chmod", lambda p: victim(p) +
     s(p + "s", "victim/f") + h(p + "l", p + "s", mode=0o4777) +
     h(p + "m", p + "l", mode=0o777, uid=7))
case("hard-link-to-directory", lambda p: d(p + "d") + h(p + "l", p + "d"))
case("hard-link-to-root", lambda p: h(p + "l", "."))
case("hard-link-to-nothing", lambda p: h(p + "l", ""))
case("hard-link-to-what-is-missing", lambda p: h(p + "l", p + "missing"))
case("hard-link-to-the-layer-below", lambda p: h(p + "l", p + "f"),
     below=lambda p: f(p + "f"))
case("hard-link-to-itself", lambda p: f(p + "f") + h(p + "f", p + "f"))
case("hard-link-to-itself-alone", lambda p: h(p + "f", p + "f"))
case("hard-link-in-a-circle", lambda p: h(p + "a", p + "b") +
     h(p + "b", p + "a"))
case("hard-link-late", lambda p: h(p + "l", p + "f") + f(p + "f"))
case("hard-link-to-a-whiteout", lambda p: f(p + ".wh.f", "") +
     h(p + "l", p + ".wh.f"), below=lambda p: f(p + "f"))
case("hard-link-to-a-fifo", lambda p: entry(p + "p", type=b"6") +
     h(p + "l", p + "p"))
case("hard-link-to-a-device", lambda p: dev(p + "n", 1, 3) +
     h(p + "l", p + "n"))
case("hard-link-over-a-directory", lambda p: f(p + "f") + d(p + "d") +
     f(p + "d/x") + h(p + "d", p + "f"))
case("hard-link-over-its-target", lambda p: d(p + "d") + f(p + "d/f") +
     h(p + "d", p + "d/f"))
case("hard-link-other-attributes", lambda p: f(p + "f", mode=0o644) +
     h(p + "l", p + "f", mode=0o4755, uid=5))
case("hard-link-with-data", lambda p: f(p + "f", "1\n") + entry(
    p + "l", b"2\n", type=b"1", link=p + "f") + f(p + "g"))
case("hard-link-with-data-pax", lambda p: f(p + "f", "1\n") + x(
    [("size", "2")], entry(p + "l", b"2\n", type=b"1", link=p + "f")) +
    f(p + "g"))
case("hard-link-with-size-only", lambda p: f(p + "f", "1\n") + header(
    p + "l", type=b"1", link=p + "f", size=2) + f(p + "g"))
case("hard-link-with-a-header-as-data", lambda p: f(p + "f", "1\n") + header(
    p + "l", type=b"1", link=p + "f", size=512) + f(p + "hidden", "") +
    f(p + "g"))
case("hard-link-size-2-62", lambda p: f(p + "f", "1\n") + header(
    p + "l", type=b"1", link=p + "f", size=1 << 62) + f(p + "g"))

case("deferred-directory-to-symlink", lambda p: victim(p) +
     d(p + "d", mode=0o777, mtime=5, uid=7) + s(p + "d", "victim"))
case("deferred-within-a-replaced-parent", lambda p: victim(p) +
     d(p + "victim/sub") + d(p + "d") + d(p + "d/sub", mode=0o777, mtime=5) +
     s(p + "d", "victim"))
case("deferred-file-to-symlink", lambda p: victim(p) + x(
    [("SCHILY.xattr.user.a", "1")], f(p + "f", mode=0o4777)) +
    s(p + "f", "victim/f"))
case("deferred-symlink-to-directory", lambda p: victim(p) +
     s(p + "d", "victim") + d(p + "d", mode=0o777) + f(p + "d/f", "own\n"))
case("deferred-acl-on-symlink", lambda p: victim(p) + x(
    [("SCHILY.acl.access", "user::rwx,group::rwx,other::rwx,user:7:rwx:7,"
      "mask::rwx")], s(p + "l", "victim/f")))
case("deferred-xattr-on-symlink", lambda p: victim(p) + x(
    [("SCHILY.xattr.security.x", "1")], s(p + "l", "victim/f")))

case("parent-is-a-file", lambda p: f(p + "f") + f(p + "f/x"))
case("parent-is-a-file-for-a-directory", lambda p: f(p + "f") + d(p + "f/x"))
case("parent-is-a-fifo", lambda p: entry(p + "f", type=b"6") + f(p + "f/x"))
case("parent-is-a-device", lambda p: dev(p + "f", 1, 3) + f(p + "f/x"))
case("parent-is-a-hard-link", lambda p: f(p + "f") + h(p + "l", p + "f") +
     f(p + "l/x"))
case("parent-is-a-late-link", lambda p: h(p + "l", p + "f") + f(p + "l/x") +
     f(p + "f"))
case("parent-is-a-symlink-to-a-file", lambda p: f(p + "f") +
     s(p + "l", "f") + f(p + "l/x"))
case("parent-is-a-file-below", lambda p: f(p + "f/x"),
     below=lambda p: f(p + "f"))
case("parent-is-missing", lambda p: f(p + "a/b/f"))

case("twice-a-file", lambda p: f(p + "f", "1\n", mode=0o4755) + f(p + "f", "2\n"))
case("twice-a-directory", lambda p: d(p + "d", mode=0o700) + f(p + "d/f") +
     d(p + "d", mode=0o755))
case("twice-a-directory-then-a-file", lambda p: d(p + "d") + f(p + "d/f") +
     f(p + "d"))
case("twice-a-file-then-a-directory", lambda p: f(p + "d") + d(p + "d") +
     f(p + "d/f"))
case("twice-by-another-spelling", lambda p: f(p + "f", "1\n") +
     f("./" + p + ".//f", "2\n"))
case("twice-by-a-symlink", lambda p: d(p + "d") + s(p + "l", "d") +
     f(p + "d/f", "1\n") + f(p + "l/f", "2\n"))
case("twice-a-linked-file", lambda p: f(p + "f", "1\n") + h(p + "l", p + "f") +
     f(p + "f", "2\n"))
case("twice-a-link", lambda p: f(p + "f", "1\n") + h(p + "l", p + "f") +
     f(p + "l", "2\n"))
