"""A session: one problem, worked on step by step by a person or a program.

The engine is that of `solve` and `replay`.  The session keeps the history of applications; undoing
runs the history anew.  Questions are answered in a copy, so that asking changes nothing and the numbers of
facts depend on the history alone.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from fgps import api
from fgps.diagram.synthesize import synthesize
from fgps.engine.near import missing_premises
from fgps.engine.numeric import NumericView
from fgps.engine.records import Applied, GoalResult, Origin, Refusal
from fgps.engine.state import State
from fgps.interactive.asking import candidates_of, explain, open_goals
from fgps.interactive.reading import Reading, read_application, working_orders
from fgps.interactive.records import Candidates, Fact, Finish, Learned, OpenGoal, Reasons, WhyNot
from fgps.lang.ast import Call, SolutionDeclaration
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.proof.certificate import certify, dump_certificate
from fgps.proof.steps import proof_steps, rule_text
from fgps.search.frontier import frontier
from fgps.search.frontier_records import Frontier
from fgps.search.methods import run_search
from fgps.search.outcome import SearchBudget
from fgps.search.providers import providers
from fgps.search.unique import only_answer
from fgps.theory.instantiate import instance
from fgps.theory.model import Theory

if TYPE_CHECKING:
    from fgps.diagram.model import Diagram

#: Facts of these kinds are told; the others are made whenever somebody asks.
_TOLD = ("given", "meaning", "theorem")
_FIGURE_SECONDS = 2.0


def load(source: str, theory: str | Theory = "basic", seed: int = 0) -> Session | tuple[Diagnostic, ...]:
    """A session on a PROBLEM argument, or what is wrong with it."""
    loaded = api.load(source, theory)
    return loaded.diagnostics if loaded.problem is None else Session(loaded.problem, seed)


class Session:
    """See the module.  Every method takes text as people write it, and none raises for a mistake in it."""

    def __init__(self, problem: Problem, seed: int = 0, diagram: Diagram | None = None) -> None:
        self.problem = problem
        self.seed = seed
        self.diagram = synthesize(problem, seed=seed, budget=_FIGURE_SECONDS) if diagram is None else diagram
        usable = self.diagram.outcome in ("exact", "rounded")
        self._models = self.diagram if usable else None
        self._view = NumericView(self.diagram) if usable else None
        self._history: list[Call] = []
        self.state = self._replayed()
        self._asked: State | None = None
        self._goal: GoalResult | None = None

    @property
    def history(self) -> tuple[str, ...]:
        """The applications so far."""
        return tuple(print_term(call) for call in self._history)

    @property
    def goal(self) -> GoalResult:
        """The goal as far as it is known (asked in a copy)."""
        if self._goal is None:
            self._goal = self._copy().goal()
        return self._goal

    # Steps ----------------------------------------------------------------------------------

    def apply(self, text: str) -> Learned | WhyNot:
        """Apply ``name(branch,args)``: what became known, or why not."""
        reading = read_application(self.problem.theory, text)
        if isinstance(reading, WhyNot):
            return reading
        learned = self._apply(self.state, reading)
        if isinstance(learned, Refusal):
            return self._why_not(reading, learned)
        self._history.append(reading.call)
        self._forget()
        return self._told(self.state, learned, reading)

    def undo(self, steps: int = 1) -> tuple[str, ...]:
        """Take back the last applications; returns them, the last one first."""
        undone = [print_term(self._history.pop()) for _ in range(min(max(steps, 0), len(self._history)))]
        if undone:
            self.state = self._replayed()
            self._forget()
        return tuple(undone)

    def what_if(self, text: str) -> Learned | WhyNot:
        """What an application would give; premises that are missing but true in the figure are supposed."""
        reading = read_application(self.problem.theory, text)
        if isinstance(reading, WhyNot):
            return reading
        state = self._replayed()
        supposed: list[str] = []
        for template in reading.branch.given:
            statement = instance(template, reading.binding)
            if isinstance(state.establish(statement), int):
                continue
            if self._models is not None and self._models.holds(statement) is not True:
                return self._why_not(reading, Refusal("premise-missing", "", statement))
            reason = state.learn(statement, Origin("given", note="supposed"))
            if reason is not None:
                return WhyNot("premise-missing", reason)
            supposed.append(print_term(statement, "infix"))
        learned = self._apply(state, reading)
        if isinstance(learned, Refusal):
            return self._why_not(reading, learned)
        return self._told(state, learned, reading, tuple(supposed))

    # Questions ------------------------------------------------------------------------------

    def candidates(self, theorem: str | None = None, limit: int = 60, seconds: float = 2.0) -> Candidates:
        """What can be applied now and gives something new."""
        return candidates_of(self._copy(), self._view, theorem, limit, seconds)

    def goals(self, seconds: float = 2.0) -> tuple[OpenGoal, ...]:
        """The goal, and what would help it: a step of backward search."""
        return open_goals(self._copy(), self._view, self.goal, seconds)

    def facts(self, text: str = "") -> tuple[Fact, ...]:
        """What is known: givens, their meaning, conclusions; those that hold ``text``."""
        found = []
        for entry in self.state.store.entries:
            if entry.origin.kind in _TOLD:
                statement = print_term(entry.statement, "infix")
                if text.lower() in statement.lower():
                    found.append(Fact(entry.id, statement, rule_text(entry.origin)))
        return tuple(found)

    def why(self, fact: str | int) -> Reasons | WhyNot:
        """The proof of a fact, an equation or the value of a term; a number is that of a known fact."""
        text = str(fact).strip()
        if text.isdecimal():
            entries = self.state.store.entries
            if int(text[:9]) >= len(entries):
                return WhyNot("unknown", f"there is no fact {text[:9]}")
            return Reasons(proof_steps(entries, int(text)))
        return explain(self._copy(), text)

    def frontier(self, seconds: float = 1.0) -> Frontier:
        """What is missing for the goal."""
        return frontier(self._replayed(), seconds, diagram=self.diagram)

    def solve(self, timeout: float = 10.0) -> Finish:
        """Let the search finish from here; the session itself stays where it is."""
        state = self._replayed(time.perf_counter() + timeout)
        result = run_search(state, "auto", "bfs", SearchBudget(timeout), self.seed)
        result = only_answer(state, result, self.seed)
        goal = result.goal
        steps = () if goal.entry is None else proof_steps(state.store.entries, goal.entry)
        done = {str(item.application) for item in self.state.applications}
        used = (str(step.application) for step in steps if step.application is not None)
        to_apply = tuple(text for text in dict.fromkeys(used) if text not in done)
        answer = None if goal.value is None else goal.value.to_text()
        return Finish(result.status.value, answer, steps, to_apply, result.message)

    def solution(self) -> SolutionDeclaration:
        """The history as a solution in FGL."""
        return SolutionDeclaration(self.problem.name, tuple(self._history))

    def certificate(self) -> tuple[str, str] | str:
        """The certificate of the proof as JSON text and the checker's verdict; or why there is none."""
        state = self._replayed()
        goal = state.goal()
        if not goal.reached:
            return "the goal is not reached yet"
        certificate, verdict = certify(state, goal)
        if certificate is None or not verdict.accepted:
            return f"the checker does not accept the proof: {verdict.reason or verdict.kind}"
        return dump_certificate(certificate), verdict.kind

    # Inside ---------------------------------------------------------------------------------

    def _replayed(self, deadline: float | None = None) -> State:
        """A state in which the history has been applied."""
        state = State(self.problem, self._models, deadline)
        for call in self._history:
            state.apply(call)
        return state

    def _copy(self) -> State:
        """A state for questions, made anew after each step."""
        if self._asked is None:
            self._asked = self._replayed()
        return self._asked

    def _forget(self) -> None:
        self._asked = self._goal = None

    @staticmethod
    def _apply(state: State, reading: Reading) -> tuple[Applied, tuple[str, ...]] | Refusal:
        """Apply; with the result, the values that were found by it."""
        before = _values(state)
        outcome = state.apply(reading.call)
        if isinstance(outcome, Refusal):
            return outcome
        return outcome, tuple(text for text in _values(state) if text not in before)

    def _told(
        self,
        state: State,
        learned: tuple[Applied, tuple[str, ...]],
        reading: Reading,
        supposed: Sequence[str] = (),
    ) -> Learned:
        applied, values = learned
        new = [state.store.entries[number] for number in applied.new]
        statements = {print_term(entry.statement, "infix") for entry in new}
        goal = self.goal if state is self.state else state.goal()
        return Learned(
            application=print_term(reading.call),
            facts=tuple(
                Fact(entry.id, print_term(entry.statement, "infix"), rule_text(entry.origin))
                for entry in new
                if entry.origin.kind in _TOLD
            ),
            values=tuple(text for text in values if text not in statements),
            supposed=tuple(supposed),
            assumed=tuple(print_term(guard, "infix") for guard in applied.assumed),
            reached=goal.reached,
            answer=None if goal.value is None else goal.value.to_text(),
            read_as=reading.read_as,
        )

    def _why_not(self, reading: Reading, refusal: Refusal) -> WhyNot:
        """A refusal with everything that helps."""
        state = self._copy()
        statements = [instance(template, reading.binding) for template in reading.branch.given]
        missing = tuple(
            replace(lack, given_by=() if lack.in_figure is False else providers(state, self._view, statement))
            for statement, lack in missing_premises(state, statements)
        )
        message = refusal.message
        if refusal.kind == "premise-missing":
            message = f"{len(missing)} of {len(reading.branch.given)} premises are not established"
        elif refusal.premise is not None:
            message = f"{message}: {print_term(refusal.premise, 'infix')}"
        orders = working_orders(state, self._view, reading)
        return WhyNot(refusal.kind, message, missing, orders)


def _values(state: State) -> dict[str, None]:
    """The quantities and symbols whose value the closures know, as text."""
    found: dict[str, None] = {}
    for variable, meaning in state.equations.variables.items():
        value = state.system.known(variable)
        if value is not None:
            found[f"{meaning} = {value.to_text()}"] = None
    return found
