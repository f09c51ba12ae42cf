"""Atoms of knowledge: a predicate applied to points, and how a constructed one came about."""

from __future__ import annotations

from collections.abc import Iterable
from sys import intern
from typing import NamedTuple

#: A predicate's name and its points, arguments flattened; all strings are interned.
Fact = tuple[str, tuple[str, ...]]


def make_fact(predicate: str, points: Iterable[str]) -> Fact:
    """A fact with interned strings."""
    return intern(predicate), tuple(map(intern, points))


class Derivation(NamedTuple):
    """Why a fact of the construction holds.

    ``rule`` is one of the names below; ``statements`` are positions in the list of construction
    statements, ``cells`` positions in `Construction.cells`, ``sources`` other construction facts.

    ============== =====================================================================
    given          a construction statement says so
    on line        two points of a declared line are joined by it
    side of cell   two points are joined by a side of a declared shape (a source may be an angle)
    named          a point is an end of a line, lies on a circle or is a circle's centre
    part of line   some of the points of a declared Collinear, in order or reversed
    part of circle some of the points of a declared Cocircular, in cyclic order
    flat angle     three collinear points
    corner of cell two successive straight sides of a shape
    adjacent       angles (or corners of cells) that follow one another round their vertex
    extends line   an angle with other points on the same rays
    reversed       the angle from the other side
    joins cells    cells whose union has this boundary (collinear corners left out)
    ============== =====================================================================
    """

    rule: str
    sources: tuple[Fact, ...] = ()
    cells: tuple[int, ...] = ()
    statements: tuple[int, ...] = ()
