"""The construction stage: from Shape, Collinear and Cocircular to all initial facts.

Which points, lines, arcs, angles, polygons and circles a problem has is fixed here, once and
for all: no later rule makes new ones.  Every fact carries its `Derivation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from fgps.lang.ast import NOWHERE, Call
from fgps.lang.diagnostics import Diagnostic, Severity
from fgps.problem.facts import Derivation, Fact, make_fact
from fgps.problem.rays import Corner, Rays
from fgps.problem.regions import polygons
from fgps.problem.shapes import Cell, Statements, Word, read_statements

#: Theorems match at most this many points of a circle in one premise.
_MATCHED_ON_CIRCLE: Final = 4


@dataclass(frozen=True)
class Construction:
    """All entities of a problem.

    ``points``, ``circles``: names.  ``lines``: pairs, each segment once.  ``angles``: (a, v, b), the turn
    from ray vb to ray va, both orientations, every choice of points on the rays.  ``arcs``: (circle, start,
    end), counter-clockwise.  ``polygons``: corners counter-clockwise, one rotation each: all triangles and
    quadrilaterals that unions of cells form, and declared cells with more corners.
    ``collinear``, ``cocircular``: as declared.  ``cells``: the declared regions, each a tuple of sides as the
    language writes them (two points, or circle and two points).  ``facts``: every initial fact in every
    spelling that matching needs.
    """

    points: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]
    angles: tuple[Corner, ...]
    arcs: tuple[tuple[str, str, str], ...]
    circles: tuple[str, ...]
    polygons: tuple[Word, ...]
    collinear: tuple[Word, ...]
    cocircular: tuple[tuple[str, Word], ...]
    cells: tuple[tuple[Word, ...], ...]
    facts: Mapping[Fact, Derivation]
    diagnostics: tuple[Diagnostic, ...]
    regions: tuple[Cell, ...] = field(repr=False)
    rays: Rays = field(repr=False, compare=False)

    def has(self, fact: Fact) -> bool:
        """Whether the construction has this entity or incidence, in any spelling."""
        if fact in self.facts:
            return True
        predicate, points = fact
        if predicate == "Collinear":
            return any(in_order(points, line) or in_order(points[::-1], line) for line in self.collinear)
        if predicate == "Cocircular" and points:
            return any(
                points[0] == circle and in_cyclic_order(points[1:], row) for circle, row in self.cocircular
            )
        return False

    def angle_class(self, a: str, v: str, b: str) -> Corner:
        """The representative of the angles that differ from this one only by points on the same rays."""
        return self.rays.angle_class(a, v, b)

    def is_flat(self, a: str, v: str, b: str) -> bool:
        """Whether a declared line holds the three points with ``v`` between the others."""
        return self.rays.is_flat(a, v, b)


def in_order(points: Word, row: Word) -> bool:
    """Whether ``points`` (at least two, all different) is a subsequence of ``row``."""
    rest = iter(row)
    return len(points) >= 2 and all(point in rest for point in points)


def in_cyclic_order(points: Word, row: Word) -> bool:
    """Whether ``points`` runs along ``row`` closed to a cycle, at most once round."""
    if not points:
        return True
    if points[0] not in row:
        return False
    first = row.index(points[0])
    rest = iter(row[first:] + row[:first])
    return all(point in rest for point in points)


def construct(statements: Sequence[Call], named: Sequence[str] = ()) -> Construction:
    """Run the construction stage.  Never raises; bad statements are left out with a diagnostic.

    ``named`` are circles whose centre is spoken of as a point of the same name.
    """
    return _Builder(read_statements(statements)).build(named)


class _Builder:
    """Collects facts in a fixed order: lines, circles, shapes, angles, polygons."""

    def __init__(self, read: Statements) -> None:
        self.read = read
        self.facts: dict[Fact, Derivation] = {}
        self.points: dict[str, None] = {}
        self.lines: list[tuple[str, str]] = []
        self.arcs: list[tuple[str, str, str]] = []
        self.circles: dict[str, None] = {}
        self.polygons: list[Word] = []

    def build(self, named: Sequence[str]) -> Construction:
        """The construction; call once."""
        read = self.read
        self._collinear()
        self._cocircular()
        self._shapes()
        rays = Rays(read)
        angles = dict(rays.angles())
        for corner, derivation in angles.items():
            self.facts["Angle", corner] = derivation
        self._polygons(rays)
        for circle in named:
            if circle in self.circles:
                self._point(circle, Derivation("named", (make_fact("Circle", circle),)))
        return Construction(
            points=tuple(self.points),
            lines=tuple(self.lines),
            angles=tuple(angles),
            arcs=tuple(self.arcs),
            circles=tuple(self.circles),
            polygons=tuple(self.polygons),
            collinear=tuple(line for line, _ in read.collinear),
            cocircular=tuple((circle, row) for circle, row, _ in read.cocircular),
            cells=tuple(tuple(side.spelling for side in cell.sides) for cell in read.cells),
            facts=self.facts,
            diagnostics=tuple(read.diagnostics),
            regions=tuple(read.cells),
            rays=rays,
        )

    def _point(self, point: str, derivation: Derivation) -> None:
        if point not in self.points:
            self.points[point] = None
            self.facts["Point", (point,)] = derivation

    def _line(self, a: str, b: str, derivation: Derivation) -> None:
        if ("Line", (a, b)) not in self.facts:
            self.lines.append((a, b))
            self.facts["Line", (a, b)] = self.facts["Line", (b, a)] = derivation
            named = Derivation("named", (("Line", (a, b)),))
            self._point(a, named)
            self._point(b, named)

    def _collinear(self) -> None:
        facts = self.facts
        for line, position in self.read.collinear:
            given = Derivation("given", (), (), (position,))
            facts["Collinear", line] = facts["Collinear", line[::-1]] = given
            on_line = Derivation("on line", (("Collinear", line),), (), (position,))
            for a, b in combinations(line, 2):
                self._line(a, b, on_line)
            if len(line) > 3:
                part = Derivation("part of line", (("Collinear", line),), (), (position,))
                for triple in combinations(line, 3):
                    facts.setdefault(("Collinear", triple), part)
                    facts.setdefault(("Collinear", triple[::-1]), part)

    def _cocircular(self) -> None:
        facts = self.facts
        for circle, row, position in self.read.cocircular:
            whole = ("Cocircular", (circle, *row))
            facts.setdefault(whole, Derivation("given", (), (), (position,)))
            part = Derivation("part of circle", (whole,), (), (position,))
            if circle not in self.circles:
                self.circles[circle] = None
                facts["Circle", (circle,)] = part
            named = Derivation("named", (whole,))
            for point in row:
                self._point(point, named)
            for size in range(1, min(len(row), _MATCHED_ON_CIRCLE) + 1):
                for subset in combinations(row, size):
                    for k in range(size):
                        facts.setdefault(("Cocircular", (circle, *subset[k:], *subset[:k])), part)
            for start, end in combinations(row, 2):
                for arc in ((circle, start, end), (circle, end, start)):
                    if ("Arc", arc) not in facts:
                        self.arcs.append(arc)
                        facts["Arc", arc] = part

    def _shapes(self) -> None:
        read = self.read
        for point, position in read.points:
            self._point(point, Derivation("given", (), (), (position,)))
        for a, b, position in read.lines:
            self._line(a, b, Derivation("given", (), (), (position,)))
        for a, v, b, position in read.corners:
            side_of = Derivation("side of cell", (("Angle", (a, v, b)),), (), (position,))
            self._line(a, v, side_of)
            self._line(v, b, side_of)
        for index, cell in enumerate(read.cells):
            side_of = Derivation("side of cell", (), (index,), (cell.statement,))
            for side in cell.sides:
                if side.circle is None:
                    self._line(side.start, side.end, side_of)
                else:
                    self._arc_side(side.edge)
        for shape in read.open_shapes:
            side_of = Derivation("side of cell", (), (), (shape.statement,))
            for word in shape.words:
                if len(word) == 2:
                    self._line(word[0], word[1], side_of)
                else:
                    self._arc_side(word)

    def _arc_side(self, edge: Word) -> None:
        if ("Arc", edge) not in self.facts:
            message = f"the arc {''.join(edge)} bounds a shape, but its ends are on no circle {edge[0]}"
            if all(diagnostic.headline != message for diagnostic in self.read.diagnostics):
                warning = Diagnostic("missing-entity", Severity.WARNING, message, NOWHERE)
                self.read.diagnostics.append(warning)

    def _polygons(self, rays: Rays) -> None:
        found, complete = polygons(self.read.cells, rays.is_flat)
        for region in found:
            self._polygon(region.corners, region.cells)
        for index, cell in enumerate(self.read.cells):
            corners = _cell_corners(cell, rays)
            if len(corners) > 2:
                self._polygon(corners, (index,))
        if not complete:
            message = "the construction is too large: not all polygons were looked for"
            self.read.diagnostics.append(Diagnostic("too-long", Severity.WARNING, message))

    def _polygon(self, corners: Word, cells: tuple[int, ...]) -> None:
        if ("Polygon", corners) not in self.facts:
            self.polygons.append(corners)
            derivation = Derivation("joins cells", (), cells)
            for k in range(len(corners)):
                self.facts["Polygon", corners[k:] + corners[:k]] = derivation


def _cell_corners(cell: Cell, rays: Rays) -> Word:
    """The corners of a straight-sided cell, flat ones left out; empty if it is no polygon."""
    if not all(side.straight for side in cell.sides):
        return ()
    corners = [side.start for side in cell.sides]
    if len(set(corners)) != len(corners):
        return ()
    return tuple(_without_flat(corners, rays))


def _without_flat(corners: Sequence[str], rays: Rays) -> Iterator[str]:
    for k, corner in enumerate(corners):
        if not rays.is_flat(corners[k - 1], corner, corners[(k + 1) % len(corners)]):
            yield corner
