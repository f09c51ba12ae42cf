"""The published construction procedure, as slow and literal as it is described: an oracle for the tests.

Shapes are strings here, as in the data: ``("AB", "BC", "CA")``; a fact is a tuple of letters.
Cells are joined one by one until nothing new comes, so this is exponential in the number of cells.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

Letters = tuple[str, ...]


class Reference:
    """Runs the whole procedure on construction statements given as (head, words)."""

    def __init__(self, statements: Iterable[tuple[str, tuple[str, ...]]], limit: int = 20_000) -> None:
        self.limit = limit
        self.complete = True
        self.points: set[str] = set()
        self.lines: set[Letters] = set()
        self.angles: dict[Letters, None] = {}
        self.polygons: set[Letters] = set()
        self.circles: set[str] = set()
        self.arcs: set[Letters] = set()
        self.collinear: set[Letters] = set()
        self.cocircular: set[Letters] = set()
        self.shapes: set[tuple[str, ...]] = set()
        self.declared: list[Letters] = []
        statements = list(dict.fromkeys(statements))
        for head, words in statements:
            if head == "Collinear":
                self._collinear(tuple("".join(words)))
        for head, words in statements:
            if head == "Cocircular":
                self._cocircular(words[0], tuple("".join(words[1:])))
        self._shapes([words for head, words in statements if head == "Shape"])
        self._sums()
        self._aliases()
        for a, v, b in list(self.angles):
            self._angle(b, v, a)

    def _point(self, a: str) -> None:
        self.points.add(a)

    def _line(self, a: str, b: str) -> None:
        if a != b:
            self.lines |= {(a, b), (b, a)}
            self.points |= {a, b}

    def _angle(self, a: str, v: str, b: str) -> None:
        if len({a, v, b}) == 3:
            self.angles.setdefault((a, v, b))
            self._line(a, v)
            self._line(v, b)

    def _collinear(self, row: Letters) -> None:
        if row in self.collinear or len(set(row)) != len(row):
            return
        self.declared.append(row)
        self.collinear |= {row, row[::-1]}
        self._line(row[0], row[-1])
        for a, b, c in combinations(row, 3):
            self.collinear |= {(a, b, c), (c, b, a)}
            self._angle(a, b, c)
            self._angle(c, b, a)

    def _cocircular(self, circle: str, row: Letters) -> None:
        if (circle, *row) in self.cocircular or len({circle, *row}) != len(row) + 1:
            return
        self.cocircular.add((circle, *row))
        self.circles.add(circle)
        for size in range(1, len(row) + 1):
            for subset in combinations(row, size):
                for k in range(size):
                    self.cocircular.add((circle, *subset[k:], *subset[:k]))
                if size == 2:
                    self.arcs |= {(circle, *subset), (circle, *subset[::-1])}

    def _shapes(self, shapes: list[tuple[str, ...]]) -> None:
        units: dict[tuple[str, ...], frozenset[tuple[str, ...]]] = {}
        for words in shapes:
            if len(words) == 1 and len(words[0]) == 1:
                self._point(words[0])
            elif len(words) == 1:
                self._line(words[0][0], words[0][1])
            elif len(words) == 2 and len(words[0]) == 2 == len(words[1]):
                self._angle(words[0][0], words[0][1], words[1][1])
            elif len(set(words)) == len(words) and all(len(set(w)) == len(w) in (2, 3) for w in words):
                for rotation in self._shape(words):
                    units[rotation] = frozenset([words])
        combs = dict(units)
        while combs and self.complete:
            fresh: dict[tuple[str, ...], frozenset[tuple[str, ...]]] = {}
            for unit, unit_pieces in units.items():
                for comb, comb_pieces in combs.items():
                    if unit_pieces <= comb_pieces or not _matches(unit[-1], comb[0]):
                        continue
                    joined = _join(unit, comb)
                    if joined is None or joined in self.shapes:
                        continue
                    for rotation in self._shape(joined):
                        fresh[rotation] = unit_pieces | comb_pieces
                if len(self.shapes) > self.limit:
                    self.complete = False
                    return
            combs = fresh

    def _shape(self, words: tuple[str, ...]) -> list[tuple[str, ...]]:
        rotations = [words[k:] + words[:k] for k in range(len(words))]
        self.shapes.update(rotations)
        sides = list(words)
        for word in words:
            if len(word) == 2:
                self._line(word[0], word[1])
        i = 0
        while i < len(sides):
            j = (i + 1) % len(sides)
            one, two = sides[i], sides[j]
            if len(one) == 2 == len(two):
                self._angle(one[0], one[1], two[1])
                if (one[0], one[1], two[1]) in self.collinear:
                    sides[i] = one[0] + two[1]
                    del sides[j]
                    if j < i:
                        i -= 1
                    continue
            i += 1
        if len(sides) > 2 and all(len(side) == 2 for side in sides):
            if all(side[1] == sides[(k + 1) % len(sides)][0] for k, side in enumerate(sides)):
                corners = tuple(side[0] for side in sides)
                if len(set(corners)) == len(corners):
                    self.polygons |= {corners[k:] + corners[:k] for k in range(len(corners))}
        return rotations

    def _sums(self) -> None:
        units = list(self.angles)
        by_end: dict[tuple[str, str], list[Letters]] = {}
        for unit in units:
            by_end.setdefault((unit[1], unit[2]), []).append(unit)
        combs: dict[Letters, frozenset[Letters]] = {unit: frozenset([unit]) for unit in units}
        while combs:
            fresh: dict[Letters, frozenset[Letters]] = {}
            for comb, pieces in combs.items():
                _, v, d = comb
                for unit in by_end.get((v, comb[0]), ()):
                    a = unit[0]
                    if a == d or unit in pieces:
                        continue
                    if any(x in self.angles for x in ((a, v, d), (a, d, v), (d, a, v))):
                        continue
                    self.angles[a, v, d] = None
                    fresh[a, v, d] = pieces | {unit}
            combs = fresh

    def _aliases(self) -> None:
        for a, v, b in list(self.angles):
            for x in self._same_side(v, a):
                for y in self._same_side(v, b):
                    self._angle(x, v, y)

    def _same_side(self, v: str, a: str) -> Letters:
        found: Letters = (a,)
        for row in self.declared:
            if v in row and a in row:
                k = row.index(v)
                found = row[:k] if row.index(a) < k else row[k + 1 :]
        return found


def _matches(one: str, two: str) -> bool:
    return one == (two if len(one) == 3 else two[::-1]) and len(one) == len(two)


def _join(unit: tuple[str, ...], comb: tuple[str, ...]) -> tuple[str, ...] | None:
    run = 1
    while run < min(len(unit), len(comb)) and _matches(unit[-1 - run], comb[run]):
        run += 1
    joined = unit[: len(unit) - run] + comb[run:]
    if len(set(joined)) != len(joined):
        return None
    ends = "".join(word[-2:] for word in joined)
    if any(ends.count(letter) > 2 for letter in ends):
        return None
    return joined or None
