"""The proof as a reader wants it, from a checked certificate.

Givens come first; facts of the construction are folded into the steps that use them; what a
relation means by definition is told together with the relation; conclusions of one application
of a theorem are one step.  Steps are numbered from 1, and every premise names the step that it is from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from fgps.engine.records import Application
from fgps.lang.ast import Call
from fgps.lang.parse import parse_statement
from fgps.problem.model import Problem
from fgps.theory.instantiate import consequences, instance
from fgps.theory.model import CONSTRUCTIVE, Theory

Kind = Literal["given", "theorem", "algebra"]
#: So many facts of the figure in a row are shown as one.
_RUN: Final = 8


@dataclass(frozen=True, slots=True)
class Premise:
    """A statement that a step rests on, and the number of the step that says so."""

    statement: Call
    number: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step for the reader.

    ``statements`` are its conclusions, ``meanings`` what follows from them by definition and is used;
    ``figure`` facts of the construction, ``same`` equations between two names of one quantity,
    ``guards`` inequalities read off the diagram.  ``value`` is the exact value (as text) if the step
    answers a goal ``Value(term)``.  ``entries`` are the numbers of the certificate's steps.
    """

    number: int
    kind: Kind
    statements: tuple[Call, ...]
    meanings: tuple[Call, ...] = ()
    premises: tuple[Premise, ...] = ()
    figure: tuple[Call, ...] = ()
    same: tuple[Call, ...] = ()
    guards: tuple[Call, ...] = ()
    application: Application | None = None
    value: str = ""
    entries: tuple[int, ...] = ()

    @property
    def references(self) -> tuple[int, ...]:
        """The numbers of the steps that this one rests on, each once."""
        return tuple(sorted({premise.number for premise in self.premises}))


@dataclass(frozen=True, slots=True)
class Reading:
    """A problem with its proof; ``steps`` is empty where there is none, and ``missing`` says why.

    ``answer`` is the exact value of the goal as text, ``about`` its decimal where that helps.
    """

    problem: Problem = field(repr=False)
    steps: tuple[Step, ...] = ()
    answer: str = ""
    about: str = ""
    verdict: str = ""
    missing: str = ""

    @property
    def givens(self) -> tuple[Step, ...]:
        """The givens that the proof uses."""
        return tuple(step for step in self.steps if step.kind == "given")

    @property
    def derived(self) -> tuple[Step, ...]:
        """The steps proper."""
        return tuple(step for step in self.steps if step.kind != "given")

    @property
    def runs(self) -> tuple[tuple[Step, ...], ...]:
        """Long rows of steps that follow from the construction alone, such as sums of angles."""
        rows: list[list[Step]] = [[]]
        for step in self.derived[:-1]:
            if step.kind == "theorem" and not step.premises:
                rows[-1].append(step)
            elif rows[-1]:
                rows.append([])
        return tuple(tuple(row) for row in rows if len(row) >= _RUN)

    def users(self, number: int) -> tuple[int, ...]:
        """The steps that rest on a step."""
        return tuple(step.number for step in self.steps if number in step.references)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A step of the certificate."""

    id: int
    rule: str
    statement: Call
    premises: tuple[int, ...]
    application: Application | None


def read_proof(problem: Problem, certificate: Mapping[str, Any] | None, verdict: str = "") -> Reading:
    """The reader's proof of a certificate that the checker has accepted (it is not checked again).

    Raises ValueError if a statement of the certificate cannot be read.
    """
    if certificate is None:
        return Reading(problem, missing=verdict)
    entries = [_entry(step) for step in certificate["steps"]]
    answer = certificate.get("answer") or ""
    return Reading(problem, _Reader(problem.theory, entries, answer).steps(), answer, _about(answer), verdict)


def _entry(step: Mapping[str, Any]) -> _Entry:
    statement = parse_statement(step["says"])
    if not isinstance(statement, Call):
        raise ValueError(f"step {step['id']} of the certificate is no statement")
    application = None
    if step["rule"] == "theorem":
        words = step["points"]
        points = tuple(name for word in words for name in word)
        groups = tuple(len(word) for word in words)
        application = Application(step["theorem"], step["branch"], points, groups)
    return _Entry(step["id"], step["rule"], statement, tuple(step.get("from", ())), application)


def _about(answer: str) -> str:
    """A decimal for an answer that is no plain number."""
    from fgps.render.numbers import exact_of

    number = exact_of(answer) if answer else None
    if number is None or number.is_rational:
        return ""
    return f"{float(number):.6g}"


class _Reader:
    """Folds the entries of one certificate."""

    def __init__(self, theory: Theory, entries: Sequence[_Entry], answer: str) -> None:
        self.theory = theory
        self.entries = {entry.id: entry for entry in entries}
        self.answer = answer
        self.last = entries[-1].id if entries else 0
        #: Entry -> the group that tells it: the id of the group's first entry.
        self.home: dict[int, int] = {}
        self.groups: dict[int, list[int]] = {}
        self.meanings: dict[int, list[int]] = {}
        #: What a step rests on that is no meaning itself: of a chain of meanings only the end is told.
        self.told = {p for entry in entries if entry.rule != "meaning" for p in entry.premises} | {self.last}

    def steps(self) -> tuple[Step, ...]:
        """All steps, givens first."""
        self._group()
        order = self._order()
        numbers = {first: position for position, first in enumerate(order, start=1)}
        return tuple(self._step(first, numbers) for first in order)

    def _group(self) -> None:
        applications: dict[Application, int] = {}
        for entry in self.entries.values():
            if entry.rule == "meaning":
                home = self.home.get(entry.premises[0])
                if home is not None:
                    self.home[entry.id] = home
                    self.meanings.setdefault(home, []).append(entry.id)
                    continue
            if self._is_folded(entry):
                continue
            home = entry.id
            if entry.application is not None:
                home = applications.setdefault(entry.application, entry.id)
            self.home[entry.id] = home
            self.groups.setdefault(home, []).append(entry.id)

    def _order(self) -> list[int]:
        """The groups in reading order: givens, then each step shortly before it is needed first."""
        order = [first for first in self.groups if self.entries[first].rule == "given"]
        placed = set(order)
        stack = [(self.home[self.last], False)] if self.last else []
        while stack:
            first, ready = stack.pop()
            if first in placed:
                continue
            if ready:
                placed.add(first)
                order.append(first)
                continue
            stack.append((first, True))
            sources = [s for number in self.groups[first] for s in self.entries[number].premises]
            needed = dict.fromkeys(self.home[source] for source in sources if source in self.home)
            stack += [(home, False) for home in reversed(needed) if home not in placed]
        return order

    def _is_folded(self, entry: _Entry) -> bool:
        """Facts of the construction, and equations that need nothing else: told where they are used."""
        if entry.id == self.last:
            return False
        if entry.rule == "construction":
            return True
        return entry.rule == "algebra" and all(
            self.entries[premise].rule == "construction" for premise in entry.premises
        )

    def _step(self, first: int, numbers: Mapping[int, int]) -> Step:
        entry = self.entries[first]
        members = self.groups[first]
        meanings = [number for number in self.meanings.get(first, []) if number in self.told]
        premises: list[Premise] = []
        figure: list[Call] = []
        same: list[Call] = []
        for source in entry.premises:
            home = self.home.get(source)
            said = self.entries[source]
            if home is not None:
                premises.append(Premise(said.statement, numbers[home]))
            elif said.rule == "construction":
                figure.append(said.statement)
            else:
                same.append(said.statement)
        kind: Kind = "algebra"
        if entry.rule in ("given", "theorem"):
            kind = "given" if entry.rule == "given" else "theorem"
        return Step(
            numbers[first],
            kind,
            self._statements(members),
            self._statements(meanings),
            tuple(dict.fromkeys(premises)),
            tuple(dict.fromkeys(figure)),
            tuple(dict.fromkeys(same)),
            tuple(dict.fromkeys(self._guards(entry, self.meanings.get(first, [])))),
            entry.application,
            self.answer if first == self.last else "",
            (*members, *meanings),
        )

    def _statements(self, entries: Iterable[int]) -> tuple[Call, ...]:
        return tuple(self.entries[number].statement for number in entries)

    def _guards(self, entry: _Entry, meanings: Sequence[int]) -> Iterable[Call]:
        """What the step reads off the diagram."""
        if entry.application is not None:
            theorem = self.theory.theorems[entry.application.theorem]
            names = dict(zip(theorem.letters, entry.application.points, strict=True))
            for guard in theorem.branches[entry.application.branch].where:
                yield instance(guard, names)
        for number in meanings:
            said = self.entries[number]
            source = self.entries[said.premises[0]].statement
            declared = self.theory.predicates[source.head]
            points = tuple(name for word in source.args for name in getattr(word, "names", ()))
            for statement, guards in consequences(self.theory, declared, points):
                if statement == said.statement:
                    yield from guards


def shown_figure(step: Step) -> tuple[Call, ...]:
    """The facts of the construction worth telling: order and incidence, not that a segment exists."""
    telling = ("Collinear", "Cocircular")
    assert set(telling) <= set(CONSTRUCTIVE)
    return tuple(fact for fact in step.figure if fact.head in telling)
