"""The state of a solution in progress: what is known, and the rule that extends it.

`State` is what replay, search and interactive use share.  Knowledge enters in four ways:
construction facts, givens, theorem applications (whose premises must be established first)
and the meaning of a relation.  Equations go to the algebra, which is asked, never told, whether
an equation premise holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fgps.algebra.poly import Poly
from fgps.algebra.system import System
from fgps.diagram.model import Diagram
from fgps.engine.equations import Equations
from fgps.engine.records import Application, Applied, GoalResult, Origin, Refusal
from fgps.engine.store import FactStore
from fgps.lang.ast import Branch, Call, Number, letters, substitute
from fgps.lang.diagnostics import Diagnostic
from fgps.problem.facts import Fact
from fgps.problem.model import Problem
from fgps.problem.quantities import Quantities
from fgps.theory.instantiate import bind, canonical_in, spell

Missing = tuple[Call, str]


class State:
    """Knowledge about one problem.

    ``diagram`` is optional: with it guards are decided and false instances refused; without
    it guards are assumed, and every application says so.
    """

    def __init__(self, problem: Problem, diagram: Diagram | None = None) -> None:
        self.problem = problem
        self.theory = problem.theory
        self.diagram = diagram
        self.construction = problem.construction
        self.quantities = Quantities(problem.theory, problem.construction)
        self.system = System()
        self.store = FactStore(problem.theory, problem.construction, canonical_in(problem.theory))
        self.equations = Equations(
            problem.theory, self.quantities, problem.construction, self.system, self._construction_entry
        )
        self.applications: list[Applied] = []
        self.changes = 0
        self._proved: dict[Call, int] = {}
        self._refuted: dict[Call, int] = {}
        for given in problem.givens:
            origin = Origin("given", note=given.source)
            if given.fact is not None:
                self._learn_relation(given.fact[0], given.fact[1], origin)
            else:
                self._learn_equation(given.term, origin)

    # Theorems -------------------------------------------------------------------------------

    def apply(self, call: Call) -> Applied | Refusal:
        """Apply ``name(branch, args)`` as annotated solutions write it."""
        theorem = self.theory.theorems.get(call.head)
        if theorem is None:
            return Refusal("unknown-theorem", f"there is no theorem {call.head}")
        if not call.args or not isinstance(call.args[0], Number):
            return Refusal("bad-arguments", f"{call.head} needs a branch number first")
        number = int(call.args[0].value)
        branch = theorem.branches.get(number)
        if branch is None:
            known = ", ".join(map(str, theorem.branches))
            return Refusal("bad-arguments", f"{call.head} has no branch {number} (it has {known})")
        binding = bind(theorem, tuple(letters(argument) for argument in call.args[1:]))
        if isinstance(binding, Diagnostic):
            return Refusal("bad-arguments", binding.headline)
        points = tuple(binding[letter] for letter in theorem.letters)
        return self.apply_branch(Application(theorem.name, number, points, theorem.groups), branch, binding)

    def apply_branch(
        self, application: Application, branch: Branch, binding: Mapping[str, str]
    ) -> Applied | Refusal:
        """Apply one branch under a binding of its letters."""
        premises: list[int] = []
        for template in branch.given:
            statement = _instance(template, binding)
            entry = self.establish(statement)
            if isinstance(entry, str):
                return Refusal("premise-missing", entry, statement)
            premises.append(entry)
        assumed: list[Call] = []
        checked: list[Call] = []
        for template in branch.where:
            guard = _instance(template, binding)
            verdict = None if self.diagram is None else self.diagram.holds(guard)
            if verdict is False:
                return Refusal("false-in-diagram", "the guard is false in the diagram", guard)
            (assumed if verdict is None else checked).append(guard)
        origin = Origin(
            "theorem", tuple(premises), application, None, "", tuple(assumed), tuple(checked)
        )
        return self._conclude(application, branch, binding, origin)

    def _conclude(
        self, application: Application, branch: Branch, binding: Mapping[str, str], origin: Origin
    ) -> Applied | Refusal:
        before = len(self.store.entries)
        dropped: list[str] = []
        for template in branch.then:
            statement = _instance(template, binding)
            if self.diagram is not None and self.diagram.holds(statement) is False:
                return Refusal("false-in-diagram", "the conclusion is false in the diagram", statement)
            reason = self.learn(statement, origin)
            if reason is not None:
                dropped.append(reason)
        if dropped and len(dropped) == len(branch.then):
            return Refusal("no-conclusion", dropped[0], _instance(branch.then[0], binding))
        applied = Applied(
            application,
            origin.premises,
            tuple(range(before, len(self.store.entries))),
            tuple(dropped),
            origin.assumed,
        )
        self.applications.append(applied)
        return applied

    # Knowledge ------------------------------------------------------------------------------

    def learn(self, statement: Call, origin: Origin) -> str | None:
        """Enter a relation or equation; returns why it has no meaning here, else None."""
        if statement.head in self.theory.predicates:
            return self._learn_relation(statement.head, letters(statement), origin)
        return self._learn_equation(statement, origin)

    def _learn_relation(self, predicate: str, points: tuple[str, ...], origin: Origin) -> str | None:
        bad = self.quantities.check_fact(predicate, points)
        if bad is not None:
            return bad.headline
        declared = self.theory.predicates[predicate]
        number = self.store.add(predicate, points, spell(declared, points), origin)
        if number is None:
            return None
        self.changes += 1
        names = dict(zip(declared.letters, points, strict=False))
        for template in declared.declaration.means:
            self.learn(_instance(template, names), Origin("meaning", (number,)))
        return None

    def _learn_equation(self, statement: Call, origin: Origin) -> str | None:
        poly = self.equations.equation(statement)
        if isinstance(poly, Diagnostic):
            return poly.headline
        if statement in self._proved:
            return None
        number = self.store.record(statement, None, origin)
        self._proved[statement] = number
        self.system.add(poly, number)
        self.changes += 1
        return None

    def establish(self, statement: Call) -> int | str:
        """The entry that shows a premise, or in words why there is none."""
        predicate = self.theory.predicates.get(statement.head)
        if predicate is not None:
            points = letters(statement)
            entry = self.store.find(statement.head, points)
            if entry is None:
                entry = self.store.require_construction(statement.head, points, statement)
            if entry is None:
                return f"{statement.head}({','.join(points)}) is not known"
            return entry
        return self._prove(statement)

    def _prove(self, statement: Call) -> int | str:
        known = self._proved.get(statement)
        if known is not None:
            return known
        if self._refuted.get(statement) == self.changes:
            return "the equation does not follow from what is known"
        poly = self.equations.equation(statement)
        if isinstance(poly, Diagnostic):
            return poly.headline
        derivation = self.system.entails(poly)
        if derivation is None:
            self._refuted[statement] = self.changes
            return "the equation does not follow from what is known"
        number = self.store.record(statement, None, Origin("algebra", derivation.sources, None, derivation))
        self._proved[statement] = number
        return number

    # The goal -------------------------------------------------------------------------------

    def goal(self) -> GoalResult:
        """Look whether the goal is reached by now."""
        goal = self.problem.goal
        if goal is None:
            return GoalResult(False)
        if goal.kind == "value":
            return self._goal_value()
        assert isinstance(goal.term, Call)
        entry = self.establish(goal.term)
        if isinstance(entry, str):
            return GoalResult(False, term=goal.term)
        return GoalResult(True, entry, None, goal.term)

    def _goal_value(self) -> GoalResult:
        assert self.problem.goal is not None
        term = self.problem.goal.term
        poly = self._goal_poly()
        if poly is None:
            return GoalResult(False, term=term)
        found = self.system.value(poly)
        if found is None:
            return GoalResult(False, term=term)
        value, derivation = found
        statement = Call("Value", (term,))
        origin = Origin("algebra", derivation.sources, None, derivation, value.to_text())
        return GoalResult(True, self.store.record(statement, None, origin), value, term)

    def _construction_entry(self, fact: Fact) -> int:
        entry = self.store.require_construction(*fact, spell(self.theory.predicates[fact[0]], fact[1]))
        assert entry is not None
        return entry

    def _goal_poly(self) -> Poly | None:
        assert self.problem.goal is not None
        poly = self.equations.goal(self.problem.goal.term, self._define_goal)
        return None if isinstance(poly, Diagnostic) else poly

    def _define_goal(self, definition: Call) -> int:
        return self.store.record(definition, None, Origin("construction", note="names the goal"))


def _instance(template: Call, binding: Mapping[str, str]) -> Call:
    instance = substitute(template, binding)
    assert isinstance(instance, Call)
    return instance


def replay(state: State, sequence: Sequence[Call]) -> tuple[int, Refusal] | None:
    """Apply a whole theorem sequence; returns the first refused step, else None."""
    for position, call in enumerate(sequence):
        outcome = state.apply(call)
        if isinstance(outcome, Refusal):
            return position, outcome
    return None
