"""Going through a solution with one state: a verdict for each step, all in one pass.

A step that fails is noted and gives nothing; the rest goes on without it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from fgps.engine.arguments import last_wins
from fgps.engine.records import Application, Applied, Refusal
from fgps.engine.state import State
from fgps.lang.ast import Call, Number, letters
from fgps.lang.parse import parse_application
from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.theory.instantiate import canonical, instance
from fgps.verify import explain
from fgps.verify.reasons import Allowance, find_reason
from fgps.verify.report import Suggestion, Verdict
from fgps.verify.solution import Readings, Repair, Step

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram

#: What another branch of the theorem may not suffer from.
_OF_ONE_BRANCH: Final = ("premise-missing", "false-in-diagram")


@dataclass
class Result:
    """What became of one step; ``entries`` are those that it made, ``asked`` those that show its claims."""

    step: Step
    verdict: Verdict = "ok"
    message: str = ""
    read: str = ""
    failing: Call | None = None
    figure: explain.InFigure = field(default_factory=explain.InFigure)
    repairs: list[Repair] = field(default_factory=list)
    reason: list[Application] = field(default_factory=list)
    applied: list[Applied] = field(default_factory=list)
    entries: range = range(0)
    asked: list[int] = field(default_factory=list)
    suggestions: list[Suggestion] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether the step is right."""
        return self.verdict in ("ok", "redundant")


class Run:
    """One pass over a solution.

    With ``explaining`` claims without a reason are searched for one, and with ``hinting`` too steps that fail
    get suggestions.
    """

    def __init__(
        self,
        problem: Problem,
        diagram: Diagram | None,
        explaining: bool,
        seconds: float,
        allowance: Allowance | None = None,
        hinting: bool = True,
    ) -> None:
        self._ends = time.perf_counter() + seconds
        self.state = State(problem, diagram, self._ends)
        self.explaining = explaining
        self.hinting = explaining and hinting
        self.allowance = allowance or Allowance()
        self.results: list[Result] = []
        self.timed_out = False
        self._points = {*problem.construction.points, *problem.construction.circles}

    def go(self, steps: Sequence[Step]) -> None:
        """Take all steps."""
        for step in steps:
            self.take(step)

    def more_time(self, seconds: float) -> None:
        """Let the next steps take so many seconds from now."""
        self._ends = time.perf_counter() + seconds
        self.state.allow(seconds)

    def take(self, step: Step) -> Result:
        """Take one step."""
        result = Result(step, repairs=list(step.repairs))
        self.results.append(result)
        if time.perf_counter() > self._ends:
            self.timed_out = True
            self._fail(result, "unchecked", "the time ran out before this step")
            return result
        before = len(self.state.store.entries)
        try:
            self._take(step, result)
        except ArithmeticError as problem:
            # Equations that contradict each other may lead to numbers that do not exist.
            self._fail(result, "unchecked", f"the algebra cannot go on: {problem}")
        result.entries = range(before, len(self.state.store.entries))
        return result

    @property
    def applications(self) -> list[Application]:
        """What was applied so far."""
        return [applied.application for applied in self.state.applications]

    # One step -------------------------------------------------------------------------------

    def _take(self, step: Step, result: Result) -> None:
        if step.problem:
            self._fail(result, "syntax", step.problem)
            if step.hint:
                result.suggestions.append(Suggestion("name", step.hint))
            return
        for readings in (*step.premises, *step.claims):
            senseless = self._senseless(readings[0])
            if senseless:
                self._fail(result, "bad-arguments", f"{_spelled(readings[0])}: {senseless}", readings[0])
                return
        for readings in step.premises:
            if self._established(readings) is None:
                self._fail_on(result, "premise-missing", readings[0], "is stated as a premise")
                return
        fresh = False
        if step.application is not None:
            if not self._apply(step.application, result):
                return
            fresh = any(applied.new for applied in result.applied)
        if step.claims:
            known = len(self.state.store.entries)
            if not all(self._claim(readings, step, result) for readings in step.claims):
                return
            news = any(entry >= known and self._says_something(entry) for entry in result.asked)
            fresh = fresh or news or bool(result.reason)
        if not fresh:
            result.verdict = "redundant"
            result.message = "it gives nothing that was not known"

    def _apply(self, call: Call, result: Result) -> bool:
        result.read = print_term(call)
        theorem = self.state.theory.theorems.get(call.head)
        if theorem is None:
            self._fail(result, "unknown-theorem", f"there is no theorem {call.head[:80]}")
            if self.hinting:
                result.suggestions += explain.for_names(self.state, call.head)
            return False
        number = int(call.args[0].value) if call.args and isinstance(call.args[0], Number) else 0
        outcome: Applied | Refusal
        if number not in theorem.branches and len(call.args) > 1:
            return self._other_branch(call, number, result)
        strangers = sorted({p for word in call.args[1:] for p in letters(word)} - self._points)
        if strangers:
            message = f"the figure has no point {', '.join(strangers)[:80]}"
            self._fail(result, "bad-arguments", message)
            return False
        outcome = self.state.apply(call)
        if isinstance(outcome, Refusal) and outcome.kind == "bad-arguments":
            mended = last_wins(self.state.theory, call)
            if mended is not None and isinstance(again := self.state.apply(mended), Applied):
                message = f"{print_term(call)} was read as {print_term(mended)}"
                result.repairs.append(Repair("arguments", message))
                result.read, outcome = print_term(mended), again
        if isinstance(outcome, Refusal) and outcome.kind in _OF_ONE_BRANCH and len(theorem.branches) > 1:
            others = explain.other_branches(self.state, call)
            if len(others) == 1 and isinstance(again := self.state.apply(others[0]), Applied):
                message = f"branch {number} does not apply; branch {others[0].args[0].value} does"  # type: ignore[union-attr]
                result.repairs.append(Repair("branch", message))
                result.read, outcome = print_term(others[0]), again
        if isinstance(outcome, Refusal):
            self._refused(call, outcome, result)
            return False
        result.applied.append(outcome)
        if result.step.premises:
            self._note_premises(outcome.application, result)
        return True

    def _other_branch(self, call: Call, number: int, result: Result) -> bool:
        """The branch was not written, or does not exist: take the one that applies, if it is the only one."""
        fitting = explain.other_branches(self.state, call)
        theorem = self.state.theory.theorems[call.head]
        if len(fitting) == 1 and isinstance(outcome := self.state.apply(fitting[0]), Applied):
            said = "no branch was written" if not number else f"there is no branch {number}"
            result.repairs.append(Repair("branch", f"{said}; it was read as {print_term(fitting[0])}"))
            result.read = print_term(fitting[0])
            result.applied.append(outcome)
            return True
        known = ", ".join(map(str, theorem.branches))
        said = f"{call.head} has no branch {number}" if number else f"{call.head} needs a branch number first"
        self._fail(result, "bad-arguments", f"{said} (it has {known})")
        if self.hinting:
            result.suggestions += [
                Suggestion("replace", f"this branch applies: {print_term(c)}", (print_term(c),))
                for c in fitting[:2]
            ] or explain.for_arguments(self.state, call)
        return False

    def _refused(self, call: Call, refusal: Refusal, result: Result) -> None:
        kinds: dict[str, Verdict] = {
            "premise-missing": "premise-missing",
            "false-in-diagram": "false-in-diagram",
            "unknown-theorem": "unknown-theorem",
        }
        verdict = kinds.get(refusal.kind, "bad-arguments")
        if refusal.premise is None:
            self._fail(result, verdict, refusal.message)
        elif verdict == "premise-missing":
            self._fail_on(result, verdict, refusal.premise, "is needed")
        else:
            self._fail(result, verdict, f"{_spelled(refusal.premise)}: {refusal.message}", refusal.premise)
            result.figure = explain.in_figure(self.state.diagram, refusal.premise)
        if self.hinting:
            result.suggestions += explain.for_arguments(self.state, call)

    # Claims ---------------------------------------------------------------------------------

    def _claim(self, readings: Readings, step: Step, result: Result) -> bool:
        found = self._established(readings)
        if found is None and step.application is None and not step.by_algebra:
            found = self._searched(readings, result)
        if found is None:
            false = all(explain.in_figure(self.state.diagram, claim).holds is False for claim in readings)
            if false:
                result.figure = explain.in_figure(self.state.diagram, readings[0])
                self._fail(result, "false-in-diagram", _sentence(readings[0], result.figure), readings[0])
            else:
                self._fail_on(result, "not-derivable", readings[0], "does not follow by the reason given")
            return False
        claim, entry = found
        if len(readings) > 1 and claim != readings[0]:
            message = f"{_spelled(readings[0])} was read as {_spelled(claim)}, which is what holds"
            result.repairs.append(Repair("notation", message))
        result.asked.append(entry)
        return True

    def _established(self, readings: Readings) -> tuple[Call, int] | None:
        for claim in readings:
            if not self._senseless(claim):
                entry = self.state.establish(claim)
                if isinstance(entry, int):
                    return claim, entry
        return None

    def _searched(self, readings: Readings, result: Result) -> tuple[Call, int] | None:
        """A claim without a reason: look for one, and take it."""
        if not self.explaining or self.state.diagram is None:
            return None
        for claim in readings:
            if self.state.diagram.holds(claim) is False or self._senseless(claim):
                continue
            found = find_reason(
                self.state.problem, self.state.diagram, self.applications, claim, self.allowance
            )
            for application in found or ():
                call = parse_application(str(application))
                assert isinstance(call, Call)
                outcome = self.state.apply(call)
                if isinstance(outcome, Applied):
                    result.applied.append(outcome)
                    result.reason.append(application)
            if found is not None and (established := self._established((claim,))) is not None:
                return established
        return None

    def _says_something(self, entry: int) -> bool:
        """Whether an entry rests on anything: what is true of every figure, or drawn in it, is no news."""
        origin = self.state.store.entries[entry].origin
        return origin.kind != "construction" and bool(origin.premises)

    def _senseless(self, statement: Call) -> str:
        """Why a statement has no meaning in this problem; empty if it has one."""
        if statement.head in self.state.theory.predicates:
            bad = self.state.quantities.check_fact(statement.head, letters(statement))
            return "" if bad is None else bad.headline
        poly = self.state.equations.equation(statement)
        return poly if isinstance(poly, str) else ""

    def _note_premises(self, application: Application, result: Result) -> None:
        """Premises that the step did not list: form, not mathematics."""
        theorem = self.state.theory.theorems[application.theorem]
        binding = dict(zip(theorem.letters, application.points, strict=True))
        listed = {self._canonical(claim) for readings in result.step.premises for claim in readings}
        branch = theorem.branches[application.branch]
        needed = [instance(template, binding) for template in branch.given]
        absent = [premise for premise in needed if self._canonical(premise) not in listed]
        if absent:
            names = ", ".join(_spelled(premise) for premise in absent[:4])
            result.repairs.append(Repair("premises", f"premises not listed were completed: {names}"))

    def _canonical(self, statement: Call) -> object:
        declared = self.state.theory.predicates.get(statement.head)
        if declared is not None:
            return (statement.head, canonical(declared, letters(statement)))
        poly = self.state.equations.equation(statement)
        return statement if isinstance(poly, str) else repr(poly)

    # Failing --------------------------------------------------------------------------------

    def _fail(self, result: Result, verdict: Verdict, message: str, failing: Call | None = None) -> None:
        result.verdict, result.message, result.failing = verdict, message, failing

    def _fail_on(self, result: Result, verdict: Verdict, statement: Call, role: str) -> None:
        """A statement that is not established: say what the figure says about it, and what is missing."""
        result.figure = explain.in_figure(self.state.diagram, statement)
        self._fail(result, verdict, _sentence(statement, result.figure, role), statement)
        if self.hinting and result.figure.holds:
            result.suggestions += explain.for_premise(
                self.state, statement, self.applications, self.allowance
            )


def _spelled(statement: Call) -> str:
    return print_term(statement, "infix")


def _sentence(statement: Call, figure: explain.InFigure, role: str = "") -> str:
    said = figure.words() or "it does not follow from what is known"
    return f"{_spelled(statement)} {role}; {said}" if role else f"{_spelled(statement)}: {said}"
