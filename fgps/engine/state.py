"""The state of a solution in progress: what is known, and the rule that extends it.

`State` is what replay, search and interactive use share.  Knowledge enters in four ways:
construction facts, givens, theorem applications (whose premises must be established first)
and the meaning of a relation.  Equations go to the algebra, which is asked, never told, whether
an equation premise holds.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from fgps.algebra.budget import Budget
from fgps.algebra.poly import Poly
from fgps.algebra.system import System
from fgps.engine.equations import Equations
from fgps.engine.plan import Atom, BranchPlan
from fgps.engine.records import Application, Applied, GoalResult, Origin, Refusal
from fgps.engine.store import FactStore, Row
from fgps.lang.ast import Branch, Call, Number, letters
from fgps.lang.diagnostics import Diagnostic
from fgps.problem.facts import Fact
from fgps.problem.model import Problem
from fgps.problem.quantities import Quantities
from fgps.theory.instantiate import bind, canonical_in, consequences, instance, spell

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram

#: Limits of single calls to the algebra: seconds, and steps (what makes runs repeatable).
_ADD_SECONDS = 1.0
_QUERY_SECONDS = 1.0
_GOAL_SECONDS = 4.0
_ALGEBRA_STEPS = 400_000


class State:
    """Knowledge about one problem.

    ``diagram`` is optional: with it guards are decided and false instances refused; without
    it guards are assumed, and every application says so.
    """

    def __init__(
        self, problem: Problem, diagram: Diagram | None = None, deadline: float | None = None
    ) -> None:
        self.problem = problem
        self.theory = problem.theory
        self.diagram = diagram
        self.construction = problem.construction
        self.quantities = Quantities(problem.theory, problem.construction)
        self.system = System(None if diagram is None else self._numeric)
        self.store = FactStore(problem.theory, problem.construction, canonical_in(problem.theory))
        self.equations = Equations(
            self.quantities, problem.construction, self.system, self._construction_entry
        )
        self.applications: list[Applied] = []
        self.changes = 0
        #: How hard the algebra tries to prove a premise: 0 closures only, None as hard as it can.
        self.effort: int | None = None
        self._deadline = deadline
        self._proved: dict[Call, int] = {}
        self._refuted: dict[Call, tuple[int, int | None]] = {}
        #: Equations that an exact figure read the other way round: nothing may rest on them.
        self.set_aside: list[Call] = []
        for given in problem.givens:
            if given.fact is None and self._is_false(given.term):
                self.set_aside.append(given.term)
                continue
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
            statement = instance(template, binding)
            entry = self.establish(statement)
            if isinstance(entry, str):
                return Refusal("premise-missing", entry, statement)
            premises.append(entry)
        assumed: list[Call] = []
        checked: list[Call] = []
        for template in branch.where:
            guard = instance(template, binding)
            verdict = self._verdict(guard)
            if verdict is False:
                return Refusal("false-in-diagram", "the guard is false in the diagram", guard)
            (assumed if verdict is None else checked).append(guard)
        for template in branch.then:
            statement = instance(template, binding)
            if self._verdict(statement) is False:
                return Refusal("false-in-diagram", "the conclusion is false in the diagram", statement)
        return self._conclude(application, branch, binding, tuple(premises), tuple(assumed), tuple(checked))

    def apply_true(self, plan: BranchPlan, row: Row) -> Applied | Refusal:
        """Apply an instance that matching has found true in the diagram: ``row`` binds the registers."""
        premises: list[int] = []
        binding = dict(zip(plan.registers, row, strict=True))
        for premise in plan.premises:
            if isinstance(premise, Atom):
                points = tuple([row[slot] for slot in premise.slots])
                entry = self._fact_entry(premise.predicate, points)
            else:
                entry = self._prove(instance(premise, binding))
            if isinstance(entry, str):
                template = premise.statement if isinstance(premise, Atom) else premise
                return Refusal("premise-missing", entry, instance(template, binding))
            premises.append(entry)
        guards = tuple(instance(template, binding) for template in plan.branch.where)
        parameters = tuple([row[slot] for slot in plan.parameters])
        application = Application(plan.theorem, plan.number, parameters, plan.groups)
        return self._conclude(application, plan.branch, binding, tuple(premises), (), guards)

    def _conclude(
        self,
        application: Application,
        branch: Branch,
        binding: Mapping[str, str],
        premises: tuple[int, ...],
        assumed: tuple[Call, ...],
        checked: tuple[Call, ...],
    ) -> Applied | Refusal:
        before = len(self.store.entries)
        origin = Origin("theorem", premises, application, None, "", assumed, checked)
        dropped: list[str] = []
        for template in branch.then:
            reason = self.learn(instance(template, binding), origin)
            if reason is not None:
                dropped.append(reason)
        if dropped and len(dropped) == len(branch.then):
            return Refusal("no-conclusion", dropped[0], instance(branch.then[0], binding))
        new = tuple(range(before, len(self.store.entries)))
        applied = Applied(application, premises, new, tuple(dropped), assumed)
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
        for statement, guards in consequences(self.theory, declared, points):
            if origin.kind == "given" and self._is_false(statement):
                self.set_aside.append(statement)
                continue
            verdicts = [(guard, self._verdict(guard)) for guard in guards]
            if all(verdict is not False for _, verdict in verdicts):
                assumed = tuple(guard for guard, verdict in verdicts if verdict is None)
                checked = tuple(guard for guard, verdict in verdicts if verdict)
                self.learn(statement, Origin("meaning", (number,), assumed=assumed, checked=checked))
        return None

    def _is_false(self, statement: Call) -> bool:
        """Whether an exact figure contradicts a statement of the data."""
        diagram = self.diagram
        return diagram is not None and diagram.outcome == "exact" and diagram.holds(statement) is False

    def _verdict(self, guard: Call) -> bool | None:
        """What the diagram says about a guard; None if it cannot say."""
        return None if self.diagram is None else self.diagram.holds(guard)

    def _numeric(self, variable: int) -> object | None:
        """A variable of the algebra in the models of the diagram."""
        assert self.diagram is not None
        meaning = self.equations.variables.get(variable)
        if meaning is None:
            return None
        if isinstance(meaning, str):
            return self.diagram.symbols.get(meaning)
        return self.diagram.quantity(meaning.attribute, meaning.points)

    def _learn_equation(self, statement: Call, origin: Origin) -> str | None:
        poly = self.equations.equation(statement)
        if isinstance(poly, str):
            return poly
        if statement in self._proved:
            return None
        number = self.store.record(statement, None, origin)
        self._proved[statement] = number
        self.system.add(poly, number, self._budget(_ADD_SECONDS))
        self.changes += 1
        return None

    def establish(self, statement: Call) -> int | str:
        """The entry that shows a premise, or in words why there is none."""
        if statement.head in self.theory.predicates:
            return self._fact_entry(statement.head, letters(statement))
        return self._prove(statement)

    def _fact_entry(self, predicate: str, points: Row) -> int | str:
        """The entry of a relation or construction fact."""
        entry = self.store.find(predicate, points)
        if entry is None:
            declared = self.theory.predicates[predicate]
            entry = self.store.require_construction(predicate, points, declared)
        return f"{predicate}({','.join(points)}) is not known" if entry is None else entry

    def _prove(self, statement: Call) -> int | str:
        known = self._proved.get(statement)
        if known is not None:
            return known
        if self._refuted.get(statement) == (self.changes, self.effort):
            return "the equation does not follow from what is known"
        poly = self.equations.equation(statement)
        if isinstance(poly, str):
            return poly
        derivation = self.system.entails(poly, self.effort, self._budget(_QUERY_SECONDS))
        if derivation is None:
            self._refuted[statement] = (self.changes, self.effort)
            return "the equation does not follow from what is known"
        number = self.store.record(statement, None, Origin("algebra", derivation.sources, None, derivation))
        self._proved[statement] = number
        return number

    # The goal -------------------------------------------------------------------------------

    def goal(self, effort: int = 2) -> GoalResult:
        """Look whether the goal is reached by now; ``effort`` as in `System.value`."""
        goal = self.problem.goal
        if goal is None:
            return GoalResult(False)
        if goal.kind == "value":
            return self._goal_value(effort)
        assert isinstance(goal.term, Call)
        entry = self.establish(goal.term)
        if isinstance(entry, str):
            return GoalResult(False, term=goal.term)
        return GoalResult(True, entry, None, goal.term)

    def goal_poly(self) -> Poly | None:
        """The polynomial that the goal is about: its value is asked for, or that it is zero; else None."""
        goal = self.problem.goal
        if goal is None or goal.kind == "relation":
            return None
        if goal.kind == "value":
            poly = self.equations.term(goal.term)
        else:
            assert isinstance(goal.term, Call)
            poly = self.equations.equation(goal.term)
        return None if isinstance(poly, str) else poly

    def _goal_value(self, effort: int) -> GoalResult:
        assert self.problem.goal is not None
        term = self.problem.goal.term
        poly = self.equations.term(term)
        if isinstance(poly, str):
            return GoalResult(False, term=term)
        found = self.system.value(poly, effort, self._budget(_GOAL_SECONDS))
        if found is None:
            return GoalResult(False, term=term)
        value, derivation = found
        statement = Call("Value", (term,))
        origin = Origin("algebra", derivation.sources, None, derivation, value.to_text())
        return GoalResult(True, self.store.record(statement, None, origin), value, term)

    def allow(self, seconds: float) -> None:
        """Let the algebra work for so many seconds from now, whatever time a search had."""
        self._deadline = time.perf_counter() + seconds

    def _budget(self, seconds: float) -> Budget:
        left = seconds if self._deadline is None else min(seconds, self._deadline - time.perf_counter())
        return Budget(max(left, 0.0), _ALGEBRA_STEPS)

    def _construction_entry(self, fact: Fact) -> int:
        entry = self.store.require_construction(*fact, self.theory.predicates[fact[0]])
        assert entry is not None
        return entry
