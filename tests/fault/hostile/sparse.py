# SPDX-License-Identifier: MIT
"""Maps of sparse files: three forms of pax, and the old one of GNU."""

from .case import case
from .tar import checksum, f, header, octal, padded, x

MIB = 1 << 20
EIB = 1 << 60


def numbers(runs):
    return [n for run in runs for n in run]


def pax_0_0(name, size, runs, data, count=None):
    records = [("GNU.sparse.size", str(size)),
               ("GNU.sparse.numblocks", str(len(runs) if count is None
                                            else count))]
    for offset, length in runs:
        records += [("GNU.sparse.offset", str(offset)),
                    ("GNU.sparse.numbytes", str(length))]
    return x(records, f(name, data))


def pax_0_1(name, size, runs, data, count=None):
    return x([("GNU.sparse.size", str(size)),
              ("GNU.sparse.numblocks", str(len(runs) if count is None
                                           else count)),
              ("GNU.sparse.map", ",".join(map(str, numbers(runs)))),
              ("GNU.sparse.name", name)], f("GNUSparseFile.0", data))


def pax_1_0(name, size, runs, data, count=None):
    text = "".join(f"{n}\n" for n in
                   [len(runs) if count is None else count] + numbers(runs))
    return x([("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"),
              ("GNU.sparse.name", name), ("GNU.sparse.realsize", str(size))],
             f("GNUSparseFile.0", padded(text.encode()) + data))


def gnu(name, size, runs, data, count=None):
    """Four in the header, the others in blocks of 21 behind it."""
    def field(some, room):
        raw = b"".join(octal(n, 12) for n in numbers(some))
        return raw.ljust(24 * room, b"\0")

    block = bytearray(header(name, b"S", len(data), magic=b"ustar  \0"))
    block[345:512] = bytes(167)
    block[386:482] = field(runs[:4], 4)
    block[482] = len(runs) > 4
    block[483:495] = octal(size, 12)
    more = b""
    for at in range(4, len(runs), 21):
        more += (field(runs[at:at + 21], 21) +
                 bytes([len(runs) > at + 21])).ljust(512, b"\0")
    return checksum(block) + more + padded(data)


TEN = b"0123456789"
SHAPES = {
    # size, runs, data
    "good": (MIB, [(0, 5), (MIB - 5, 5)], TEN),
    "hole-at-the-end": (MIB, [(0, 10), (MIB, 0)], TEN),
    "all-hole": (MIB, [(MIB, 0)], b""),
    "overlapping": (MIB, [(0, 6), (3, 4)], TEN),
    "descending": (MIB, [(1000, 5), (0, 5)], TEN),
    "the-same-twice": (MIB, [(100, 5), (100, 5)], TEN),
    "beyond-its-size": (1000, [(0, 5), (2000, 5)], TEN),
    "across-its-size": (1000, [(0, 5), (998, 5)], TEN),
    "more-than-its-data": (MIB, [(0, 5), (4096, 4096)], TEN),
    "less-than-its-data": (MIB, [(0, 5)], TEN),
    "1-tib": (1 << 40, [(0, 5), ((1 << 40) - 5, 5)], TEN),
    "1-eib": (EIB, [(0, 5), (EIB - 5, 5)], TEN),
    "1-eib-of-data": (EIB, [(0, EIB)], TEN),
    "1-eib-overlapping": (EIB, [(0, EIB), (5, EIB)], TEN),
    "overflow": ((1 << 63) - 1, [((1 << 63) - 2, 5), (0, 5)], TEN),
    "size-negative": (-1, [(0, 10)], TEN),
    "offset-negative": (MIB, [(-10, 10)], TEN),
    "length-negative": (MIB, [(0, -10)], TEN),
    "2000-empty-runs": (MIB, [(n, 0) for n in range(2000)] + [(4096, 10)],
                        TEN),
}
FORMS = {"0.0": pax_0_0, "0.1": pax_0_1, "1.0": pax_1_0, "gnu": gnu}

for form, make in FORMS.items():
    for shape, (size, runs, data) in SHAPES.items():
        if shape == "overflow" and form == "gnu":
            runs = runs[:1]
        case(f"sparse-{form}-{shape}",
             lambda p, make=make, size=size, runs=runs, data=data:
             make(p + "f", size, runs, data) + f(p + "g"),
             alone=shape.startswith("1-"))

for form, make in FORMS.items():
    if form != "gnu":
        case(f"sparse-{form}-count-too-large", lambda p, make=make: make(
            p + "f", MIB, [(0, 10)], TEN, count=1 << 40) + f(p + "g"))
for form in ("0.1", "1.0"):
    case(f"sparse-{form}-name-outside", lambda p, make=FORMS[form]: make(
        "../escaped", MIB, [(0, 10)], TEN))
case("sparse-0.1-map-odd", lambda p: x(
    [("GNU.sparse.size", "10"), ("GNU.sparse.map", "0,5,7")],
    f(p + "f", TEN)) + f(p + "g"))
case("sparse-0.1-map-rubbish", lambda p: x(
    [("GNU.sparse.size", "10"), ("GNU.sparse.map", "a,b,,;")],
    f(p + "f", TEN)) + f(p + "g"))
case("sparse-1.0-map-rubbish", lambda p: x(
    [("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"),
     ("GNU.sparse.realsize", "10")], f(p + "f", padded(b"rubbish"))) +
    f(p + "g"))
case("sparse-1.0-map-without-end", lambda p: x(
    [("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"),
     ("GNU.sparse.realsize", "10")], f(p + "f", b"9" * 5120)) + f(p + "g"))
case("sparse-2.0", lambda p: x(
    [("GNU.sparse.major", "2"), ("GNU.sparse.minor", "0"),
     ("GNU.sparse.realsize", "10")], f(p + "f", TEN)) + f(p + "g"))
