"""Instances of a branch that would conclude something wanted: matching backwards.

A conclusion is unified with the wanted fact or quantity; the letters left open are bound by the
premises that the figure decides (construction facts, and what the other premises need to exist), and
every premise must be true in the diagram, known or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fgps.engine.numeric import NumericView
from fgps.engine.plan import Atom, BranchPlan, Component, order_atoms
from fgps.engine.store import FactStore, Row
from fgps.lang.ast import Call, Points, calls, letters
from fgps.theory.instantiate import spell
from fgps.theory.model import Theory


class BackwardMatcher:
    """Finds the instances of one branch whose conclusions mention a fact or quantity."""

    def __init__(self, theory: Theory, plan: BranchPlan, store: FactStore, view: NumericView | None) -> None:
        self.plan = plan
        self._theory = theory
        self._store = store
        self._view = view
        self._index = {letter: i for i, letter in enumerate(plan.registers)}
        self._generators = _generators(theory, plan, self._index)
        self._components: dict[tuple[int, ...], Component] = {}
        self.targets = self._conclusions()

    def _conclusions(self) -> dict[str, list[tuple[int, ...]]]:
        """Predicate or attribute -> the registers of each place where a conclusion mentions it."""
        targets: dict[str, list[tuple[int, ...]]] = {}
        for statement in self.plan.branch.then:
            for call in calls(statement):
                if call.args and all(isinstance(argument, Points) for argument in call.args):
                    slots = tuple(self._index[letter] for letter in letters(call))
                    places = targets.setdefault(call.head, [])
                    if slots not in places:
                        places.append(slots)
        return targets

    def instances(self, head: str, spellings: Sequence[Row]) -> Iterator[Row]:
        """Rows of registers under which a conclusion mentions ``head`` of the given points."""
        for slots in self.targets.get(head, ()):
            for points in spellings:
                registers = [""] * len(self.plan.registers)
                if _bind(registers, slots, points):
                    yield from self._complete(registers, slots)

    def _complete(self, registers: list[str], slots: tuple[int, ...]) -> Iterator[Row]:
        bound = tuple(dict.fromkeys(slots))
        component = self._components.get(bound)
        if component is None:
            component = order_atoms(self._theory, self._generators, bound)
            self._components[bound] = component
        for row in self._join(component, 0, registers):
            if self._is_true(row):
                yield row

    def _join(self, component: Component, depth: int, registers: list[str]) -> Iterator[Row]:
        if depth == len(component.steps):
            if all(registers):
                yield tuple(registers)
            return
        step = component.steps[depth]
        slots = step.atom.slots
        values = tuple([registers[slots[i]] for i in step.bound])
        for row in list(self._store.matching(step.atom.predicate, len(slots), step.bound, values)):
            if any(row[i] != row[j] for i, j in step.repeated):
                continue
            for slot, point in zip(slots, row, strict=True):
                registers[slot] = point
            yield from self._join(component, depth + 1, registers)

    def _is_true(self, row: Row) -> bool:
        view = self._view
        if view is None:
            return True
        names = dict(zip(self.plan.registers, row, strict=True))
        derived = (atom.statement for atom in self.plan.derived)
        return self.plan.filter.all(view, row) and all(view.holds(s, names) for s in derived)


def _bind(registers: list[str], slots: tuple[int, ...], points: Row) -> bool:
    if len(slots) != len(points):
        return False
    for slot, point in zip(slots, points, strict=True):
        if registers[slot] and registers[slot] != point:
            return False
        registers[slot] = point
    return True


def _generators(theory: Theory, plan: BranchPlan, index: dict[str, int]) -> list[Atom]:
    """Construction premises, and what derivable premises need to exist."""
    atoms: dict[tuple[str, tuple[int, ...]], Atom] = {}
    for atom in plan.atoms:
        statements: list[Call] = [atom.statement]
        if atom.derived:
            declared = theory.predicates[atom.predicate]
            names = dict(zip(declared.letters, letters(atom.statement), strict=True))
            statements = [
                spell(theory.predicates[need.head], tuple(names[letter] for letter in letters(need)))
                for need in declared.declaration.needs
            ]
        for statement in statements:
            slots = tuple(index[letter] for letter in letters(statement))
            atoms.setdefault((statement.head, slots), Atom(statement.head, slots, False, statement))
    covered = {slot for atom in atoms.values() for slot in atom.slots}
    for letter, slot in index.items():
        if slot not in covered:
            point = Call("Point", (Points((letter,)),))
            atoms[("Point", (slot,))] = Atom("Point", (slot,), False, point)
    return list(atoms.values())
