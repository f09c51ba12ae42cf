"""A position: one state of a problem, and every theorem instance that can be applied in it.

An instance can be applied if its premises are established and it gives something new; it is true in the
figure, as all that a search tries.  Instances of one branch that give the same (a triangle spelled from
another corner) count once: the first in the order of matching stands for them.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final

from fgps.algebra.budget import Budget
from fgps.algebra.budget import OutOfBudget as Spent
from fgps.algebra.poly import Poly
from fgps.algebra.select import by_selection
from fgps.algebra.terms import TooLarge, Undecided
from fgps.diagram.model import Diagram
from fgps.engine.numeric import NumericView
from fgps.engine.records import Application, Applied, GoalResult, Refusal
from fgps.engine.state import State
from fgps.lang.ast import OPERATORS, Call, Number, Points, Symbol, Term, calls, letters, symbols
from fgps.problem.model import Problem
from fgps.problem.quantities import Quantity
from fgps.search.agenda import Agenda
from fgps.search.methods import usable_plans
from fgps.search.outcome import SearchBudget
from fgps.theory.instantiate import canonical, instance

Key = tuple[object, ...]

#: Steps of the algebra for a look at the goal.
_LOOK_STEPS: Final = 100_000
_SYMMETRIC: Final = ("Equal", "Add", "Mul")


@dataclass(frozen=True, slots=True)
class Choice:
    """An applicable instance: the entries of its premises, and what it would give.

    ``key`` is the same for all spellings that give the same.
    """

    application: Application
    premises: tuple[int, ...]
    gives: tuple[Call, ...]
    key: Key


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be applied.  ``hard``: only after the algebra was asked to try as hard as it can."""

    found: tuple[Choice, ...]
    hard: bool = False

    def index(self, key: Key) -> int | None:
        """Where the instances with this key stand."""
        return next((i for i, choice in enumerate(self.found) if choice.key == key), None)


class _Conclusion:
    """A statement that some instance concludes; one object for all instances that conclude it.

    ``key`` is the same for all spellings.  ``known`` once it has been found to follow, or to mean
    nothing here.
    """

    __slots__ = ("key", "known", "poly", "quantities", "statement")

    def __init__(self, statement: Call, key: str, poly: Poly | None, quantities: tuple[object, ...]) -> None:
        self.statement = statement
        self.key = key
        self.poly = poly
        self.quantities = quantities
        self.known = False


class _Premise:
    """A statement that some instance needs, and its entry once it is established."""

    __slots__ = ("entry", "failed", "statement")

    def __init__(self, statement: Call) -> None:
        self.statement = statement
        self.entry: int | None = None
        #: The number of changes and the effort at which it could not be established.
        self.failed: tuple[int, int | None] | None = None


@dataclass(frozen=True, slots=True)
class _Instance:
    application: Application
    given: tuple[_Premise, ...]
    then: tuple[_Conclusion, ...]


class Position:
    """A state with its agenda.  Budgets end a call with `fgps.search.outcome.OutOfBudget`."""

    def __init__(self, problem: Problem, diagram: Diagram | None, budget: SearchBudget) -> None:
        self.problem = problem
        self.diagram = diagram
        self.state = State(problem, diagram)
        self._budget = budget
        view = None if diagram is None else NumericView(diagram)
        self._agenda = Agenda(self.state, usable_plans(self.state), view, budget)
        #: Instances that may still give something new.
        self._waiting: list[_Instance] = []
        self._premises: dict[Call, _Premise] = {}
        self._conclusions: dict[Call, _Conclusion] = {}
        #: Keys of what was concluded: for equations that nothing else can tell to be known.
        self._stated: set[str] = set()
        self._choices: Choices | None = None

    def choices(self) -> Choices:
        """Everything that can be applied, premises proved by the closures of the algebra.

        If that is nothing, it tries as hard as it can to prove premises.
        """
        if self._choices is None:
            self._waiting += [self._instance(c.application()) for c in self._agenda.new()]
            found = self._applicable(0)
            hard = not found and bool(self._waiting)
            self._choices = Choices(tuple(self._applicable(None) if hard else found), hard)
        return self._choices

    def choice_of(self, application: Application) -> Choice | None:
        """One application as a choice, its premises proved as hard as the algebra can; None if it is none."""
        known = self._instance(application)
        fresh = self._fresh(known)
        if not fresh:
            return None
        self.state.effort = None
        premises = self._established(known)
        return None if premises is None else _choice(application, premises, fresh)

    def key_of(self, application: Application) -> Key:
        """The key that an application has as a choice here."""
        return _key(application, self._fresh(self._instance(application)))

    def has(self, application: Application) -> bool:
        """Whether everything that an application would give is known."""
        return not self._fresh(self._instance(application))

    def apply(self, application: Application) -> Applied | Refusal:
        """Apply an instance; its premises are proved as hard as the algebra can."""
        theorem = self.state.theory.theorems[application.theorem]
        names = dict(zip(theorem.letters, application.points, strict=True))
        self._budget.check()
        self.state.effort = None
        self._choices = None
        applied = self.state.apply_branch(application, theorem.branches[application.branch], names)
        if isinstance(applied, Applied):
            self._stated.update(conclusion.key for conclusion in self._instance(application).then)
        return applied

    def goal(self, effort: int = 2) -> GoalResult:
        """Whether the goal follows by now; ``effort`` as in `State.goal`."""
        self._budget.check()
        return self.state.goal(effort)

    def goal_is_near(self) -> bool:
        """Whether to ask for the goal with all effort: to first order what is known fixes it.

        A goal that only signs and ranges fix is not seen.
        """
        state = self.state
        if self.goal(effort=0).reached:
            return True
        poly = state.goal_poly()
        if poly is None or state.system.models.numeric is None:
            return True
        try:
            return by_selection(state.system, poly, Budget(1.0, _LOOK_STEPS))[0]
        except (Spent, TooLarge, Undecided):
            # Only what is determined is worked on at all.
            return True

    # Inside ---------------------------------------------------------------------------------

    def _applicable(self, effort: int | None) -> list[Choice]:
        self.state.effort = effort
        found: dict[Key, Choice] = {}
        kept = []
        for known in self._waiting:
            self._budget.check()
            fresh = self._fresh(known)
            if not fresh:
                continue
            kept.append(known)
            premises = self._established(known)
            if premises is not None:
                choice = _choice(known.application, premises, fresh)
                found.setdefault(choice.key, choice)
        self._waiting = kept
        return list(found.values())

    def _instance(self, application: Application) -> _Instance:
        theorem = self.state.theory.theorems[application.theorem]
        branch = theorem.branches[application.branch]
        names = dict(zip(theorem.letters, application.points, strict=True))
        given = tuple([self._premise(instance(template, names)) for template in branch.given])
        then = tuple([self._conclusion(instance(template, names)) for template in branch.then])
        return _Instance(application, given, then)

    def _premise(self, statement: Call) -> _Premise:
        known = self._premises.get(statement)
        if known is None:
            known = self._premises[statement] = _Premise(statement)
        return known

    def _conclusion(self, statement: Call) -> _Conclusion:
        known = self._conclusions.get(statement)
        if known is None:
            known = self._conclusions[statement] = self._read(statement)
        return known

    def _established(self, known: _Instance) -> tuple[int, ...] | None:
        state = self.state
        now = (state.changes, state.effort)
        for premise in known.given:
            if premise.entry is not None:
                continue
            if premise.failed == now:
                return None
            entry = state.establish(premise.statement)
            if isinstance(entry, str):
                premise.failed = now
                return None
            premise.entry = entry
        return tuple([premise.entry for premise in known.given if premise.entry is not None])

    def _fresh(self, known: _Instance) -> list[_Conclusion]:
        """What it would give that is not known.  What is known once stays so; nothing is recorded."""
        for conclusion in known.then:
            if not conclusion.known:
                conclusion.known = self._follows(conclusion)
        return [conclusion for conclusion in known.then if not conclusion.known]

    def _follows(self, conclusion: _Conclusion) -> bool:
        state, statement = self.state, conclusion.statement
        if statement.head in state.theory.predicates:
            points = letters(statement)
            return state.store.find(statement.head, points) is not None
        if conclusion.key in self._stated:
            return True
        if conclusion.poly is not None:
            return state.system.entails(conclusion.poly, 0) is not None
        variables = [state.system.variables.get(quantity) for quantity in conclusion.quantities]
        return all(v is not None and state.system.known(v) is not None for v in variables)

    def _read(self, statement: Call) -> _Conclusion:
        state, theory = self.state, self.state.theory
        declared = theory.predicates.get(statement.head)
        if declared is not None:
            points = letters(statement)
            found = _Conclusion(statement, f"{declared.name} {canonical(declared, points)}", None, ())
            senseless = state.quantities.check_fact(declared.name, points) is not None
            found.known = senseless or state.construction.has((declared.name, points))
            return found
        inside = [call for call in calls(statement) if call.head in theory.attributes]
        quantities = [state.quantities.quantity(call.head, letters(call)) for call in inside]
        key, functions = self._shape(statement), _has_functions(statement, theory.attributes)
        poly = None if functions else state.equations.equation(statement)
        if isinstance(poly, Poly):
            key = min(str(poly.key()), str((-poly).key()))
        # Compiling functions would make new unknowns, which no question may do.
        named = [("symbol", symbol.name) for symbol in symbols(statement) if symbol.name != "pi"]
        found = _Conclusion(statement, key, poly if isinstance(poly, Poly) else None, (*quantities, *named))
        found.known = isinstance(poly, str) or not all(isinstance(q, Quantity) for q in quantities)
        return found

    def _shape(self, term: Term) -> str:
        """An equation as text, quantities in one spelling and what may change places in order."""
        if isinstance(term, Number):
            return str(term.value)
        if isinstance(term, Symbol):
            return term.name
        if isinstance(term, Points) or not isinstance(term, Call):
            return str(term)
        if term.head in self.state.theory.attributes:
            return str(self.state.quantities.quantity(term.head, letters(term)))
        parts = [self._shape(argument) for argument in term.args]
        if term.head in _SYMMETRIC:
            parts.sort()
        return f"{term.head}({','.join(parts)})"


def _has_functions(statement: Call, attributes: Container[str]) -> bool:
    """Whether it speaks of sines, roots and the like, not only of sums, products and powers of quantities."""
    return any(call.head not in OPERATORS and call.head not in attributes for call in calls(statement))


def _choice(application: Application, premises: tuple[int, ...], fresh: Sequence[_Conclusion]) -> Choice:
    gives = tuple([conclusion.statement for conclusion in fresh])
    return Choice(application, premises, gives, _key(application, fresh))


def _key(application: Application, fresh: Sequence[_Conclusion]) -> Key:
    return application.theorem, application.branch, *sorted([conclusion.key for conclusion in fresh])
