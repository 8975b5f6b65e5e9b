# SPDX-License-Identifier: MIT
"""The bytes of a tar, by hand: whatever a writer of tars would not write."""

import struct

END = bytes(1024)


def to_bytes(text):
    return text if isinstance(text, bytes) else text.encode()


def octal(number, size):
    """A number, in base-256 where the octal digits do not reach, as GNU."""
    if isinstance(number, bytes):
        return number
    if 0 <= number < 8 ** (size - 1):
        return b"%0*o\0" % (size - 1, number)
    raw = number.to_bytes(size, "big", signed=True)
    return bytes([raw[0] | 0x80]) + raw[1:]


def checksum(block):
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def header(name, type=b"0", size=0, mode=0o644, uid=0, gid=0, link=b"",
           mtime=1000000000, magic=b"ustar\00000", major=0, minor=0,
           prefix=b""):
    """Every number may be the bytes of its field instead."""
    block = bytearray(struct.pack(
        "100s8s8s8s12s12s8sc100s8s32s32s8s8s155s12x",
        to_bytes(name)[:100], octal(mode, 8), octal(uid, 8), octal(gid, 8),
        octal(size, 12), octal(mtime, 12), b"", type, to_bytes(link)[:100],
        magic, b"", b"", octal(major, 8), octal(minor, 8), to_bytes(prefix)))
    return checksum(block)


def padded(data):
    return data + bytes(-len(data) % 512)


def record(key, value):
    """One pax record."""
    body = b" " + to_bytes(key) + b"=" + to_bytes(value) + b"\n"
    size = len(body)
    while len(b"%d" % size) + len(body) != size:
        size += 1
    return b"%d" % size + body


def special(type, data, size=None):
    """A header for the entry that follows, of x, g, L or K."""
    name = "././@LongLink" if type in (b"L", b"K") else "PaxHeaders/x"
    magic = b"ustar  \0" if type in (b"L", b"K") else b"ustar\00000"
    return header(name, type, len(data) if size is None else size,
                  magic=magic) + padded(data)


def pax(records=(), raw=None):
    """An x header: pairs of key and value, or bytes as they are."""
    data = raw if raw is not None else b"".join(
        record(key, value) for key, value in records)
    return special(b"x", data)


def entry(name, data=b"", size=None, **fields):
    """A header and its data; long names and links come in pax records."""
    records = []
    if len(to_bytes(name)) > 100:
        records.append(("path", name))
    if len(to_bytes(fields.get("link", b""))) > 100:
        records.append(("linkpath", fields["link"]))
    return (pax(records) if records else b"") + header(
        name, size=len(data) if size is None else size, **fields) + padded(data)


def f(name, data=b"1\n", **fields):
    """A file."""
    return entry(name, to_bytes(data), **fields)


def d(name, mode=0o755, **fields):
    """A directory."""
    return entry(to_bytes(name).rstrip(b"/") + b"/", type=b"5", mode=mode,
                 **fields)


def s(name, target, **fields):
    """A symlink."""
    return entry(name, type=b"2", mode=0o777, link=to_bytes(target), **fields)


def h(name, target, **fields):
    """A hard link."""
    return entry(name, type=b"1", link=to_bytes(target), **fields)


def dev(name, major, minor, type=b"3", **fields):
    """A device."""
    return entry(name, type=type, major=major, minor=minor, **fields)


def x(records, rest):
    """An entry with pax records of its own in front."""
    return pax(records) + rest
