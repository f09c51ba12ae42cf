"""Enumerating the instances of a branch that are true in the diagram."""

from __future__ import annotations

import math
from collections.abc import Iterator

from fgps.engine.numeric import Equality, Evaluator, NumericView, compile_numeric
from fgps.engine.plan import BranchPlan, Component, order_atoms
from fgps.engine.store import FactStore
from fgps.lang.ast import Call, Term, letters
from fgps.theory.model import Theory

Registers = list[str]


class BranchMatcher:
    """Finds instances of one branch in one problem.

    Without a diagram (``view`` None) equations cannot filter, and rows are only joined.
    """

    def __init__(self, theory: Theory, plan: BranchPlan, store: FactStore, view: NumericView | None) -> None:
        self.plan = plan
        self._theory = theory
        self._store = store
        self._view = view
        self._tests = _Tests(plan, view) if view is not None else None
        self._triggers: dict[int, Component] = {}

    def all(self) -> Iterator[tuple[str, ...]]:
        """Every instance that the known facts allow, as points of the registers."""
        components = self.plan.components
        if self._tests is not None and len(components) == 2:
            yield from self._hash_join(components[0], components[1])
            return
        yield from self._product(components, [""] * len(self.plan.registers))

    def triggered(self, position: int, row: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        """Instances in which the fact ``row`` satisfies the atom number ``position``."""
        atom = self.plan.atoms[position]
        registers = [""] * len(self.plan.registers)
        for slot, point in zip(atom.slots, row, strict=True):
            if registers[slot] and registers[slot] != point:
                return
            registers[slot] = point
        component = self._triggers.get(position)
        if component is None:
            others = [other for i, other in enumerate(self.plan.atoms) if i != position]
            component = order_atoms(self._theory, others, tuple(dict.fromkeys(atom.slots)))
            self._triggers[position] = component
        yield from self._product((component,), registers)

    def _product(self, components: tuple[Component, ...], registers: Registers) -> Iterator[tuple[str, ...]]:
        if not components:
            if self._tests is None or self._tests.all(registers):
                yield tuple(registers)
            return
        for _ in self._join(components[0], 0, registers):
            yield from self._product(components[1:], registers)

    def _join(self, component: Component, depth: int, registers: Registers) -> Iterator[None]:
        """Bind the component's atoms from ``depth`` on; ``registers`` is changed in place."""
        if depth == len(component.steps):
            yield None
            return
        step = component.steps[depth]
        atom = step.atom
        slots = atom.slots
        values = tuple([registers[slots[i]] for i in step.bound])
        rows = self._store.matching(atom.predicate, len(slots), step.bound, values)
        for row in list(rows):
            if any(row[i] != row[j] for i, j in step.repeated):
                continue
            for slot, point in zip(slots, row, strict=True):
                registers[slot] = point
            yield from self._join(component, depth + 1, registers)

    def _hash_join(self, first: Component, second: Component) -> Iterator[tuple[str, ...]]:
        tests = self._tests
        assert tests is not None
        left = self._rows(first)
        right = self._rows(second)
        split = tests.split(first.registers, second.registers)
        if split is None:
            pairs = ((a, b) for a in left for b in right)
        else:
            pairs = _bucket_pairs(left, right, split)
        size = len(self.plan.registers)
        for a, b in pairs:
            registers = [""] * size
            for slot in first.registers:
                registers[slot] = a[slot]
            for slot in second.registers:
                registers[slot] = b[slot]
            if tests.all(registers):
                yield tuple(registers)

    def _rows(self, component: Component) -> list[Registers]:
        registers = [""] * len(self.plan.registers)
        tests = self._tests
        rows = []
        for _ in self._join(component, 0, registers):
            if tests is None or tests.within(component.registers, registers):
                rows.append(list(registers))
        return rows


class _Tests:
    """The numeric tests of one branch: premises, guards, conclusions."""

    def __init__(self, plan: BranchPlan, view: NumericView) -> None:
        self._view = view
        self._plan = plan
        index = {letter: i for i, letter in enumerate(plan.registers)}
        branch = plan.branch
        statements = (*plan.equations, *(s for s in branch.then if s.head == "Equal"))
        self._equalities = [Equality(s, plan.registers, view) for s in statements]
        self._slots = [frozenset(index[name] for name in letters(s)) for s in statements]
        self._relations = [s for s in branch.then if s.head != "Equal"]
        self._guards = branch.where
        self._own: dict[tuple[int, ...], list[Equality]] = {}

    def within(self, registers: tuple[int, ...], row: Registers) -> bool:
        """The equations that only mention these registers."""
        tests = self._own.get(registers)
        if tests is None:
            known = frozenset(registers)
            tests = [e for e, slots in zip(self._equalities, self._slots, strict=True) if slots <= known]
            self._own[registers] = tests
        return all(test.holds(row) for test in tests)

    def all(self, row: Registers) -> bool:
        """Premises, guards and conclusions, all true in every model."""
        if not all(test.holds(row) for test in self._equalities):
            return False
        names = dict(zip(self._plan.registers, row, strict=True))
        holds = self._view.holds
        return all(holds(s, names) for s in (*self._guards, *self._relations))

    def split(
        self, first: tuple[int, ...], second: tuple[int, ...]
    ) -> tuple[Evaluator, Evaluator] | None:
        """Two keys that are equal exactly when some equation between the components holds."""
        names = self._plan.registers
        left = {names[i] for i in first}
        right = {names[i] for i in second}
        for equation in self._plan.equations:
            keys = _separate(equation, left, right)
            if keys is not None:
                a, b = keys
                return compile_numeric(a, names, self._view), compile_numeric(b, names, self._view)
        return None


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


def _bucket_pairs(
    left: list[Registers], right: list[Registers], keys: tuple[Evaluator, Evaluator]
) -> Iterator[tuple[Registers, Registers]]:
    """Pairs whose keys agree up to rounding, in the order of the left rows."""
    buckets: dict[int, list[Registers]] = {}
    for row in right:
        value = keys[1](row, 0)
        if value is not None:
            buckets.setdefault(_bucket(value), []).append(row)
    for row in left:
        value = keys[0](row, 0)
        if value is None:
            continue
        centre = _bucket(value)
        for bucket in (centre - 1, centre, centre + 1):
            for other in buckets.get(bucket, ()):
                yield row, other


def _bucket(value: float) -> int:
    """Logarithmic buckets wide enough for rounded data."""
    return 0 if value == 0 else math.floor(math.log(abs(value)) * 1e3)
