"""Enumerating the instances of a branch that are true in the diagram."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

from fgps.engine.filter import BranchFilter
from fgps.engine.numeric import Evaluator, NumericView, Row
from fgps.engine.plan import BranchPlan, Component, order_atoms
from fgps.engine.store import FactStore
from fgps.theory.model import Theory

Registers = list[str]


class BranchMatcher:
    """Finds instances of one branch in one problem.

    Without a diagram (``view`` None) equations cannot filter, and rows are only joined.  ``skip`` says of
    an instance whose equations are true that nobody wants it.
    """

    def __init__(
        self,
        theory: Theory,
        plan: BranchPlan,
        store: FactStore,
        view: NumericView | None,
        skip: Callable[[Row], bool] | None = None,
    ) -> None:
        self.plan = plan
        self._theory = theory
        self._store = store
        self._view = view
        self._filter: BranchFilter = plan.filter
        self._skip = skip
        self._triggers: dict[int, Component] = {}

    def all(self) -> Iterator[tuple[str, ...]]:
        """Every instance that the known facts allow, as points of the registers."""
        components = self.plan.components
        if any(not self._store.count(atom.predicate) for atom in self.plan.atoms):
            return
        if self._view is not None and len(components) == 2:
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
            if self._passes(registers):
                yield tuple(registers)
            return
        for _ in self._join(components[0], 0, registers):
            yield from self._product(components[1:], registers)

    def _passes(self, registers: Registers) -> bool:
        view = self._view
        if view is not None and not self._filter.numbers(view, registers):
            return False
        if self._skip is not None and self._skip(registers):
            return False
        return view is None or self._filter.figure(view, registers)

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
        tests, view = self._filter, self._view
        assert view is not None
        left = self._rows(first)
        right = self._rows(second)
        split = tests.split(first.registers, second.registers)
        pairs: Iterator[tuple[Registers, Registers]]
        if split is None:
            pairs = ((a, b) for a in left for b in right)
        else:
            pairs = _bucket_pairs(left, right, split, view)
        size = len(self.plan.registers)
        for a, b in pairs:
            registers = [""] * size
            for slot in first.registers:
                registers[slot] = a[slot]
            for slot in second.registers:
                registers[slot] = b[slot]
            if self._passes(registers):
                yield tuple(registers)

    def _rows(self, component: Component) -> list[Registers]:
        registers = [""] * len(self.plan.registers)
        rows = []
        view = self._view
        for _ in self._join(component, 0, registers):
            if view is None or self._filter.within(view, component.registers, registers):
                rows.append(list(registers))
        return rows


def _bucket_pairs(
    left: list[Registers], right: list[Registers], keys: tuple[Evaluator, Evaluator], view: NumericView
) -> Iterator[tuple[Registers, Registers]]:
    """Pairs whose keys agree up to rounding, in the order of the left rows."""
    buckets: dict[int, list[Registers]] = {}
    for row in right:
        value = keys[1](view, row, 0)
        if value is not None:
            buckets.setdefault(_bucket(value), []).append(row)
    for row in left:
        value = keys[0](view, row, 0)
        if value is None:
            continue
        centre = _bucket(value)
        for bucket in (centre - 1, centre, centre + 1):
            for other in buckets.get(bucket, ()):
                yield row, other


def _bucket(value: float) -> int:
    """Logarithmic buckets wide enough for rounded data."""
    return 0 if value == 0 else math.floor(math.log(abs(value)) * 1e3)
