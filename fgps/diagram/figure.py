"""What the construction says about a figure: order on lines and circles, orientation, distinct points."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise

from fgps.diagram.constraints import AREA_MARGIN, MARGIN, System, Tier
from fgps.diagram.formulas import Undefined
from fgps.diagram.tape import Node
from fgps.lang.ast import Call, letters
from fgps.problem.construction import Construction
from fgps.problem.shapes import Cell


def add_construction(system: System, construction: Construction, statements: Sequence[Call]) -> None:
    """Rows for the lines, circles, cells and corners of a construction."""
    for line in construction.collinear:
        add_line(system, line)
    for circle, row in construction.cocircular:
        add_circle(system, circle, row)
    for cell in construction.regions:
        add_cell(system, construction, cell)
    for statement in statements:
        add_corner(system, construction, statement)
    add_apart(system, construction)


def add_line(system: System, line: Sequence[str]) -> None:
    """Points on a line in this order."""
    tape = system.tape
    row = [tape.point_index[name] for name in line]
    if len(row) < 3:
        return
    first, last = row[0], row[-1]
    length = tape.distance(first, last)
    for before, point, after in zip(row, row[1:], row[2:], strict=False):
        off = tape.div(tape.cross(first, point, first, last), length)
        # A line through points that nearly meet must not bend there unseen.
        near = tape.minimum(tape.distance(before, point), tape.distance(point, after))
        system.add(off, Tier.EQUATION, 1.0, left=near)
    for p, q in pairwise(row):
        system.add(tape.div(tape.dot(p, q, first, last), length), Tier.ORDER, 1.0, MARGIN)


def add_circle(system: System, circle: str, names: Sequence[str]) -> None:
    """Points on a circle, counter-clockwise in this order."""
    tape = system.tape
    row = [tape.point_index[name] for name in names]
    centre, radius = tape.centre_index[circle], tape.radius(circle)
    for point in row:
        system.add(tape.sub(tape.distance(centre, point), radius), Tier.EQUATION, 1.0)
    for p, q in pairwise(row[1:]):
        system.add(tape.cross(row[0], p, row[0], q), Tier.CIRCLE, 2.0, AREA_MARGIN)
    system.add(radius, Tier.RANGE, 1.0, 5 * MARGIN)


def sine(system: System, a: int, v: int, b: int) -> Node:
    """The sine of the turn from ray VB to ray VA."""
    tape = system.tape
    return tape.div(tape.cross(v, b, v, a), tape.mul(tape.distance(v, a), tape.distance(v, b)))


def add_cell(system: System, construction: Construction, cell: Cell) -> None:
    """A region is counter-clockwise; its corners are convex if possible."""
    tape = system.tape
    sides = cell.sides
    if any(side.circle is not None and side.circle not in tape.centre_index for side in sides):
        return
    if any(name not in tape.point_index for side in sides for name in (side.start, side.end)):
        return
    corners: list[str] = []
    for side, following in zip(sides, sides[1:] + sides[:1], strict=True):
        straight = side.straight and following.straight
        if straight and construction.is_flat(side.start, side.end, following.end):
            continue
        corners.append(side.end)
        if straight and side.start != following.end:
            a, v, b = (tape.point_index[name] for name in (side.start, side.end, following.end))
            system.add(sine(system, a, v, b), Tier.CONVEX, 0.0, 2 * MARGIN)
    row = [tape.point_index[name] for name in corners]
    if all(side.straight for side in sides):
        add_straight_cell(system, row)
    else:
        _curved_cell(system, cell)


def add_straight_cell(system: System, row: Sequence[int]) -> None:
    """Corners of a polygon, counter-clockwise."""
    tape = system.tape
    if len(row) < 3 or len(set(row)) != len(row):
        return
    if len(row) == 4:
        # Simple and counter-clockwise: one of the diagonals cuts it into two such triangles.
        a, b, c, d = row
        one = tape.minimum(tape.cross(a, b, a, c), tape.cross(a, c, a, d))
        two = tape.minimum(tape.cross(b, c, b, d), tape.cross(b, d, b, a))
        system.add(tape.maximum(one, two), Tier.REGION, 2.0, AREA_MARGIN)
    else:
        tier = Tier.CELL if len(row) == 3 else Tier.REGION
        system.add(system.formulas.area(row), tier, 2.0, AREA_MARGIN)


def _curved_cell(system: System, cell: Cell) -> None:
    """The area, circular segments included (taken off where the arc is walked backwards), is positive."""
    tape = system.tape
    row = [tape.point_index[side.start] for side in cell.sides]
    terms = [(1.0, system.formulas.area(row))] if len(row) > 2 else []
    for side in cell.sides:
        if side.circle is None:
            continue
        circle, start, end = side.edge
        turn = tape.angle(tape.point_index[end], tape.centre_index[circle], tape.point_index[start])
        segment = tape.linear([(3.141592653589793 / 180.0, turn), (-1.0, tape.function("sin", turn))])
        square = tape.power(tape.radius(circle), 2.0)
        terms.append((0.5 * side.sign, tape.mul(square, segment)))
    system.add(tape.linear(terms), Tier.REGION, 2.0, AREA_MARGIN)


def add_corner(system: System, construction: Construction, statement: Call) -> None:
    """A two-line shape names the angle as drawn: below 180 degrees wherever the figure allows."""
    words = [letters(argument) for argument in statement.args]
    if statement.head != "Shape" or [len(w) for w in words] != [2, 2] or words[0][1] != words[1][0]:
        return
    a, v, b = words[0][0], words[0][1], words[1][1]
    if a == b or construction.is_flat(a, v, b):
        return
    try:
        row = [system.formulas.named(name) for name in (a, v, b)]
    except Undefined:
        return
    system.add(sine(system, *row), Tier.CORNER, 0.0, 2 * MARGIN)


def add_apart(system: System, construction: Construction) -> None:
    """Ends of segments differ, and so do points of one circle."""
    tape = system.tape
    pairs = {tuple(sorted((tape.point_index[a], tape.point_index[b]))) for a, b in construction.lines}
    for _, row in construction.cocircular:
        pairs |= {tuple(sorted((tape.point_index[a], tape.point_index[b]))) for a, b in combinations(row, 2)}
    for line in construction.collinear:
        # The order on the line keeps these apart already.
        indices = [tape.point_index[name] for name in line]
        pairs -= {tuple(sorted(pair)) for pair in combinations(indices, 2)}
    for p, q in sorted(pairs):
        system.add(tape.distance(p, q), Tier.APART, 1.0, 1.5 * MARGIN)
