"""What would mend a step that fails: other arguments, another branch, steps that are missing, other names."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from fgps.engine.match import BranchMatcher
from fgps.engine.numeric import NumericView
from fgps.engine.plan import BranchPlan
from fgps.engine.records import Application
from fgps.engine.state import State
from fgps.lang.ast import Call, Number, Term, letters
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_application
from fgps.lang.printer import print_term
from fgps.search.methods import plans_of
from fgps.theory.instantiate import bind, instance
from fgps.verify.names import index_of
from fgps.verify.reasons import Allowance, find_reason
from fgps.verify.report import Suggestion

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram

#: Instances that are looked at, and orders that are offered.
_LOOKED_AT: Final = 3000
_OFFERED: Final = 2


@dataclass(frozen=True, slots=True)
class InFigure:
    """What the figure says about a statement: true, false or unknown (None); the sides of an equation."""

    holds: bool | None = None
    left: str = ""
    right: str = ""

    def words(self) -> str:
        """The same as the end of a sentence."""
        if self.holds is None:
            return ""
        if self.holds:
            return "it is true in the figure, but not established yet"
        if self.left:
            return f"in the figure it is false: {self.left} on the left, {self.right} on the right"
        return "it is false in the figure"


def in_figure(diagram: Diagram | None, statement: Call) -> InFigure:
    """Look at a statement in the figure."""
    if diagram is None:
        return InFigure()
    holds = diagram.holds(statement)
    if statement.head != "Equal" or len(statement.args) != 2 or holds is not False:
        return InFigure(holds)
    left, right = (_number(diagram, side) for side in statement.args)
    return InFigure(holds, left, right) if left and right else InFigure(holds)


def dry_run(state: State, call: Call) -> Call | str | None:
    """None if the application would be accepted now; else what fails: a premise or guard, or words."""
    theorem = state.theory.theorems.get(call.head)
    if theorem is None or not call.args or not isinstance(call.args[0], Number):
        return "no such theorem"
    branch = theorem.branches.get(int(call.args[0].value))
    binding = bind(theorem, tuple(letters(argument) for argument in call.args[1:]))
    if isinstance(binding, Diagnostic):
        return binding.headline
    if branch is None:
        return "no such branch"
    for template in branch.given:
        premise = instance(template, binding)
        if isinstance(state.establish(premise), str):
            return premise
    if state.diagram is not None:
        for template in (*branch.where, *branch.then):
            statement = instance(template, binding)
            if state.diagram.holds(statement) is False:
                return statement
    return None


def other_branches(state: State, call: Call) -> list[Call]:
    """The same application by the branches that would be accepted now."""
    theorem = state.theory.theorems[call.head]
    written = int(call.args[0].value) if isinstance(call.args[0], Number) else 0
    found = []
    for number in theorem.branches:
        if number != written:
            changed = with_branch(call, number)
            if dry_run(state, changed) is None:
                found.append(changed)
    return found


def with_branch(call: Call, number: int) -> Call:
    """The application by another branch."""
    return Call(call.head, (Number(Fraction(number), str(number)), *call.args[1:]), call.notation, call.span)


def other_orders(state: State, call: Call) -> list[str]:
    """Applications of the same theorem to the same points that would be accepted now, the nearest first.

    Instances that are true in the figure are enumerated (a bounded number); the premises of those that
    use just the points that were written are then asked of the state.
    """
    written = tuple(point for word in call.args[1:] for point in letters(word))
    view = None if state.diagram is None else NumericView(state.diagram)
    found: list[tuple[int, str]] = []
    for plan in _plans(state, call.head):
        if view is None and plan.branch.where:
            continue
        matcher = BranchMatcher(state.theory, plan, state.store, view)
        for row in itertools.islice(matcher.all(), _LOOKED_AT):
            points = tuple(row[slot] for slot in plan.parameters)
            if set(points) != set(written) or points == written:
                continue
            distance = sum(a != b for a, b in itertools.zip_longest(points, written))
            found.append((distance, str(Application(plan.theorem, plan.number, points, plan.groups))))
    accepted = []
    for _, text in sorted(set(found))[:40]:
        again = parse_application(text)
        if isinstance(again, Call) and dry_run(state, again) is None:
            accepted.append(text)
            if len(accepted) == _OFFERED:
                break
    return accepted


def for_names(state: State, name: str) -> list[Suggestion]:
    """Theorems that an unknown name may mean."""
    matches = index_of(state.theory).nearest(name)
    if not matches:
        return []
    shown = "; ".join(f"{match.signature}: {match.sentence}" for match in matches[:3])
    message = f"perhaps one of these is meant: {shown}"
    return [Suggestion("name", message, tuple(match.name for match in matches))]


def for_arguments(state: State, call: Call) -> list[Suggestion]:
    """Orders of the points that work."""
    return [
        Suggestion("replace", f"with these points it works: {text}", (text,))
        for text in other_orders(state, call)
    ]


def for_premise(
    state: State, premise: Call, applied: list[Application], allowance: Allowance
) -> list[Suggestion]:
    """The steps that are missing before a premise that is true."""
    found = find_reason(state.problem, state.diagram, applied, premise, allowance)
    if found is None:
        return []
    steps = tuple(str(application) for application in found)
    message = f"{print_term(premise, 'infix')} follows by {', then '.join(steps)}: insert this before"
    return [Suggestion("insert", message, steps)]


def _plans(state: State, theorem: str) -> list[BranchPlan]:
    return [plan for plan in plans_of(state.theory) if plan.theorem == theorem]


def _number(diagram: Diagram, term: Term) -> str:
    value = diagram.determined(term)
    return "" if value is None else f"{value:.6g}"
