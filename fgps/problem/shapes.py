"""Reading construction statements: lines, circles, and shapes as closed walks of sides.

A straight side is two points ``AB``, an arc three ``OAB`` (circle, then counter-clockwise from
A to B).  A region is walked counter-clockwise, so an arc may be run along backwards; its
spelling never says so, the neighbouring sides do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import comb
from sys import intern
from typing import Final, NamedTuple

from fgps.lang.ast import Call, Points, letters
from fgps.lang.diagnostics import Diagnostic, Severity, error

#: Limits that keep hostile input from exploding; real problems stay far below.
MAX_ON_LINE: Final = 40
MAX_ON_CIRCLE: Final = 16
MAX_STATEMENTS: Final = 200
#: The number of triples of collinear points.
MAX_TRIPLES: Final = 12_000
MAX_SIDES: Final = 64

Edge = tuple[str, ...]
Word = tuple[str, ...]


class Side(NamedTuple):
    """One side as it is walked: from ``start`` to ``end``; ``circle`` is None if straight.

    ``edge`` names the side without direction, ``sign`` (+1 or -1) the direction along it.
    """

    start: str
    end: str
    circle: str | None
    edge: Edge
    sign: int

    @property
    def straight(self) -> bool:
        """Whether the side is a segment."""
        return self.circle is None

    @property
    def spelling(self) -> Word:
        """The side as the language writes it."""
        return (self.start, self.end) if self.circle is None else self.edge


class Cell(NamedTuple):
    """A region: its sides in counter-clockwise order, head to tail."""

    sides: tuple[Side, ...]
    statement: int


class OpenShape(NamedTuple):
    """A declared shape whose sides do not close: its words, oriented as written."""

    words: tuple[Word, ...]
    statement: int


@dataclass
class Statements:
    """Construction statements sorted by what they declare; positions refer to the input."""

    points: list[tuple[str, int]] = field(default_factory=list)
    lines: list[tuple[str, str, int]] = field(default_factory=list)
    corners: list[tuple[str, str, str, int]] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)
    open_shapes: list[OpenShape] = field(default_factory=list)
    collinear: list[tuple[Word, int]] = field(default_factory=list)
    cocircular: list[tuple[str, Word, int]] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)


def straight_side(start: str, end: str) -> Side:
    """A segment walked from ``start`` to ``end``."""
    if start <= end:
        return Side(start, end, None, (start, end), 1)
    return Side(start, end, None, (end, start), -1)


def arc_side(word: Word, forward: bool) -> Side:
    """An arc walked counter-clockwise (``forward``) or backwards."""
    circle, start, end = word
    return Side(start, end, circle, word, 1) if forward else Side(end, start, circle, word, -1)


def walks(words: Sequence[Word]) -> list[tuple[Side, ...]]:
    """All closed walks along the sides in the order written (none: the shape does not close).

    More than one is possible only if every side is an arc.
    """
    found = []
    first = words[0]
    starts = (straight_side(*first),) if len(first) == 2 else (arc_side(first, True), arc_side(first, False))
    for side in starts:
        walk = [side]
        for word in words[1:]:
            here = walk[-1].end
            if len(word) == 2 and word[0] == here:
                walk.append(straight_side(*word))
            elif len(word) == 3 and here in word[1:]:
                walk.append(arc_side(word, word[1] == here))
            else:
                break
        else:
            if walk[-1].end == walk[0].start:
                found.append(tuple(walk))
    return found


def read_statements(statements: Sequence[Call]) -> Statements:
    """Sort construction statements; ill-formed ones are left out with a diagnostic.  Never raises."""
    read = Statements()
    if len(statements) > MAX_STATEMENTS:
        message = f"more than {MAX_STATEMENTS} construction statements"
        read.diagnostics.append(error("too-long", message, statements[MAX_STATEMENTS].span))
        statements = statements[:MAX_STATEMENTS]
    seen: set[Call] = set()
    ambiguous: list[tuple[list[tuple[Side, ...]], int]] = []
    for position, statement in enumerate(statements):
        if statement in seen:
            continue
        seen.add(statement)
        if statement.head == "Collinear":
            _read_collinear(read, statement, position)
        elif statement.head == "Cocircular":
            _read_cocircular(read, statement, position)
        elif statement.head == "Shape":
            _read_shape(read, statement, position, ambiguous)
        else:
            message = f"{statement.head} does not construct anything"
            hint = "a construction consists of Shape, Collinear and Cocircular"
            read.diagnostics.append(error("unknown-predicate", message, statement.span, hint))
    _settle(read, ambiguous)
    return read


def _words(read: Statements, statement: Call) -> list[Word] | None:
    words = []
    for argument in statement.args:
        if not isinstance(argument, Points):
            message = f"{statement.head} takes points"
            read.diagnostics.append(error("bad-arguments", message, statement.span))
            return None
        words.append(tuple(map(intern, argument.names)))
    return words


def _distinct(read: Statements, statement: Call, points: Word, limit: int) -> bool:
    if len(set(points)) != len(points):
        repeated = next(point for i, point in enumerate(points) if point in points[:i])
        message = f"{statement.head} names the point {repeated} twice"
        read.diagnostics.append(error("bad-arguments", message, statement.span))
        return False
    if len(points) > limit:
        message = f"{statement.head} with more than {limit} points"
        read.diagnostics.append(error("too-long", message, statement.span))
        return False
    return True


def _read_collinear(read: Statements, statement: Call, position: int) -> None:
    if _words(read, statement) is None:
        return
    points = tuple(map(intern, letters(statement)))
    if len(points) < 2:
        message = "Collinear needs at least two points"
        read.diagnostics.append(error("bad-arguments", message, statement.span))
    elif _distinct(read, statement, points, MAX_ON_LINE):
        if any(points in (other, other[::-1]) for other, _ in read.collinear):
            return
        if sum(comb(len(line), 3) for line, _ in read.collinear) + comb(len(points), 3) > MAX_TRIPLES:
            message = "the lines of this construction have too many points in all"
            read.diagnostics.append(error("too-long", message, statement.span))
            return
        read.collinear.append((points, position))


def _read_cocircular(read: Statements, statement: Call, position: int) -> None:
    words = _words(read, statement)
    if words is None:
        return
    if not words or len(words[0]) != 1:
        message = "Cocircular names the circle first, then its points"
        hint = "for instance Cocircular(O,ABC)"
        read.diagnostics.append(error("bad-arguments", message, statement.span, hint))
        return
    points = tuple(map(intern, letters(statement)))
    if _distinct(read, statement, points, MAX_ON_CIRCLE):
        read.cocircular.append((points[0], points[1:], position))


def _read_shape(
    read: Statements, statement: Call, position: int, ambiguous: list[tuple[list[tuple[Side, ...]], int]]
) -> None:
    words = _words(read, statement)
    if words is None:
        return
    bad = _shape_problem(words)
    if bad:
        read.diagnostics.append(error("bad-arguments", bad, statement.span))
        return
    sizes = [len(word) for word in words]
    if sizes == [1]:
        read.points.append((words[0][0], position))
    elif sizes == [2]:
        read.lines.append((words[0][0], words[0][1], position))
    elif sizes == [2, 2] and words[0][1] == words[1][0] and words[0][0] != words[1][1]:
        read.corners.append((words[0][0], words[0][1], words[1][1], position))
    else:
        found = walks(words) if sizes != [2, 2] and len(words) > 1 else []
        if len(found) == 1:
            read.cells.append(Cell(found[0], position))
        elif found:
            # The place in `cells` is kept, the choice waits for the other cells.
            ambiguous.append((found, len(read.cells)))
            read.cells.append(Cell(found[0], position))
        else:
            message = "the sides of this shape do not run head to tail round a region"
            hint = "a shape is walked counter-clockwise; an angle is Shape(AB,BC)"
            read.diagnostics.append(
                Diagnostic("bad-arguments", Severity.WARNING, message, statement.span, hint=hint)
            )
            read.open_shapes.append(OpenShape(tuple(words), position))


def _shape_problem(words: list[Word]) -> str:
    if not words:
        return "a shape needs at least one side"
    if len(words) > MAX_SIDES:
        return f"a shape with more than {MAX_SIDES} sides"
    for word in words:
        if len(set(word)) != len(word):
            return f"the side {''.join(word)} names a point twice"
        if len(word) > 3 or (len(word) == 1 and len(words) > 1):
            return f"{''.join(word)} is no side: a segment has two points, an arc a circle and two points"
    if len(set(words)) != len(words):
        return "a side is named twice"
    return ""


def _settle(read: Statements, ambiguous: list[tuple[list[tuple[Side, ...]], int]]) -> None:
    """Choose the direction of regions bounded by arcs alone so that no arc has two insides."""
    if not ambiguous:
        return
    open_cells = {index for _, index in ambiguous}
    used = {
        (side.edge, side.sign)
        for index, cell in enumerate(read.cells)
        if index not in open_cells
        for side in cell.sides
    }
    for candidates, index in ambiguous:
        best = min(candidates, key=lambda walk: sum((side.edge, side.sign) in used for side in walk))
        read.cells[index] = Cell(best, read.cells[index].statement)
        used.update((side.edge, side.sign) for side in best)
