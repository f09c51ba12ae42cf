"""A digest of a problem that renaming its points and symbols does not change, and the split by it.

Colours of points and symbols are refined by the statements that they stand in, as in the Weisfeiler-Leman
test.  Copies of one problem under other names, with statements in another order or in an equivalent
spelling, always agree; two different problems could agree too, and would then only share a split.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final, Literal

from fgps.lang.ast import Call, Number, Points, Symbol, Term, letters, symbols
from fgps.problem.model import Problem
from fgps.theory.model import Attribute, Predicate, Theory

#: What decides the split: the whole problem, or its construction alone (so that problems about one figure,
#: with other numbers or goals, stay together).
SplitBy = Literal["problem", "construction"]
SPLITS: Final = ("train", "val", "test")

_ROUNDS: Final = 4
_SYMMETRIC: Final = ("Equal", "Add", "Mul", "NotEqual")

Colours = Mapping[str, str]


def renaming_digest(problem: Problem, by: SplitBy = "problem") -> str:
    """Hex SHA-256, equal for copies of a problem under other names."""
    told = problem.declaration
    statements: list[tuple[str, Term]] = [("construct", statement) for statement in told.construct]
    if by == "problem":
        statements += [("given", given.term) for given in problem.givens]
        if problem.goal is not None:
            statements.append((f"find {problem.goal.kind}", problem.goal.term))
    return _Refinement(problem.theory, statements).digest()


def split_of(digest: str, seed: int, shares: tuple[float, float, float]) -> str:
    """``train``, ``val`` or ``test`` for a digest; other problems of the data set do not matter.

    ``shares`` add up to 1.
    """
    number = int.from_bytes(hashlib.sha256(f"{seed}:{digest}".encode()).digest()[:8], "big") / 2**64
    if number < shares[0]:
        return "train"
    return "val" if number < shares[0] + shares[1] else "test"


class _Refinement:
    def __init__(self, theory: Theory, statements: Iterable[tuple[str, Term]]) -> None:
        self._declared: dict[str, Predicate | Attribute] = {**theory.predicates, **theory.attributes}
        self._statements = list(statements)
        self._names = [
            dict.fromkeys((*letters(term), *(f"symbol {s.name}" for s in symbols(term) if s.name != "pi")))
            for _, term in self._statements
        ]

    def digest(self) -> str:
        """The digest once the colours are refined."""
        colours: dict[str, str] = {name: "" for names in self._names for name in names}
        for _ in range(_ROUNDS):
            seen: dict[str, list[str]] = {name: [] for name in colours}
            for (kind, term), names in zip(self._statements, self._names, strict=True):
                for name in names:
                    seen[name].append(_hash(kind, self._shape(term, {**colours, name: "me" + colours[name]})))
            colours = {name: _hash(colours[name], *sorted(set(found))) for name, found in seen.items()}
        shapes = {_hash(kind, self._shape(term, colours)) for kind, term in self._statements}
        whole = "\n".join((*sorted(shapes), *sorted(colours.values())))
        return hashlib.sha256(whole.encode()).hexdigest()

    def _shape(self, term: Term, colours: Colours) -> str:
        """A term with colours for names, the same for all equivalent spellings."""
        if isinstance(term, Number):
            return str(term.value)
        if isinstance(term, Symbol):
            return colours.get(f"symbol {term.name}", term.name)
        if isinstance(term, Points):
            return " ".join(colours[name] for name in term.names)
        if not isinstance(term, Call):
            return "text"
        if term.args and all(isinstance(argument, Points) for argument in term.args):
            return self._figure(term, colours)
        parts = [self._shape(argument, colours) for argument in term.args]
        return _hash(term.head, *(sorted(parts) if term.head in _SYMMETRIC else parts))

    def _figure(self, term: Call, colours: Colours) -> str:
        """A predicate or attribute of points: the least of its spellings."""
        row = [colours[name] for name in letters(term)]
        words = [" ".join(colours[n] for n in word.names) for word in term.args if isinstance(word, Points)]
        declared = self._declared.get(term.head)
        spellings: Iterable[list[str]]
        if declared is not None and declared.symmetries:
            spellings = ([row[i] for i in symmetry] for symmetry in declared.symmetries)
        elif term.head == "Collinear":
            spellings = (row, row[::-1])
        elif term.head == "Cocircular":
            spellings = (row[:1] + turned for turned in _rotations(row[1:]))
        else:
            spellings = _rotations(words)
        return _hash(term.head, *min(spellings))


def _rotations(row: list[str]) -> list[list[str]]:
    return [row[i:] + row[:i] for i in range(len(row))] or [row]


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()
