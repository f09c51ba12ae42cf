"""Step by step: a solution in progress that can be forked, tried out and taken back.

A fork costs nothing when it is made: it shares the steps so far and goes through them again (some
milliseconds) when it is first asked something.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fgps.problem.model import Problem
from fgps.verify.figures import Figure
from fgps.verify.read import read_solution
from fgps.verify.report import Report, StepReport
from fgps.verify.run import Run
from fgps.verify.solution import MAX_STEPS
from fgps.verify.verifier import Budget, step_report, verify

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram


class Session:
    """Steps accepted so far, on one problem.

    Everything is checked beside the figure.  Steps that are refused leave no trace.
    """

    def __init__(self, problem: Problem, budget: Budget | None = None, steps: Sequence[str] = ()) -> None:
        self.problem = problem
        self.budget = budget or Budget()
        self.steps: tuple[str, ...] = tuple(steps)
        self._run: Run | None = None

    def apply(self, step: str) -> StepReport:
        """Take one step (a text in any form); it is kept if it is right."""
        report = self._try(step)
        if report.good and len(self.steps) < MAX_STEPS:
            self.steps = (*self.steps, step)
        else:
            # What was looked up on the way may stay in the run; a fresh one is clean.
            self._run = None
        return report

    def try_many(self, steps: Sequence[str]) -> list[StepReport]:
        """What would become of each of these as the next step; nothing is kept."""
        return [self.fork()._try(step) for step in steps]

    def fork(self) -> Session:
        """A session of its own with the same steps."""
        return Session(self.problem, self.budget, self.steps)

    def snapshot(self) -> int:
        """A mark to roll back to."""
        return len(self.steps)

    def rollback(self, mark: int) -> None:
        """Forget the steps behind a mark."""
        if not 0 <= mark <= len(self.steps):
            raise ValueError(f"there is no mark {mark}")
        if mark < len(self.steps):
            self.steps = self.steps[:mark]
            self._run = None

    def reached(self) -> bool:
        """Whether the goal follows by now."""
        return self._current().state.goal().reached

    def report(self) -> Report:
        """The report on the steps so far."""
        return verify(self.problem, list(self.steps), self.budget)

    def _try(self, step: str) -> StepReport:
        run = self._current()
        read = read_solution([step], self.problem)
        if len(read.steps) != 1:
            message = read.problems[0] if read.problems else "one step is needed at a time"
            return StepReport(len(self.steps) + 1, step[:200], "syntax", message)
        return step_report(run.state, run.take(read.steps[0]), {})

    def _current(self) -> Run:
        if self._run is None:
            diagram: Diagram | None = Figure(self.problem).get()
            self._run = Run(self.problem, diagram, True, self.budget.seconds)
            self._run.go(read_solution(list(self.steps), self.problem).steps)
        self._run.more_time(self.budget.seconds)
        return self._run
