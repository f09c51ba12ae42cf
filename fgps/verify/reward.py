"""A reward for training: the score of each completion, in the shape that common trainers call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fgps.theory.load import load_theory
from fgps.theory.model import Theory
from fgps.verify.problems import ProblemShelf
from fgps.verify.report import Report
from fgps.verify.verifier import Budget, verify


class Reward:
    """``reward(completions, problem=[...]) -> list[float]``, one score in [0, 1] for each completion.

    ``problem`` is the column with the problems (see `load_problem`); further columns are ignored.  A
    completion is a text, or a list of chat messages of which the last counts.  What cannot be read
    scores 0, and nothing raises for the sake of one completion.
    """

    __name__ = "fgps_reward"

    def __init__(
        self, theory: str | Theory = "basic", budget: Budget | None = None, column: str = "problem"
    ) -> None:
        loaded = load_theory(theory).theory if isinstance(theory, str) else theory
        if loaded is None:
            raise ValueError(f"the theory {theory} cannot be used")
        self._shelf = ProblemShelf(loaded)
        self._budget = budget or Budget(seconds=5.0, searches=4, hints=False)
        self._column = column

    def __call__(self, completions: Sequence[object], **columns: Any) -> list[float]:
        problems = columns.get(self._column)
        if problems is None:
            raise ValueError(f"the column {self._column!r} with the problems is missing")
        if isinstance(problems, str | Mapping):
            problems = [problems] * len(completions)
        pairs = zip(completions, problems, strict=True)
        reports = [self.report(problem, completion) for completion, problem in pairs]
        return [0.0 if report is None else report.score for report in reports]

    def report(self, problem: object, completion: object) -> Report | None:
        """The whole report on one completion; None if the problem cannot be used."""
        found = self._shelf.get(problem).problem
        return None if found is None else verify(found, text_of(completion), self._budget)


def text_of(completion: object) -> str:
    """The text of a completion: itself, or the content of the last chat message."""
    if isinstance(completion, Sequence) and not isinstance(completion, str | bytes) and completion:
        completion = completion[-1]
    if isinstance(completion, Mapping):
        completion = completion.get("content", "")
    return completion if isinstance(completion, str) else str(completion)
