"""The fact store: relations known so far, each spelling findable by any bound points.

Facts are kept under one canonical spelling; rows for matching hold every
spelling that the predicate's symmetries allow.  Construction facts come from the problem
and get an entry only when something rests on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fgps.engine.records import Entry, Origin
from fgps.lang.ast import Call
from fgps.problem.construction import Construction
from fgps.problem.facts import Fact
from fgps.theory.instantiate import spell
from fgps.theory.model import Predicate, Theory

Row = tuple[str, ...]


class FactStore:
    """Relations with provenance, indexed for joins."""

    def __init__(
        self,
        theory: Theory,
        construction: Construction,
        canonical: Callable[[str, Row], Row],
    ) -> None:
        self._theory = theory
        self._construction = construction
        self._canonical = canonical
        self.entries: list[Entry] = []
        self._ids: dict[Fact, int] = {}
        self._rows: dict[str, list[Row]] = {}
        self._indexes: dict[tuple[str, int, tuple[int, ...]], dict[Row, list[Row]]] = {}
        for predicate, points in construction.facts:
            self._rows.setdefault(predicate, []).append(points)

    def record(self, statement: Call, fact: Fact | None, origin: Origin) -> int:
        """A new entry, whatever is known already; returns its number."""
        number = len(self.entries)
        self.entries.append(Entry(number, statement, fact, origin))
        return number

    def find(self, predicate: str, points: Row) -> int | None:
        """The entry of a relation in any spelling, or None."""
        return self._ids.get((predicate, self._canonical(predicate, points)))

    def add(self, predicate: str, points: Row, statement: Call, origin: Origin) -> int | None:
        """Enter a relation; None if it was known."""
        key = (predicate, self._canonical(predicate, points))
        if key in self._ids:
            return None
        number = self.record(statement, (predicate, points), origin)
        self._ids[key] = number
        for row in self.spellings(predicate, points):
            self._insert(predicate, row)
        return number

    def require_construction(self, predicate: str, points: Row, declared: Predicate) -> int | None:
        """The entry of a construction fact, made on first use; None if there is no such fact."""
        known = self._ids.get((predicate, points))
        if known is not None:
            return known
        if not self._construction.has((predicate, points)):
            return None
        number = self.record(spell(declared, points), (predicate, points), Origin("construction"))
        self._ids[(predicate, points)] = number
        return number

    def spellings(self, predicate: str, points: Row) -> list[Row]:
        """All equivalent spellings, the given one first, without repetition."""
        symmetries = self._theory.predicates[predicate].symmetries
        if len(symmetries) <= 1:
            return [points]
        return list(dict.fromkeys(tuple(points[i] for i in s) for s in symmetries))

    def rows(self, predicate: str) -> list[Row]:
        """Every spelling of every known fact of a predicate (grows while facts are added)."""
        return self._rows.get(predicate, [])

    def count(self, predicate: str) -> int:
        """How many rows a predicate has."""
        return len(self._rows.get(predicate, ()))

    def matching(self, predicate: str, size: int, positions: tuple[int, ...], values: Row) -> Iterable[Row]:
        """Rows of ``size`` points that have ``values`` at ``positions``."""
        key = (predicate, size, positions)
        index = self._indexes.get(key)
        if index is None:
            index = {}
            for row in self._rows.get(predicate, ()):
                if len(row) == size:
                    index.setdefault(tuple([row[i] for i in positions]), []).append(row)
            self._indexes[key] = index
        return index.get(values, ())

    def _insert(self, predicate: str, row: Row) -> None:
        self._rows.setdefault(predicate, []).append(row)
        for (name, size, positions), index in self._indexes.items():
            if name == predicate and size == len(row):
                index.setdefault(tuple([row[i] for i in positions]), []).append(row)
