#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""layers.py list | write DIR [NAME]... | stack DIR TAG [FILE] <NAMES

Layers that are made to do harm; hostile/ has them, a line or two for each.
`list` prints their names, and "alone" behind those that are not to be stacked.
`write` makes DIR/NAME.tar, and DIR/oci, an OCI layout with an image of each:
a small layer below it, and the layer. `stack` adds one image of all that are
named, whose lowest layer has FILE as "record" besides."""

import gzip
import hashlib
import json
import os
import sys
import zlib

sys.dont_write_bytecode = True

from hostile import CASES  # noqa: E402
from hostile.tar import END, d, f  # noqa: E402

TAR = "application/vnd.oci.image.layer.v1.tar"
NOTHING = "sha256:" + hashlib.sha256(b"").hexdigest()


class Layout:
    """An OCI layout that images are added to."""

    def __init__(self, path):
        self.path = path
        os.makedirs(path + "/blobs/sha256", exist_ok=True)
        with open(path + "/oci-layout", "w") as out:
            out.write('{"imageLayoutVersion":"1.0.0"}')
        try:
            with open(path + "/index.json") as index:
                self.index = json.load(index)
        except FileNotFoundError:
            self.index = {"schemaVersion": 2, "manifests": []}

    def blob(self, media_type, data):
        digest = hashlib.sha256(data).hexdigest()
        with open(f"{self.path}/blobs/sha256/{digest}", "wb") as out:
            out.write(data)
        return {"mediaType": media_type, "digest": "sha256:" + digest,
                "size": len(data)}

    def place(self, descriptor):
        return self.path + "/blobs/" + descriptor["digest"].replace(":", "/")

    def add(self, tag, layers):
        """`layers` are pairs of a descriptor and a diffID."""
        config = self.blob("application/vnd.oci.image.config.v1+json", json.dumps(
            {"architecture": "amd64", "os": "linux", "config": {},
             "rootfs": {"type": "layers",
                        "diff_ids": [layer[1] for layer in layers]}}).encode())
        kind = "application/vnd.oci.image.manifest.v1+json"
        manifest = self.blob(kind, json.dumps(
            {"schemaVersion": 2, "mediaType": kind, "config": config,
             "layers": [layer[0] for layer in layers]}).encode())
        manifest["annotations"] = {"org.opencontainers.image.ref.name": tag}
        self.index["manifests"].append(manifest)

    def close(self):
        with open(self.path + "/index.json", "w") as out:
            json.dump(self.index, out)

    def plain(self, data):
        descriptor = self.blob(TAR, data)
        return descriptor, descriptor["digest"]


def packed(case):
    """The bytes of a layer as they are stored, and the diffID."""
    digest = hashlib.sha256()
    stored = []
    press = zlib.compressobj(6, zlib.DEFLATED, 31)

    def put(part):
        digest.update(part)
        stored.append(press.compress(part) if case.gzip else part)

    for part in case.layer():
        put(part)
    for _ in range(case.zeros >> 20):
        put(bytes(1 << 20))
    if case.gzip:
        stored.append(press.flush())
    data = b"".join(stored)
    for _ in range(1, case.gzip):
        digest = hashlib.sha256(data)
        data = gzip.compress(data, mtime=0)
    return data, "sha256:" + digest.hexdigest()


def write(top, names):
    layout = Layout(top + "/oci")
    for name in names or CASES:
        case = CASES[name]
        data, diff_id = packed(case)
        descriptor = layout.blob(TAR + "+gzip" if case.gzip else TAR, data)
        os.link(layout.place(descriptor), f"{top}/{name}.tar")
        below = d("./") + b"".join(case.lower()) + END
        layout.add(name, [layout.plain(below), (descriptor, diff_id)])
    layout.close()


def stack(top, tag, record):
    layout = Layout(top + "/oci")
    cases = [CASES[line.strip()] for line in sys.stdin]
    lowest = d("./")
    if record:
        with open(record, "rb") as program:
            lowest += f("record", program.read(), mode=0o755)
    lowest += b"".join(b"".join(case.lower()) for case in cases) + END
    layers = [layout.plain(lowest)]
    for case in cases:
        layer = layout.plain(b"".join(case.layer()))
        if layer not in layers and layer[1] != NOTHING:
            layers.append(layer)
    layout.add(tag, layers)
    layout.close()


def main(command, *words):
    if command == "list":
        for case in CASES.values():
            print(case.name, "alone" if case.alone else "")
    elif command == "write":
        write(words[0], words[1:])
    elif command == "stack":
        stack(words[0], words[1], words[2] if len(words) > 2 else None)


main(*sys.argv[1:])
