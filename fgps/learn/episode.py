"""An episode: one problem being solved step by step, under the eyes of the verifier."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from fgps.engine.records import Application, Refusal
from fgps.lang.printer import print_term
from fgps.learn.graph import GraphBuilder
from fgps.learn.position import Choice, Position
from fgps.learn.trace import Proof
from fgps.learn.vocabulary import vocabulary_of
from fgps.problem.model import Problem
from fgps.search.outcome import OutOfBudget, SearchBudget
from fgps.verify import Budget, Session
from fgps.verify.figures import Figure

#: Candidates that the text of an episode lists.
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """When an episode is truncated: ``steps``, ``seconds`` since its start.

    None for ``seconds`` leaves only the limit of one step, ``step_seconds``: then episodes depend on seed and
    actions alone as long as no step takes that long.
    """

    steps: int = 64
    seconds: float | None = None
    step_seconds: float = 30.0


class Episode:
    """One problem being solved: a position that offers candidates, and the verifier that judges.

    ``outcome`` is None while it runs; then ``solved``, ``saturated`` (nothing can be applied any more),
    ``unconfirmed`` (the checker does not accept the proof) or ``truncated``.  ValueError if the problem asks
    for nothing or no figure satisfies it.
    """

    def __init__(self, problem: Problem, limits: Limits, certify: bool, proof: Proof | None = None) -> None:
        diagram = Figure(problem).get()
        if diagram is None or problem.goal is None:
            raise ValueError(f"{problem.name} has no {'figure' if diagram is None else 'goal'}")
        self.problem = problem
        self.limits = limits
        self.history: list[Application] = []
        self.choices: tuple[Choice, ...] = ()
        self.taken = 0
        self.outcome: str | None = None
        self.answer: str | None = None
        self._certify = certify
        self._proof = proof
        self._started = time.perf_counter()
        self._judge = Session(problem, Budget(limits.step_seconds, searches=0, certify=certify, hints=False))
        self._budget = SearchBudget(limits.step_seconds)
        self.position = Position(problem, diagram, self._budget)
        self.builder = GraphBuilder(self.position.state, vocabulary_of(problem.theory))
        self._potential = 0.0
        self._look()
        self.progress()

    def take(self, action: int, most: int) -> tuple[str, str]:
        """Take one of the first ``most`` choices; the verifier's verdict and its message."""
        self.taken += 1
        verdict, message = "bad-arguments", f"{action} is no candidate"
        if self.outcome is None and 0 <= action < min(most, len(self.choices)):
            application = self.choices[action].application
            report = self._judge.apply(str(application))
            verdict, message = report.verdict, report.message
            if report.good:
                self._accept(application)
        if self.outcome is None:
            late = self.limits.seconds is not None and self.seconds > self.limits.seconds
            if late or self.taken >= self.limits.steps:
                self.outcome = "truncated"
        return verdict, message

    @property
    def seconds(self) -> float:
        """Seconds since the episode began."""
        return time.perf_counter() - self._started

    def progress(self) -> float:
        """By how much the share of the known proof that is done has grown since the last call."""
        steps = () if self._proof is None else self._proof.applications
        if not steps or self.outcome == "truncated":
            return 0.0
        done = sum(self.position.has(step) for step in steps) / len(steps)
        change, self._potential = done - self._potential, done
        return change

    def known(self) -> list[str]:
        """What is known beyond the figure, in words: givens, their meaning, conclusions."""
        entries = self.position.state.store.entries
        told = ("given", "meaning", "theorem")
        return [print_term(entry.statement, "infix") for entry in entries if entry.origin.kind in told]

    def replayed(self, steps: int) -> Episode:
        """A new episode on the same problem after the first steps of this one."""
        again = Episode(self.problem, self.limits, self._certify, self._proof)
        for application in self.history[:steps]:
            again.taken += 1
            again._judge.apply(str(application))
            again._accept(application, look=False)
        if steps:
            again._look()
            again.progress()
        return again

    def text(self) -> str:
        """The episode in words."""
        goal = self.builder.graph.texts[self.builder.goal]
        lines = [f"{self.problem.name}: {goal}"]
        lines += [f"  {number}. {step}" for number, step in enumerate(self.history, 1)]
        lines.append("known: " + "; ".join(self.known()))
        if self.outcome is not None:
            lines.append(self.outcome if self.answer is None else f"{self.outcome}: {self.answer}")
            return "\n".join(lines)
        lines.append(f"{len(self.choices)} candidates:")
        lines += [f"  [{i}] {choice.application}" for i, choice in enumerate(self.choices[:_SHOWN])]
        if len(self.choices) > _SHOWN:
            lines.append(f"  ... {len(self.choices) - _SHOWN} more")
        return "\n".join(lines)

    def _accept(self, application: Application, look: bool = True) -> None:
        self._budget.started = time.perf_counter()
        self.history.append(application)
        refused = self.position.apply(application)
        if look and not isinstance(refused, Refusal):
            self._look()

    def _look(self) -> None:
        """See whether the episode is over, and what can be applied if not."""
        self._budget.started = time.perf_counter()
        try:
            if self._reached():
                goal = self.position.goal()
                self.answer = None if goal.value is None else goal.value.to_text()
                confirmed = not self._certify or self._judge.report().accepted
                self.outcome = "solved" if confirmed else "unconfirmed"
                self.choices = ()
                return
            self.choices = self.position.choices().found
            if not self.choices:
                self.outcome = "saturated"
        except OutOfBudget:
            self.choices = ()
            self.outcome = "truncated"

    def _reached(self) -> bool:
        """Ask the verifier for the goal, if it looks near or if nothing is left to apply."""
        near = self.position.goal_is_near() or not self.position.choices().found
        return near and self._judge.reached()
