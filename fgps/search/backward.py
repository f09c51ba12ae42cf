"""Backward search: an AND/OR tree of goals.

A *goal* is a relation or equation that is wanted; it is an OR over theorem instances whose
conclusions mention it.  An *option* is such an instance: an AND over the goals that its
premises are.  What is false in the diagram never enters the tree.  An option whose premises are
established is applied to the one state, and every goal that this settles is closed.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from fgps.engine.numeric import NumericView
from fgps.engine.plan import BranchPlan
from fgps.engine.records import Applied, GoalResult
from fgps.engine.state import State
from fgps.engine.unify import BackwardMatcher
from fgps.lang.ast import Call, Points, Term, calls, letters
from fgps.search.agenda import Candidate, try_candidate
from fgps.search.outcome import OutOfBudget, SearchBudget, SearchResult, Status
from fgps.theory.instantiate import instance, spell

Row = tuple[str, ...]


@dataclass
class Goal:
    """A wanted statement, and the options found for it."""

    statement: Term
    depth: int
    done: bool = False
    expanded: bool = False
    options: list[Option] = field(default_factory=list)


@dataclass
class Option:
    """A theorem instance that would help, and the premises still wanted."""

    candidate: Candidate
    premises: tuple[Goal, ...]
    applied: bool = False


class GoalTree:
    """The tree, shared goals stored once; grows under a strategy's direction."""

    def __init__(
        self, state: State, plans: Sequence[BranchPlan], view: NumericView | None, budget: SearchBudget
    ) -> None:
        self.state = state
        self._budget = budget
        self._by_head: dict[str, list[BackwardMatcher]] = {}
        for plan in plans:
            matcher = BackwardMatcher(state.theory, plan, state.store, view)
            for head in matcher.targets:
                self._by_head.setdefault(head, []).append(matcher)
        self._view = view
        self._meanings = _meanings(state)
        self._seen: set[tuple[str, int, Row]] = set()
        self.goals: dict[Term, Goal] = {}
        goal = state.problem.goal
        assert goal is not None
        self.root = self._goal(goal.term, 0)

    def expand(self, goal: Goal) -> list[Goal]:
        """Find the options of a goal; returns the goals that are new and open."""
        goal.expanded = True
        known = set(self.goals)
        for head, points in self._mentions(goal.statement):
            for matcher in self._by_head.get(head, ()):
                for row in matcher.instances(head, self._spellings(head, points)):
                    self._budget.check()
                    self._add_option(goal, Candidate(matcher.plan, row))
        if isinstance(goal.statement, Call):
            for wider in self._wider(goal.statement):
                self._goal(wider, goal.depth + 1)
        return [g for statement, g in self.goals.items() if statement not in known and not g.done]

    def settle(self) -> int:
        """Apply every option whose premises are established, until nothing changes."""
        count = 0
        changed = True
        while changed:
            changed = False
            for goal in list(self.goals.values()):
                for option in goal.options:
                    if not option.applied and self._ready(option):
                        self._budget.check()
                        outcome = try_candidate(self.state, option.candidate)
                        if isinstance(outcome, Applied):
                            option.applied = True
                            count += 1
                            changed = True
        return count

    def _ready(self, option: Option) -> bool:
        for goal in option.premises:
            if not goal.done and isinstance(goal.statement, Call):
                goal.done = isinstance(self.state.establish(goal.statement), int)
            if not goal.done:
                return False
        return True

    def _goal(self, statement: Term, depth: int) -> Goal:
        goal = self.goals.get(statement)
        if goal is None:
            goal = Goal(statement, depth)
            self.goals[statement] = goal
            if depth and isinstance(statement, Call) and statement.head not in self.state.theory.attributes:
                goal.done = isinstance(self.state.establish(statement), int)
        return goal

    def _add_option(self, goal: Goal, candidate: Candidate) -> None:
        plan = candidate.plan
        key = (plan.theorem, plan.number, candidate.row)
        if key in self._seen:
            return
        self._seen.add(key)
        names = dict(zip(plan.registers, candidate.row, strict=True))
        wanted = [atom.statement for atom in plan.derived] + list(plan.equations)
        premises = tuple(self._goal(instance(s, names), goal.depth + 1) for s in wanted)
        goal.options.append(Option(candidate, premises))
        for statement in plan.branch.then:
            if statement.head == "Equal":
                for head, points in self._mentions(instance(statement, names)):
                    self._goal(spell(self.state.theory.attributes[head], points), goal.depth + 1)

    def _mentions(self, statement: Term) -> Iterator[tuple[str, Row]]:
        """The relation itself, or the attributes that an equation or value mentions."""
        if isinstance(statement, Call):
            for call in calls(statement):
                if call.args and all(isinstance(argument, Points) for argument in call.args):
                    yield call.head, letters(call)
        else:
            yield from self._linked(statement)

    def _linked(self, term: Term) -> Iterator[tuple[str, Row]]:
        """Attributes that share a given equation with a free symbol that is asked for."""
        for given in self.state.problem.givens:
            if given.fact is None and any(part == term for part in _parts(given.term)):
                yield from self._mentions(given.term)

    def _spellings(self, head: str, points: Row) -> list[Row]:
        if head in self.state.theory.predicates:
            return self.state.store.spellings(head, points)
        return self.state.quantities.spellings(head, points)

    def _wider(self, statement: Call) -> Iterator[Call]:
        """Relations whose meaning states this one, true in the diagram."""
        for head, places in self._meanings.get(statement.head, {}).items():
            declared = self.state.theory.predicates[head]
            for place in places:
                for points in self._spellings(statement.head, letters(statement)):
                    names = dict(zip(place, points, strict=True))
                    if set(names) == set(declared.letters):
                        wider = spell(declared, tuple(names[letter] for letter in declared.letters))
                        if self._view is None or self._view.holds(wider, {}):
                            yield wider


def _parts(term: Term) -> Iterator[Term]:
    yield term
    if isinstance(term, Call):
        for argument in term.args:
            yield from _parts(argument)


def _meanings(state: State) -> dict[str, dict[str, list[Row]]]:
    """Relation -> relations whose meaning states it -> the letters of that statement."""
    table: dict[str, dict[str, list[Row]]] = {}
    for name, declared in state.theory.predicates.items():
        for statement in declared.declaration.means:
            if statement.head in state.theory.predicates:
                table.setdefault(statement.head, {}).setdefault(name, []).append(letters(statement))
    return table


class BackwardSearch:
    """Expand goals in the order of a strategy until the root is settled."""

    def __init__(
        self,
        state: State,
        plans: Sequence[BranchPlan],
        view: NumericView | None,
        budget: SearchBudget,
        strategy: str,
        seed: int,
        width: int = 20,
    ) -> None:
        self.state = state
        self._plans = plans
        self._view = view
        self._budget = budget
        self._strategy = strategy
        self._random = random.Random(seed)
        self._width = width
        self._applied = 0
        self._expanded = 0

    def run(self) -> SearchResult:
        """Search; budgets end it with an outcome, not an exception."""
        goal = self.state.goal()
        if goal.reached or self.state.problem.goal is None:
            return self._result(Status.SOLVED if goal.reached else Status.SATURATED, goal)
        try:
            return self._run()
        except OutOfBudget as spent:
            goal = self.state.goal(effort=0)
            return self._result(Status.SOLVED if goal.reached else spent.status, goal)

    def _run(self) -> SearchResult:
        tree = GoalTree(self.state, self._plans, self._view, self._budget)
        waiting = [tree.root]
        while waiting:
            node = self._take(waiting)
            if node.done or node.expanded:
                continue
            self._expanded += 1
            self._budget.used += 1
            found = tree.expand(node)
            if self._strategy == "beam" and len(found) > self._width:
                chosen = sorted(self._random.sample(range(len(found)), self._width))
                found = [found[i] for i in chosen]
            waiting.extend(found)
            count = tree.settle()
            self._applied += count
            if self.state.system.clashes:
                return self._result(Status.INCONSISTENT, GoalResult(False))
            if count:
                goal = self.state.goal()
                if goal.reached:
                    return self._result(Status.SOLVED, goal)
        return self._result(Status.SATURATED, self.state.goal())

    def _take(self, waiting: list[Goal]) -> Goal:
        if self._strategy == "dfs":
            return waiting.pop()
        if self._strategy == "random":
            i = self._random.randrange(len(waiting))
            waiting[i], waiting[-1] = waiting[-1], waiting[i]
            return waiting.pop()
        return waiting.pop(0)

    def _result(self, status: Status, goal: GoalResult) -> SearchResult:
        return SearchResult(status, goal, self._applied, self._expanded)
