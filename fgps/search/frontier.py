"""Why not?  What stands between a state and its goal.

The frontier holds the facts that are missing for one step towards the goal: for each, the theorem instances
that are true in the diagram, whose premises are all established but that one, and whose conclusions speak of
what the goal still needs.  Beside it: which facts would close the goal, whether the data settles it
at all, and what in the data clashes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from fgps.algebra.exact import TooLarge, Undecided
from fgps.algebra.poly import Poly
from fgps.diagram.model import Diagram
from fgps.engine.numeric import NumericView
from fgps.engine.state import State
from fgps.engine.unify import BackwardMatcher
from fgps.lang.ast import Call, Points, Symbol, Term, calls, letters
from fgps.lang.printer import print_term
from fgps.search.agenda import Candidate
from fgps.search.clashes import Contradiction, contradictions
from fgps.search.frontier_records import Frontier, MissingFact, NextStep
from fgps.search.methods import relevant_plans
from fgps.search.outcome import OutOfBudget, SearchBudget
from fgps.search.span import Span
from fgps.search.suppose import at_fault, contradicts, settles, supposed_figure
from fgps.theory.instantiate import canonical, instance, spell

Row = tuple[str, ...]
Array = NDArray[np.float64]

#: How many instances are looked at, and how many facts are told.
_MOST_INSTANCES = 4000
_MOST_STEPS = 3
_MOST_CLASHING = 4
#: Facts that are not so in every figure: how many are told, how many of a predicate are tried, and how long.
_MOST_SUPPOSED = 4
_MOST_FIGURES = 2
_FIGURE_SECONDS = 0.06


@dataclass(frozen=True, slots=True)
class _Near:
    """An instance with one premise missing.

    ``distance`` of what it gives from the goal (0: the goal's own quantities).
    """

    premise: Call
    candidate: Candidate
    conclusions: tuple[Call, ...]
    distance: int
    closes: bool | None
    in_figure: bool | None


def frontier(state: State, seconds: float = 1.0, limit: int = 10, diagram: Diagram | None = None) -> Frontier:
    """The frontier of a state, looked for during about ``seconds`` at most.

    ``diagram`` is that of the problem, where it was too bad for the state: it names what clashes, and only
    what could be left out is looked for.
    Nothing becomes known by it that was not; entries of the algebra may be added.
    """
    effort, state.effort = state.effort, 0
    state.allow(seconds)
    try:
        # From contradictory data everything would follow: what clashes is all there is to say.
        contradictory = diagram is not None and diagram.outcome == "inconsistent"
        found = _Search(state, SearchBudget(seconds)).run(0 if contradictory else limit)
    finally:
        state.effort = effort
    if not found.clashes and diagram is not None and contradictory:
        worst = tuple(print_term(clash.statement, "infix") for clash in diagram.clashes[:_MOST_CLASHING])
        found = replace(found, clashes=(Contradiction(worst),) if worst else ())
    if contradictory and diagram is not None:
        found = replace(found, faults=at_fault(state.problem, diagram, seconds))
    return found


class _Search:
    def __init__(self, state: State, budget: SearchBudget) -> None:
        self.state = state
        self._budget = budget
        self._view = None if state.diagram is None else NumericView(state.diagram)
        self._goal = state.problem.goal
        self._poly = self._goal_poly()
        self._ring: dict[int, int] = {}
        self._span: Span | None = None
        self._gradient: Array | None = None
        self._tested: dict[str, int] = {}

    def run(self, limit: int) -> Frontier:
        """Collect, then rank."""
        near: list[_Near] = []
        complete = True
        self._prepare()
        determined, values = self._models()
        try:
            for one in self._near(self._view) if limit else ():
                near.append(one)
            if limit and self._is_open(determined) and not any(one.closes for one in near):
                near += [one for one in self._near(None) if one.in_figure is False]
        except OutOfBudget:
            complete = False
        return Frontier(
            unknown=tuple(self._name(v) for v, distance in self._ring.items() if not distance),
            determined=determined,
            values=values,
            missing=tuple(self._told(near, limit)),
            would_close=self._would_close(limit),
            clashes=contradictions(self.state),
            complete=complete,
        )

    # The goal -------------------------------------------------------------------------------

    def _goal_poly(self) -> Poly | None:
        """What the goal asks for, as a polynomial (None for relations)."""
        if self._goal is None:
            return None
        equations = self.state.equations
        if self._goal.kind == "value":
            found = equations.term(self._goal.term)
        elif self._goal.kind == "equation" and isinstance(self._goal.term, Call):
            found = equations.equation(self._goal.term)
        else:
            return None
        return None if isinstance(found, str) else found

    def _prepare(self) -> None:
        """The quantities that the goal needs, those one equation further, and the gradients."""
        if self._poly is None:
            return
        reduced = self.state.system.normal_form(self._poly)[0]
        self._ring = dict.fromkeys(self._plain(reduced.variables()), 0)
        wanted = set(reduced.variables())
        rows = [{v for mono in row.terms for v in mono} for row in self.state.system.rows.rows.values()]
        further = sorted({v for row in rows if row & wanted for v in row} - wanted)
        for variable in self._plain(further):
            self._ring.setdefault(variable, 1)
        if self.state.diagram is None:
            return
        try:
            self._span = Span(self.state)
            self._gradient = self._span.gradient(self._poly)
        except (ArithmeticError, ValueError, TooLarge, Undecided, np.linalg.LinAlgError):
            self._span = None

    def _plain(self, variables: Sequence[int]) -> list[int]:
        """Quantities and symbols; what the algebra introduced is replaced by what it speaks of."""
        found: dict[int, None] = {}
        for variable in variables:
            formula = self.state.system.formulas.get(variable)
            if formula is None:
                found[variable] = None
            else:
                inner = [v for part in formula[1:] if isinstance(part, Poly) for v in part.variables()]
                found.update(dict.fromkeys(self._plain(inner)))
        return [v for v in found if v in self.state.equations.variables]

    def _term(self, variable: int) -> Term:
        meaning = self.state.equations.variables[variable]
        if isinstance(meaning, str):
            return Symbol(meaning)
        return spell(self.state.theory.attributes[meaning.attribute], meaning.points)

    def _name(self, variable: int) -> str:
        return print_term(self._term(variable), "infix")

    # Instances one premise away -------------------------------------------------------------

    def _targets(self) -> Iterator[tuple[str, Row, int]]:
        """Predicates and attributes of points that conclusions should speak of."""
        if self._poly is None and self._goal is not None and isinstance(self._goal.term, Call):
            yield self._goal.term.head, letters(self._goal.term), 0
            return
        for variable, distance in self._ring.items():
            meaning = self.state.equations.variables[variable]
            if not isinstance(meaning, str):
                yield meaning.attribute, meaning.points, distance

    def _near(self, view: NumericView | None) -> Iterator[_Near]:
        """Without a view instances need not be true in the diagram."""
        plans = relevant_plans(self.state)
        matchers: dict[str, list[BackwardMatcher]] = {}
        for plan in plans:
            matcher = BackwardMatcher(self.state.theory, plan, self.state.store, view)
            for head in matcher.targets:
                matchers.setdefault(head, []).append(matcher)
        seen: set[tuple[str, int, Row]] = set()
        for head, points, distance in self._targets():
            for matcher in matchers.get(head, ()):
                self._budget.check()
                for row in matcher.instances(head, self._spellings(head, points)):
                    self._budget.check()
                    key = (matcher.plan.theorem, matcher.plan.number, row)
                    if key not in seen:
                        seen.add(key)
                        one = self._judge(Candidate(matcher.plan, row), distance)
                        if one is not None:
                            yield one
                        if len(seen) >= _MOST_INSTANCES:
                            return

    def _spellings(self, head: str, points: Row) -> list[Row]:
        if head in self.state.theory.predicates:
            return self.state.store.spellings(head, points)
        return self.state.quantities.spellings(head, points)

    def _judge(self, candidate: Candidate, distance: int) -> _Near | None:
        """The instance if exactly one premise is missing and it would give something new."""
        plan, state = candidate.plan, self.state
        names = dict(zip(plan.registers, candidate.row, strict=True))
        missing: Call | None = None
        for template in plan.branch.given:
            statement = instance(template, names)
            if isinstance(state.establish(statement), str):
                if missing is not None or not self._exists(statement):
                    return None
                missing = statement
        if missing is None:
            return None
        conclusions = tuple(instance(template, names) for template in plan.branch.then)
        if all(self._pointless(statement) for statement in conclusions):
            return None
        diagram = state.diagram
        in_figure = None if diagram is None else diagram.holds(missing)
        if in_figure is False:
            return _Near(missing, candidate, conclusions, distance, None, False)
        closes = self._closes(missing, conclusions)
        return _Near(missing, candidate, conclusions, distance, closes, in_figure)

    def _exists(self, statement: Call) -> bool:
        """Whether the figure has what the statement speaks of."""
        if statement.head in self.state.theory.predicates:
            return self.state.quantities.check_fact(statement.head, letters(statement)) is None
        return not isinstance(self.state.equations.equation(statement), str)

    def _pointless(self, statement: Call) -> bool:
        return not self._exists(statement) or isinstance(self.state.establish(statement), int)

    def _closes(self, premise: Call, conclusions: Sequence[Call]) -> bool | None:
        if self._poly is None:
            return True
        if self._span is None or self._gradient is None:
            return None
        rows: list[Array] = []
        for statement in (premise, *conclusions):
            found = self._span.statement(statement)
            if found is None:
                return None
            rows += found
        return self._span.contains(self._gradient, rows)

    # Telling --------------------------------------------------------------------------------

    def _told(self, near: Sequence[_Near], limit: int) -> Iterator[MissingFact]:
        """One entry for each missing fact, best first; those that are only supposed come last."""
        groups: dict[object, list[_Near]] = {}
        for one in near:
            groups.setdefault(self._key(one.premise), []).append(one)
        for members in groups.values():
            members.sort(key=_rank)
        ranked = sorted(groups.values(), key=lambda members: _rank(members[0]))
        for members in islice((m for m in ranked if m[0].in_figure is not False), limit):
            yield self._fact(members, members[0].closes)
        supposed = (m for m in ranked if m[0].in_figure is False)
        for members in islice(filter(self._would_settle, supposed), _MOST_SUPPOSED):
            yield self._fact(members, True)

    def _fact(self, members: Sequence[_Near], closes: bool | None) -> MissingFact:
        shown: dict[tuple[str, ...], NextStep] = {}
        for one in members:
            gives = tuple(print_term(statement, "infix") for statement in one.conclusions)
            shown.setdefault(gives, NextStep(str(one.candidate.application()), gives))
        fact = print_term(members[0].premise, "infix")
        return MissingFact(fact, closes, members[0].in_figure, tuple(shown.values())[:_MOST_STEPS])

    def _would_settle(self, members: Sequence[_Near]) -> bool:
        """Whether there are figures of the data with the fact, and all agree on the goal."""
        statement = members[0].premise
        tried = self._tested.get(statement.head, 0)
        if tried == _MOST_FIGURES or self._budget.left() <= 0 or contradicts(self.state, statement):
            return False
        self._tested[statement.head] = tried + 1
        figure = supposed_figure(self.state, statement, _FIGURE_SECONDS)
        return figure is not None and settles(self.state, figure)

    def _key(self, statement: Call) -> object:
        """The same for all spellings of a fact."""
        predicate = self.state.theory.predicates.get(statement.head)
        if predicate is not None:
            return predicate.name, canonical(predicate, letters(statement))
        poly = self.state.equations.equation(statement)
        if isinstance(poly, str):
            return statement
        reduced = self.state.system.normal_form(poly)[0]
        return min(str(reduced.key()), str((-reduced).key()))

    def _models(self) -> tuple[bool | None, tuple[float, ...]]:
        """Whether the models agree on the goal's value; two values if they do not."""
        diagram, goal = self.state.diagram, self._goal
        if diagram is None or goal is None or goal.kind != "value":
            return None, ()
        values = diagram.value(goal.term)
        if values is None or len(values) < 2:
            return None, ()
        if diagram.determined(goal.term) is not None:
            return True, ()
        return False, (float(np.min(values)), float(np.max(values)))

    def _is_open(self, determined: bool | None) -> bool:
        """Whether the figures of the data differ in what is asked."""
        diagram, goal = self.state.diagram, self._goal
        if diagram is None or goal is None:
            return False
        if goal.kind == "value":
            return determined is False
        return isinstance(goal.term, Call) and diagram.holds(goal.term) is False

    def _would_close(self, limit: int) -> tuple[str, ...]:
        """Quantities whose value alone would determine the goal: not its own; lengths and angles first."""
        if self._span is None or self._gradient is None or self._goal is None:
            return ()
        asked = {print_term(call, "infix") for call in calls(self._goal.term) if _is_quantity(call)}
        asked.add(print_term(self._goal.term, "infix"))
        variables = self.state.equations.variables
        found = [v for v in self._span.closing(self._gradient) if v in variables and not self._is_reflex(v)]
        order = {"length": 0, "angle": 0, "area": 1, "ratio": 2}
        kinds = self.state.system.kinds
        found.sort(key=lambda v: (self._ring.get(v, 2), order.get(kinds[v], 0), v))
        named = dict.fromkeys(self._name(v) for v in found)
        return tuple(name for name in named if name not in asked)[:limit]

    def _is_reflex(self, variable: int) -> bool:
        """An angle that nobody would give."""
        system = self.state.system
        values = system.models.of(variable)
        return system.kinds[variable] == "angle" and values is not None and bool(np.min(values) > 180)


def _rank(one: _Near) -> tuple[bool, int, int, int]:
    plan = one.candidate.plan
    return (not one.closes, one.distance, int(plan.stage), len(one.conclusions))


def _is_quantity(call: Call) -> bool:
    return bool(call.args) and all(isinstance(argument, Points) for argument in call.args)
