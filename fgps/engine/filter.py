"""The numeric tests of one theorem branch, compiled once per theory."""

from __future__ import annotations

from functools import cached_property

from fgps.engine.numeric import (
    COMPARISONS,
    Comparison,
    Equality,
    Evaluator,
    NumericView,
    Row,
    compile_numeric,
    slots_of,
)
from fgps.lang.ast import Branch, Call, Points, Term, calls, letters
from fgps.theory.model import Theory


class BranchFilter:
    """The numeric tests of one branch: premises, guards, conclusions.

    They are compiled when the first instance is tested: most branches never meet one.
    """

    def __init__(
        self, theory: Theory, registers: tuple[str, ...], equations: tuple[Call, ...], branch: Branch
    ) -> None:
        self._theory = theory
        self._branch = branch
        self._registers = registers
        self._equations = equations
        self._own: dict[tuple[int, ...], list[Equality]] = {}

    @cached_property
    def _concluded(self) -> tuple[Call, ...]:
        return tuple(s for s in self._branch.then if s.head == "Equal")

    @cached_property
    def _equalities(self) -> list[Equality]:
        premises = [Equality(s, self._registers) for s in self._equations]
        # That premises hold in one model may be chance; what is concluded from them is true by the theorem.
        return [*premises, *(Equality(s, self._registers, models=1) for s in self._concluded)]

    @cached_property
    def _relations(self) -> list[tuple[str, tuple[int, ...]]]:
        return [(s.head, slots_of(s, self._registers)) for s in self._branch.then if s.head != "Equal"]

    @cached_property
    def _comparisons(self) -> list[Comparison]:
        return [Comparison(g, self._registers) for g in self._branch.where if _is_comparison(g, self._theory)]

    @cached_property
    def _guards(self) -> list[Call]:
        return [guard for guard in self._branch.where if not _is_comparison(guard, self._theory)]

    def within(self, view: NumericView, registers: tuple[int, ...], row: Row) -> bool:
        """The equations that only mention these registers."""
        tests = self._own.get(registers)
        if tests is None:
            known = {self._registers[register] for register in registers}
            statements = (*self._equations, *self._concluded)
            tests = [
                e for e, s in zip(self._equalities, statements, strict=True) if known.issuperset(letters(s))
            ]
            self._own[registers] = tests
        return all(test.holds(view, row) for test in tests)

    def all(self, view: NumericView, row: Row) -> bool:
        """Premises, guards and conclusions, all true in every model."""
        return self.numbers(view, row) and self.figure(view, row)

    def numbers(self, view: NumericView, row: Row) -> bool:
        """Equations, and guards that compare attributes: true in every model."""
        for comparison in self._comparisons:
            if not comparison.holds(view, row):
                return False
        return all(equality.holds(view, row) for equality in self._equalities)

    def figure(self, view: NumericView, row: Row) -> bool:
        """Concluded relations and the other guards: true in every model."""
        for predicate, slots in self._relations:
            if not view.relation(predicate, tuple([row[i] for i in slots])):
                return False
        if not self._guards:
            return True
        names = dict(zip(self._registers, row, strict=True))
        return all(view.holds(guard, names) for guard in self._guards)

    def split(self, first: tuple[int, ...], second: tuple[int, ...]) -> tuple[Evaluator, Evaluator] | None:
        """Two keys that are equal exactly when some equation between the components holds."""
        names = self._registers
        left = {names[i] for i in first}
        right = {names[i] for i in second}
        for equation in self._equations:
            keys = _separate(equation, left, right)
            if keys is not None:
                a, b = keys
                return compile_numeric(a, names), compile_numeric(b, names)
        return None


def _is_comparison(guard: Call, theory: Theory) -> bool:
    """An inequality between numbers and attributes (no primitive of the diagram)."""
    if guard.head not in COMPARISONS:
        return False
    figures = (call for call in calls(guard) if any(isinstance(a, Points) for a in call.args))
    return all(call.head in theory.attributes for call in figures)


def _factors(term: Term) -> list[Term]:
    if isinstance(term, Call) and term.head == "Mul":
        return [factor for argument in term.args for factor in _factors(argument)]
    return [term]


def _separate(equation: Call, left: set[str], right: set[str]) -> tuple[Term, Term] | None:
    """Rewrite ``p = q`` between products as ``f(left letters) = g(right letters)``."""
    above: dict[str, list[Term]] = {"left": [], "right": []}
    below: dict[str, list[Term]] = {"left": [], "right": []}
    for side, (mine, other) in zip(equation.args, ((above, below), (below, above)), strict=True):
        for factor in _factors(side):
            used = set(letters(factor))
            if not used:
                return None
            if used <= left:
                mine["left"].append(factor)
            elif used <= right:
                other["right"].append(factor)
            else:
                return None
    if not (above["left"] or below["left"]) or not (above["right"] or below["right"]):
        return None
    return _quotient(above["left"], below["left"]), _quotient(above["right"], below["right"])


def _quotient(above: list[Term], below: list[Term]) -> Term:
    numerator = Call("Mul", tuple(above))
    return Call("Div", (numerator, Call("Mul", tuple(below)))) if below else numerator
