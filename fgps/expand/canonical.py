"""One form for all problems that differ only in the names of points and symbols.

A problem is a set of atoms (construction statements, givens, goal) over points and symbols.  Colours of
names are refined by the atoms they stand in until nothing changes; where names remain that look alike,
each is singled out in turn and the least form counts.  Equal forms mean that a renaming takes one
problem to the other; the converse holds unless a figure is so symmetric that the search for the least
form is cut short.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from fgps.lang.ast import Call, Number, Points, Symbol, Term, letters, symbols
from fgps.problem.model import Problem
from fgps.problem.quantities import Quantities

#: Leaves of the search for the least form.
MAX_LEAVES: Final = 720
_COMMUTES: Final = frozenset({"Equal", "Add", "Mul"})

Colours = Mapping[str, int]
#: The form of an atom under a colouring of names.
Form = Callable[[Colours], Any]


@dataclass(frozen=True, slots=True)
class _Atom:
    names: tuple[str, ...]
    form: Form


def canonical_key(problem: Problem, numbers: bool = True) -> str:
    """A digest that is the same for problems that differ only in names, order and equivalent spellings.

    Without ``numbers`` problems with other numbers have the same key too: the pattern of a problem.
    """
    return sha256(repr(canonical_form(problem, numbers)).encode()).hexdigest()[:32]


def canonical_form(problem: Problem, numbers: bool = True) -> tuple[Any, ...]:
    """The form behind `canonical_key`: nested tuples without any name."""
    atoms = _atoms(problem, numbers)
    names = sorted({name for atom in atoms for name in atom.names})
    # Points begin with a capital; the kind of a name is its first colour.
    start = {name: int(not name[:1].isupper()) for name in names}
    return _Least(atoms).search(start)


class _Least:
    """Looks for the least form among all orders of names that refinement leaves."""

    def __init__(self, atoms: Sequence[_Atom]) -> None:
        self.atoms = atoms
        self.leaves = 0
        self.best: tuple[Any, ...] | None = None
        self.where: dict[str, list[int]] = {}
        for number, atom in enumerate(atoms):
            for name in dict.fromkeys(atom.names):
                self.where.setdefault(name, []).append(number)

    def search(self, colours: Colours) -> tuple[Any, ...]:
        self._descend(self._refine(colours))
        assert self.best is not None
        return self.best

    def _descend(self, colours: Colours) -> None:
        if self.best is not None and self.leaves >= MAX_LEAVES:
            return
        cells: dict[int, list[str]] = {}
        for name in sorted(colours):
            cells.setdefault(colours[name], []).append(name)
        open_cells = [cells[colour] for colour in sorted(cells) if len(cells[colour]) > 1]
        if not open_cells:
            self.leaves += 1
            form = tuple(sorted(atom.form(colours) for atom in self.atoms))
            if self.best is None or form < self.best:
                self.best = form
            return
        for name in min(open_cells, key=len):
            single = {other: 2 * colour + 1 for other, colour in colours.items()}
            single[name] -= 1
            self._descend(self._refine(single))

    def _refine(self, colours: Colours) -> Colours:
        """Colours split by what the names of one colour stand in, until nothing changes."""
        count = len(set(colours.values()))
        while True:
            seen = {name: (colours[name], self._surroundings(name, colours)) for name in colours}
            ranks = {key: rank for rank, key in enumerate(sorted(set(seen.values())))}
            colours = {name: ranks[key] for name, key in seen.items()}
            if len(ranks) == count:
                return colours
            count = len(ranks)

    def _surroundings(self, name: str, colours: Colours) -> tuple[Any, ...]:
        marked = dict(colours)
        marked[name] = -1 - colours[name]
        return tuple(sorted(self.atoms[number].form(marked) for number in self.where.get(name, ())))


# Atoms --------------------------------------------------------------------------------------


def _atoms(problem: Problem, numbers: bool) -> list[_Atom]:
    declaration = problem.declaration
    reader = _Reader(problem, numbers)
    atoms = [_construction(statement) for statement in declaration.construct]
    atoms += [reader.atom("given", given.term) for given in problem.givens]
    if problem.goal is not None:
        atoms.append(reader.atom(f"goal {problem.goal.kind}", problem.goal.term))
    return atoms


def _construction(statement: Call) -> _Atom:
    words = tuple(letters(argument) for argument in statement.args)
    row = letters(statement)
    if statement.head == "Collinear":
        spellings: list[tuple[tuple[str, ...], ...]] = [(row,), (row[::-1],)]
    elif statement.head == "Cocircular":
        circle, rest = row[:1], row[1:]
        spellings = [(circle, rest[k:] + rest[:k]) for k in range(max(1, len(rest)))]
    elif _closes(words):
        spellings = [words[k:] + words[:k] for k in range(len(words))]
    else:
        spellings = [words]

    def form(colours: Colours) -> Any:
        return ("", statement.head, min(tuple(_painted(w, colours) for w in s) for s in spellings))

    return _Atom(row, form)


def _closes(words: Sequence[tuple[str, ...]]) -> bool:
    """Whether the sides of a shape may come round to their start (a corner of two lines does not)."""
    return len(words) > 2 or (len(words) == 2 and any(len(word) == 3 for word in words))


def _painted(word: Iterable[str], colours: Colours) -> tuple[int, ...]:
    return tuple(colours[name] for name in word)


class _Reader:
    """Compiles givens and goals to forms."""

    def __init__(self, problem: Problem, numbers: bool) -> None:
        self.theory = problem.theory
        self.quantities = Quantities(problem.theory, problem.construction)
        self.numbers = numbers

    def atom(self, role: str, statement: Term) -> _Atom:
        inner = self.term(statement)
        names: dict[str, None] = {}

        def form(colours: Colours) -> Any:
            return (role, inner(colours))

        for name in self.names(statement):
            names[name] = None
        return _Atom(tuple(names), form)

    def names(self, term: Term) -> list[str]:
        """The names whose colours a form reads: those of all spellings of its quantities."""
        found = [symbol.name for symbol in symbols(term) if symbol.name != "pi"]
        if isinstance(term, Call) and term.head in self.theory.attributes:
            rows = self.quantities.spellings(term.head, letters(term))
            found += [name for row in rows for name in row]
        elif isinstance(term, Call) and term.head in self.theory.predicates:
            found += letters(term)
        elif isinstance(term, Call):
            found += [name for argument in term.args for name in self.names(argument)]
        return found

    def term(self, term: Term) -> Form:
        """The form of a term; every form is a tuple that begins with a text, so that any two compare."""
        if isinstance(term, Number):
            constant = ("number", str(term.value) if self.numbers else "")
            return lambda colours: constant
        if isinstance(term, Symbol):
            name = term.name
            if name == "pi":
                return lambda colours: ("pi",)
            return lambda colours: ("symbol", str(colours[name]).rjust(6))
        if isinstance(term, Points) or not isinstance(term, Call):
            text = repr(term)
            return lambda colours: ("text", text)
        declared = self.theory.attributes.get(term.head)
        if declared is not None:
            return _row(term.head, self.quantities.spellings(term.head, letters(term)))
        predicate = self.theory.predicates.get(term.head)
        if predicate is not None:
            points = letters(term)
            return _row(term.head, [tuple(points[i] for i in s) for s in predicate.symmetries] or [points])
        parts = [self.term(argument) for argument in term.args]
        head = term.head
        if head in _COMMUTES:
            return lambda colours: (head, *sorted(part(colours) for part in parts))
        return lambda colours: (head, *(part(colours) for part in parts))


def _row(head: str, spellings: Sequence[tuple[str, ...]]) -> Form:
    def form(colours: Colours) -> Any:
        least = min(tuple(colours[name] for name in row) for row in spellings)
        return (head, ",".join(f"{colour:4d}" for colour in least))

    return form
