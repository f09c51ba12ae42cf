"""The attack on a theory: figures that satisfy the premises of a theorem and break its conclusion.

For each branch three kinds of figures are looked for, from random starts (any orientation, reflex angles and
nonconvex figures included):

- *confirming*: premises and guards hold; the conclusions must hold as well;
- *attacking*: the same, but the solver is asked to make a conclusion false while it keeps the premises;
  with ``deep``, also with two letters of the theorem standing for one point, where that is legal;
- *refuting*: one premise is left out; some figure must break the conclusion, or the premise is unneeded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal

import numpy as np

from fgps.diagram.model import Diagram
from fgps.diagram.premises import Figures, presupposed, roles
from fgps.diagram.solve import Clock
from fgps.lang.ast import Branch, Call, Points, calls, letters
from fgps.lang.printer import print_term
from fgps.theory.instantiate import instance
from fgps.theory.model import Theorem, Theory

#: Existence only: leaving these out changes nothing in a figure.
_EXISTENCE: Final = ("Point", "Line", "Angle", "Circle")

Converse = Literal["none", "first", "all"]
#: An equation that misses by less may be rounding in an ill-conditioned figure.
_CLEARLY: Final = 2.5e-5


@dataclass(frozen=True)
class CounterExample:
    """A figure (points and ``centre X``) in which the premises hold and ``statement`` does not."""

    statement: str
    points: Mapping[str, tuple[float, float]]
    merged: str = ""

    def __str__(self) -> str:
        places = " ".join(f"{name}({x:.3f},{y:.3f})" for name, (x, y) in self.points.items())
        return f"{self.statement} is false in {places}" + (f" with {self.merged}" if self.merged else "")


@dataclass(frozen=True)
class BranchReport:
    """What the attack on one branch found.

    ``confirmed`` counts figures that satisfy premises and conclusions; ``refuted`` the premises without which
    some figure breaks the conclusion; ``unneeded`` lists the others.
    """

    theorem: str
    branch: int
    confirmed: int
    counter: CounterExample | None
    refuted: tuple[str, ...] = ()
    unneeded: tuple[str, ...] = ()

    @property
    def sound(self) -> bool:
        """No counter-example, and not vacuous."""
        return self.counter is None and self.confirmed > 0


def test_theory(
    theory: Theory,
    seed: int = 0,
    effort: int = 12,
    deep: bool = True,
    converse: Converse = "all",
    seconds: float = 600.0,
    only: str = "",
) -> Iterator[BranchReport]:
    """Attack every branch (of the theorem called ``only``, if given), in the order of the theory.

    ``effort`` is the number of random starts of one try; ``converse`` says whether premises are left out:
    until the ``first`` refuting figure, ``all`` of them, or ``none``.  Stops when ``seconds`` are over.
    """
    clock = Clock.after(seconds)
    for name, theorem in theory.theorems.items():
        if only and name != only:
            continue
        for number, branch in theorem.branches.items():
            if clock.over():
                return
            yield attack(theory, theorem, branch, seed + number, effort, deep, converse, clock)


def attack(
    theory: Theory,
    theorem: Theorem,
    branch: Branch,
    seed: int = 0,
    effort: int = 12,
    deep: bool = True,
    converse: Converse = "all",
    clock: Clock | None = None,
) -> BranchReport:
    """Attack one branch.  Deterministic for a seed."""
    clock = clock or Clock.after(60.0)
    rng = np.random.default_rng([seed, *theorem.name.encode()])
    premises = (*branch.given, *branch.where)
    confirmed, counter = _attack_premises(theory, premises, branch.then, rng, effort, clock)
    if counter is None and deep:
        counter = _attack_merged(theory, branch, premises, rng, effort, clock)
    refuted: list[str] = []
    unneeded: list[str] = []
    if converse != "none" and counter is None and confirmed:
        for k, premise in enumerate(premises):
            if premise.head in _EXISTENCE:
                continue
            rest = premises[:k] + premises[k + 1 :]
            if _implied(theory, premise, (*rest, *branch.then)):
                continue
            found = _attack_premises(theory, rest, branch.then, rng, 2 * effort, clock, premises)[1]
            (refuted if found else unneeded).append(print_term(premise, "infix"))
            if found and converse == "first":
                break
    return BranchReport(theorem.name, branch.number, confirmed, counter, tuple(refuted), tuple(unneeded))


def _implied(theory: Theory, premise: Call, others: tuple[Call, ...]) -> bool:
    """Whether another statement presupposes the premise anyway."""
    return any(premise == need for other in others for need in presupposed(theory, other))


def _attack_premises(
    theory: Theory,
    premises: tuple[Call, ...],
    then: tuple[Call, ...],
    rng: np.random.Generator,
    effort: int,
    clock: Clock,
    speak: tuple[Call, ...] = (),
) -> tuple[int, CounterExample | None]:
    """Confirming figures, then figures that are pushed to break each conclusion."""
    needs = tuple(need for conclusion in then for need in presupposed(theory, conclusion))
    statements = tuple(dict.fromkeys((*premises, *needs)))
    points, circles = roles(theory, (*premises, *speak, *then))
    figures = Figures(theory, statements, points, circles)
    confirmed = 0
    for _ in range(4):
        diagram = figures.solve(None, rng, effort, clock)
        if diagram is not None:
            counter = _counter(diagram, then)
            if counter is not None:
                return 0, counter
            confirmed = diagram.count
            break
        effort *= 2
    for conclusion in then:
        diagram = figures.solve(conclusion, rng, effort, clock)
        if diagram is not None:
            counter = _counter(diagram, then)
            if counter is not None:
                return confirmed, counter
    return confirmed, None


def _counter(diagram: Diagram, then: tuple[Call, ...]) -> CounterExample | None:
    """The first model in which a conclusion is clearly false."""
    for k in range(diagram.count):
        one, rough = _model(diagram, k, 0.0), _model(diagram, k, _CLEARLY)
        for conclusion in then:
            if one.holds(conclusion) is not True and rough.holds(conclusion) is not True:
                places = dict(zip(one.points, one.coordinates[0].tolist(), strict=True))
                places |= {
                    f"centre {name}": place
                    for name, place in zip(one.circles, one.centres[0].tolist(), strict=True)
                }
                pairs = {name: (float(x), float(y)) for name, (x, y) in places.items()}
                return CounterExample(print_term(conclusion, "infix"), pairs)
    return None


def _model(diagram: Diagram, k: int, tolerance: float) -> Diagram:
    """One model, judged with this tolerance."""
    part = slice(k, k + 1)
    coordinates, centres, radii = diagram.coordinates[part], diagram.centres[part], diagram.radii[part]
    points, circles, theory = diagram.points, diagram.circles, diagram.theory
    return Diagram("exact", points, coordinates, circles, centres, radii, {}, 0.0, tolerance, theory=theory)


def _attack_merged(
    theory: Theory,
    branch: Branch,
    premises: tuple[Call, ...],
    rng: np.random.Generator,
    effort: int,
    clock: Clock,
) -> CounterExample | None:
    """Two letters for one point, wherever every statement remains legal."""
    names = list(dict.fromkeys(name for s in (*premises, *branch.then) for name in letters(s)))
    for a, b in combinations(names, 2):
        merged = {b: a}
        given = tuple(instance(s, merged) for s in premises)
        then = tuple(instance(s, merged) for s in branch.then)
        if not all(legal(theory, s) for s in (*given, *then)):
            continue
        found = _attack_premises(theory, given, then, rng, max(6, effort // 2), clock)[1]
        if found is not None:
            return CounterExample(found.statement, found.points, f"{b} = {a}")
        if clock.over():
            return None
    return None


def legal(theory: Theory, statement: Call) -> bool:
    """Whether the points of every predicate and attribute in a statement may coincide as they do."""
    for call in calls(statement):
        words = [argument.names for argument in call.args if isinstance(argument, Points)]
        if not words:
            continue
        declared = theory.predicates.get(call.head) or theory.attributes.get(call.head)
        if declared is None:
            continue
        if getattr(declared, "variadic", False) or not declared.declaration.forms:
            if any(len(set(word)) != len(word) for word in words):
                return False
            if getattr(declared, "variadic", False) and len(set(letters(call))) != len(letters(call)):
                return False
            if len(words) == 2 and _same_object(words[0], words[1]):
                return False
        elif not any(_pattern(form, letters(call)) for form in declared.declaration.forms):
            return False
    return True


def _same_object(one: tuple[str, ...], two: tuple[str, ...]) -> bool:
    """Segments up to reversal, polygons up to rotation."""
    return len(one) == len(two) and set(one) == set(two)


def _pattern(form: tuple[Points, ...], points: tuple[str, ...]) -> bool:
    """Whether exactly those letters coincide that the form writes alike."""
    wanted = [name for word in form for name in word.names]
    if len(wanted) != len(points):
        return False
    return all(
        (wanted[i] == wanted[j]) == (points[i] == points[j]) for i, j in combinations(range(len(points)), 2)
    )
