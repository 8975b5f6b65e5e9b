# SPDX-License-Identifier: MIT
"""Layers that are made to do harm, or that readers read in different ways."""

from . import archives, gnu, links, markers, names, pax, sparse  # noqa: F401
from .case import CASES  # noqa: F401
