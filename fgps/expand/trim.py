"""The part of a problem that a proof needs: its givens, and a construction without idle points and segments.

Cells round a point that goes are joined to one; what a cell or a line loses must not be needed.  Whether a
smaller construction still holds what is needed is always tested, never assumed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from fgps.expand.proofs import Support
from fgps.lang.ast import Call, Points, ProblemDeclaration, letters
from fgps.problem.build import build_problem
from fgps.problem.construction import Construction
from fgps.problem.facts import Fact
from fgps.problem.shapes import Side, read_statements
from fgps.theory.model import Theory

Word = tuple[str, ...]
Walk = tuple[Side, ...]


def trimmed(declaration: ProblemDeclaration, needs: Support, theory: Theory) -> ProblemDeclaration:
    """The declaration with only the givens and the parts of the construction that are needed."""
    kept = set(needs.givens)
    smaller = replace(
        declaration,
        given=tuple(dict.fromkeys(g for g in (*declaration.given, *declaration.image) if g in kept)),
        image=(),
    )
    if not _holds(smaller, needs.facts, theory):
        return declaration
    needed = {*needs.points, *(name for g in smaller.given for name in letters(g))}
    needed.update(letters(smaller.find) if smaller.find is not None else ())
    smaller = _without_names(smaller, needed, needs.facts, theory)
    return _without_segments(smaller, needs.facts, theory)


def _without_names(
    declaration: ProblemDeclaration, needed: set[str], facts: Sequence[Fact], theory: Theory
) -> ProblemDeclaration:
    names = dict.fromkeys(name for statement in declaration.construct for name in letters(statement))
    for name in names:
        if name in needed:
            continue
        plane = _Plane(declaration.construct, facts)
        if not plane.remove(name):
            continue
        smaller = replace(declaration, construct=plane.statements())
        if _holds(smaller, facts, theory):
            declaration = smaller
    return declaration


def _without_segments(
    declaration: ProblemDeclaration, facts: Sequence[Fact], theory: Theory
) -> ProblemDeclaration:
    """Join cells across segments that nothing needs; the segments of a declared line stay."""
    plane = _Plane(declaration.construct, facts)
    edges = dict.fromkeys(side.edge for cell in plane.cells for side in cell if side.straight)
    needed = {fact[1] for fact in facts if fact[0] == "Line"}
    for edge in edges:
        on_line = any(set(edge) <= set(line) for line in plane.collinear)
        if on_line or edge in needed or edge[::-1] in needed:
            continue
        plane = _Plane(declaration.construct, facts)
        if not plane.join_across(edge):
            continue
        smaller = replace(declaration, construct=plane.statements())
        if _holds(smaller, facts, theory):
            declaration = smaller
    return declaration


def _holds(declaration: ProblemDeclaration, facts: Iterable[Fact], theory: Theory) -> bool:
    """Whether givens and goal make sense and the construction has these facts."""
    problem = build_problem(declaration, theory)
    if problem.diagnostics:
        return False
    return has_all(problem.construction, facts)


def has_all(construction: Construction, facts: Iterable[Fact]) -> bool:
    """Whether a construction has all these facts."""
    return all(construction.has(fact) for fact in facts)


class _Plane:
    """Construction statements taken apart, ready to lose something."""

    def __init__(self, statements: Sequence[Call], facts: Sequence[Fact]) -> None:
        read = read_statements(statements)
        self.points = [name for name, _ in read.points]
        self.segments = [(a, b) for a, b, _ in read.lines]
        self.corners = [(a, v, b) for a, v, b, _ in read.corners]
        self.cells: list[Walk] = [cell.sides for cell in read.cells]
        self.open_shapes = [shape.words for shape in read.open_shapes]
        self.collinear = [line for line, _ in read.collinear]
        self.cocircular = [(circle, row) for circle, row, _ in read.cocircular]
        self.drawn = {fact[1] for fact in facts if fact[0] == "Line"}

    def statements(self) -> tuple[Call, ...]:
        """The construction statements again."""
        shapes: list[list[Word]] = [[side.spelling for side in cell] for cell in self.cells]
        shapes += [[(a, v), (v, b)] for a, v, b in self.corners]
        shapes += [list(words) for words in self.open_shapes]
        shapes += [[segment] for segment in self.segments]
        shapes += [[(point,)] for point in self.points]
        made = [Call("Shape", tuple(map(Points, words))) for words in shapes]
        made += [Call("Collinear", (Points(line),)) for line in self.collinear]
        for circle, row in self.cocircular:
            words = ((circle,), row) if row else ((circle,),)
            made.append(Call("Cocircular", tuple(map(Points, words))))
        return tuple(dict.fromkeys(made))

    def remove(self, name: str) -> bool:
        """Take a point, or a circle, out; False where that cannot be done."""
        if not self._leave_cells(name):
            return False
        self.points = [point for point in self.points if point != name]
        self.segments = [segment for segment in self.segments if name not in segment]
        self.open_shapes = [words for words in self.open_shapes if all(name not in word for word in words)]
        self.corners = [corner for old in self.corners if (corner := self._other_corner(old, name))]
        lines = []
        for line in self.collinear:
            rest = tuple(point for point in line if point != name)
            if len(rest) > 2:
                lines.append(rest)
            elif len(rest) == 2 and (rest in self.drawn or rest[::-1] in self.drawn):
                self.segments.append((rest[0], rest[1]))
        self.collinear = lines
        self.cocircular = [
            (circle, tuple(point for point in row if point != name))
            for circle, row in self.cocircular
            if circle != name
        ]
        return True

    def join_across(self, edge: Word) -> bool:
        """Join the two cells on both sides of a segment."""
        touching = [cell for cell in self.cells if any(side.edge == edge for side in cell)]
        if len(touching) != 2:
            return False
        loops = _union(touching)
        if loops is None or len(loops) != 1:
            return False
        self.cells = [cell for cell in self.cells if cell not in touching] + loops
        return True

    def _leave_cells(self, name: str) -> bool:
        """Join the cells at a name, or let them go if it stays at a corner of their union."""
        touching = [cell for cell in self.cells if any(name in (s.start, s.end, s.circle) for s in cell)]
        if not touching:
            return True
        self.cells = [cell for cell in self.cells if cell not in touching]
        loops = _union(touching)
        if loops is None or len(loops) != 1:
            return loops is None
        whole = self._smoothed(loops[0], name)
        if all(name not in (s.start, s.end, s.circle) for s in whole) and len(whole) > 1:
            self.cells.append(whole)
        return True

    def _smoothed(self, walk: Walk, name: str) -> Walk:
        """The walk without a point that it passes straight on, or along one circle."""
        for k, side in enumerate(walk):
            following = walk[(k + 1) % len(walk)]
            if side.end != name or side is following:
                continue
            fused = self._fused(side, following)
            if fused is not None:
                rest = [s for s in walk if s is not side and s is not following]
                place = k if k + 1 < len(walk) else len(rest)
                return (*rest[:place], fused, *rest[place:])
        return walk

    def _fused(self, one: Side, two: Side) -> Side | None:
        a, v, b = one.start, one.end, two.end
        if one.circle is not None:
            if one.circle != two.circle or one.sign != two.sign or a == b:
                return None
            ends = (a, b) if one.sign > 0 else (b, a)
            return Side(a, b, one.circle, (one.circle, *ends), one.sign)
        if two.circle is not None or not any(self._between(a, v, b, line) for line in self.collinear):
            return None
        return Side(a, b, None, (a, b) if a <= b else (b, a), 1 if a <= b else -1)

    def _other_corner(self, corner: tuple[str, str, str], name: str) -> tuple[str, str, str] | None:
        """A corner that does not need the name: with another point on the same ray."""
        a, v, b = corner
        if v == name:
            return None
        ends = [self._on_ray(v, end, name) if end == name else end for end in (a, b)]
        if ends[0] is None or ends[1] is None:
            return None
        return (ends[0], v, ends[1])

    def _on_ray(self, vertex: str, end: str, name: str) -> str | None:
        for line in self.collinear:
            if vertex in line and end in line:
                at = line.index(vertex)
                ray = line[at + 1 :] if line.index(end) > at else line[:at][::-1]
                for point in ray:
                    if point != name:
                        return point
        return None

    @staticmethod
    def _between(a: str, v: str, b: str, line: Word) -> bool:
        if not {a, v, b} <= set(line):
            return False
        i, j, k = line.index(a), line.index(v), line.index(b)
        return i < j < k or k < j < i


def _union(cells: Sequence[Walk]) -> list[Walk] | None:
    """The boundary of a union of cells as closed walks; None where it touches itself."""
    sides = [side for cell in cells for side in cell]
    present = {(side.edge, side.sign) for side in sides}
    outer = [side for side in sides if (side.edge, -side.sign) not in present]
    following = {side.start: side for side in outer}
    if len(following) != len(outer):
        return None
    loops: list[Walk] = []
    left = dict.fromkeys(outer)
    while left:
        first = next(iter(left))
        walk, side = [], first
        while side in left:
            del left[side]
            walk.append(side)
            if side.end not in following:
                return None
            side = following[side.end]
        if side is not first:
            return None
        loops.append(tuple(walk))
    return loops
