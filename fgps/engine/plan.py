"""Join plans: how to find all instances of a theorem branch.

A branch is compiled once per theory.  Its relational premises fall into components that share
letters; inside a component rows are joined through indexes, between components only
equations remain, and those are joined by hashing their numeric values in the diagram (two
triangles with equal angles are found by sorting, not by trying all pairs).

A plan never names a theorem or predicate: order and joins follow from the premises alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fgps.engine.cost import NOTHING, Stage, opened_stages, stage_of
from fgps.engine.filter import BranchFilter
from fgps.engine.linear import LinearForm, linear_conclusions
from fgps.lang.ast import Branch, Call, letters
from fgps.theory.model import Theorem, Theory

#: Categories in the order in which premises are joined when nothing else decides.
_ORDER = {"entity": 0, "relation": 0, "construction": 1, "basic": 2}


@dataclass(frozen=True, slots=True)
class Atom:
    """A relational premise: ``slots[i]`` is the register of the i-th point."""

    predicate: str
    slots: tuple[int, ...]
    derived: bool
    statement: Call


@dataclass(frozen=True, slots=True)
class JoinStep:
    """Bind one more atom: look up ``atom`` by the positions already bound."""

    atom: Atom
    bound: tuple[int, ...]
    repeated: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Component:
    """Atoms linked by shared letters, in join order, and the registers that they bind."""

    steps: tuple[JoinStep, ...]
    registers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class BranchPlan:
    """Everything that matching needs to know about one branch.

    ``registers`` names the letters; ``parameters`` maps the theorem's flattened parameters to
    registers.  ``premises`` are all premises in order; ``atoms`` the relational ones, ``derived`` those
    whose predicate theorems can conclude (new facts of those trigger the branch; the others are fixed by
    the figure).  ``linear``: the conclusions, if all are linear equations;
    ``relations``: those conclusions, if none is an equation (else empty).
    """

    theorem: str
    number: int
    groups: tuple[int, ...]
    registers: tuple[str, ...]
    parameters: tuple[int, ...]
    atoms: tuple[Atom, ...]
    components: tuple[Component, ...]
    equations: tuple[Call, ...]
    premises: tuple[Atom | Call, ...]
    branch: Branch
    filter: BranchFilter
    stage: Stage
    linear: tuple[LinearForm, ...] | None
    relations: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def derived(self) -> tuple[Atom, ...]:
        """Premises that later facts can satisfy."""
        return tuple(atom for atom in self.atoms if atom.derived)


def compile_branch(
    theory: Theory, theorem: Theorem, branch: Branch, opened: Mapping[str, Stage] = NOTHING
) -> BranchPlan:
    """The plan of one branch; ``opened``: the stages of relations."""
    registers = tuple(dict.fromkeys(theorem.letters))
    index = {letter: i for i, letter in enumerate(registers)}
    atoms: list[Atom] = []
    equations: list[Call] = []
    premises: list[Atom | Call] = []
    for premise in branch.given:
        predicate = theory.predicates.get(premise.head)
        if predicate is None:
            equations.append(premise)
            premises.append(premise)
            continue
        slots = tuple(index[letter] for letter in letters(premise))
        atom = Atom(premise.head, slots, predicate.category in ("entity", "relation"), premise)
        atoms.append(atom)
        premises.append(atom)
    parameters = tuple(index[letter] for letter in theorem.letters)
    return BranchPlan(
        theorem=theorem.name,
        number=branch.number,
        groups=theorem.groups,
        registers=registers,
        parameters=parameters,
        atoms=tuple(atoms),
        components=tuple(order_atoms(theory, group, ()) for group in _linked(atoms)),
        equations=tuple(equations),
        premises=tuple(premises),
        branch=branch,
        filter=BranchFilter(theory, registers, tuple(equations), branch),
        stage=stage_of(branch, opened),
        linear=linear_conclusions(branch, index),
        relations=_relations(theory, branch, index),
    )


def _relations(
    theory: Theory, branch: Branch, index: Mapping[str, int]
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    if any(statement.head not in theory.predicates for statement in branch.then):
        return ()
    return tuple((s.head, tuple(index[letter] for letter in letters(s))) for s in branch.then)


def order_atoms(theory: Theory, atoms: list[Atom], bound: tuple[int, ...]) -> Component:
    """Order atoms so that each next one is bound as far as possible."""
    waiting = list(atoms)
    known = set(bound)
    registers = list(bound)
    steps: list[JoinStep] = []
    while waiting:
        best = min(waiting, key=lambda atom: _cost(theory, atom, known))
        waiting.remove(best)
        positions = tuple(i for i, slot in enumerate(best.slots) if slot in known)
        first: dict[int, int] = {}
        repeated: list[tuple[int, int]] = []
        for position, slot in enumerate(best.slots):
            if slot in first and position not in positions:
                repeated.append((first[slot], position))
            first.setdefault(slot, position)
        steps.append(JoinStep(best, positions, tuple(repeated)))
        for slot in best.slots:
            if slot not in known:
                known.add(slot)
                registers.append(slot)
    return Component(tuple(steps), tuple(registers))


def _cost(theory: Theory, atom: Atom, known: set[int]) -> tuple[int, int, int]:
    free = sum(1 for slot in set(atom.slots) if slot not in known)
    linked = 0 if not known or free < len(set(atom.slots)) else 1
    if free == 0:
        return (-1, 0, 0)
    return (linked, _ORDER[theory.predicates[atom.predicate].category], free)


def _linked(atoms: list[Atom]) -> list[list[Atom]]:
    """Connected components of atoms under shared registers, in order of first appearance."""
    groups: list[tuple[set[int], list[Atom]]] = []
    for atom in atoms:
        slots = set(atom.slots)
        touching = [group for group in groups if group[0] & slots]
        if not touching:
            groups.append((slots, [atom]))
            continue
        head = touching[0]
        for other in touching[1:]:
            head[0].update(other[0])
            head[1].extend(other[1])
            groups.remove(other)
        head[0].update(slots)
        head[1].append(atom)
    position = {id(atom): i for i, atom in enumerate(atoms)}
    return [sorted(group, key=lambda atom: position[id(atom)]) for _, group in groups]


def compile_theory(theory: Theory) -> tuple[BranchPlan, ...]:
    """Plans of all branches of a theory, in the order of its files."""
    opened = opened_stages(theory)
    return tuple(
        compile_branch(theory, theorem, branch, opened)
        for theorem in theory.theorems.values()
        for branch in theorem.branches.values()
    )
