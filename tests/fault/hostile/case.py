# SPDX-License-Identifier: MIT
"""What a case is, and the list of them all."""

from .tar import END, d

CASES = {}


class Case:
    """A layer, and what is below it; all of it in a directory of its name.

    `make` gets that directory's name and a slash, and returns the layer's
    entries, or an iterable of their parts if it is large. What is `alone`
    reaches beyond its directory, or takes long: it is not stacked."""

    def __init__(self, name, make, below=None, end=END, alone=False,
                 described=True, gzip=0, zeros=0):
        self.name, self.make, self.below = name, make, below
        self.end, self.alone, self.described = end, alone, described
        self.gzip, self.zeros = gzip, zeros

    def layer(self):
        if self.described:  # or it could not be mounted
            yield d(self.name)
        made = self.make(self.name + "/")
        if isinstance(made, bytes):
            yield made
        else:
            yield from made
        yield self.end

    def lower(self):
        """The part of the layer below that this case wants."""
        yield d(self.name)
        if self.below:
            yield self.below(self.name + "/")


def case(name, make, **options):
    assert name not in CASES, name
    CASES[name] = Case(name, make, **options)
