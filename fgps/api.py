"""The whole chain on one page: load, diagram, search or replay, proof, outcome.

Everything here works on values; what the user did wrong is in diagnostics and outcomes,
never in exceptions.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from fgps.data.sources import read_source
from fgps.engine.arguments import last_wins
from fgps.engine.records import Applied, GoalResult, Refusal
from fgps.engine.state import State
from fgps.lang.ast import Call
from fgps.lang.diagnostics import Diagnostic, Severity
from fgps.lang.printer import print_term
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.proof.certificate import Json, certify
from fgps.proof.shorten import SECONDS, SHORT, shorten
from fgps.proof.steps import ProofStep, proof_steps
from fgps.theory.load import Loaded as LoadedTheory
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

if TYPE_CHECKING:
    from fgps.algebra.exact import Exact
    from fgps.diagram.model import Diagram
    from fgps.render.show import Shown
    from fgps.search.frontier_records import Frontier
    from fgps.search.predictor import Predictor


@dataclass(frozen=True, slots=True)
class Loaded:
    """A problem ready to work on, its annotated theorem sequence, and what is to be said about it."""

    problem: Problem | None
    solution_sequence: tuple[Call, ...]
    diagnostics: tuple[Diagnostic, ...]
    text: str = ""

    def _repr_svg_(self) -> str | None:
        """Notebooks: the figure."""
        return None if self.problem is None else present(self.problem)._repr_svg_()


@dataclass(frozen=True, slots=True)
class StepRecord:
    """A step of the outcome as text: what was concluded, by which rule, from which steps."""

    number: int
    rule: str
    premises: tuple[int, ...]
    conclusions: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a solve or replay ended.

    ``status``: solved, saturated, timeout, memory, inconsistent, error for a solve; valid, invalid,
    timeout, error for a replay.  ``cause`` is a short class of failure for tables, ``message`` says it
    in full.  ``seconds`` excludes loading of problem and theory.  ``frontier`` says what is missing where a
    solve that was to explain itself did not reach the goal.  ``verdict`` is what the independent checker
    says to the ``certificate`` of a goal that was reached, ``read_off`` what it read off the figure.
    ``nodes`` is the size of a search: theorem instances tried, for a backward search goals expanded.
    """

    status: str
    answer: str | None = None
    value: float | None = None
    steps: tuple[StepRecord, ...] = ()
    seconds: float = 0.0
    cause: str = ""
    message: str = ""
    assumed: tuple[str, ...] = ()
    diagram: str | None = None
    frontier: Frontier | None = None
    verdict: str | None = None
    read_off: tuple[str, ...] = ()
    nodes: int = 0
    certificate: Json | None = field(default=None, compare=False, repr=False)
    exact: Exact | None = field(default=None, compare=False, repr=False)
    open_roots: bool = field(default=False, compare=False, repr=False)
    problem: Problem | None = field(default=None, compare=False, repr=False)

    def _repr_html_(self) -> str | None:
        """Notebooks: the page of the proof."""
        return None if self.problem is None else present(self.problem, self)._repr_html_()

    def _repr_svg_(self) -> str | None:
        """Notebooks: the figure."""
        return None if self.problem is None else present(self.problem, self)._repr_svg_()


def load(source: str, theory: str | Theory = "basic") -> Loaded:
    """Read a PROBLEM argument (FGL file, formalgeo JSON, ``DATASET#ID``) under a theory.

    Who loads many problems passes the `Theory` itself: a name is looked up and read anew each time.
    """
    read = read_source(source)
    diagnostics = list(read.diagnostics)
    base = load_theory(theory) if isinstance(theory, str) else LoadedTheory(theory)
    diagnostics += base.diagnostics
    problem = None
    if read.declaration is not None and base.theory is not None:
        problem = build_problem(read.declaration, base.theory, read.source_name, read.strict)
        diagnostics += problem.diagnostics
    if errors(diagnostics):
        problem = None
    return Loaded(problem, tuple(read.theorem_sequence), tuple(diagnostics))


def solve(
    problem: Problem,
    method: str = "auto",
    strategy: str = "bfs",
    timeout: float = 10.0,
    seed: int = 0,
    explain: bool = False,
    explain_seconds: float = 1.0,
    predictor: Predictor | None = None,
    longer_than: int = SHORT,
    thorough: bool = False,
) -> Outcome:
    """Find the goal's value or prove it, without the annotated answer.

    Proofs of more than ``longer_than`` theorem applications are shortened; a ``thorough`` search takes longer
    and leaves more to make them short from.
    ``explain``: where that fails, spend up to ``explain_seconds`` more on what is missing
    (`Outcome.frontier`).
    """
    from fgps.search.clashes import clash_words
    from fgps.search.whole import Plan, search_problem

    started = time.perf_counter()
    found = search_problem(problem, Plan(method, strategy, timeout, seed, predictor, thorough))
    result, state = found.result, found.state
    message = (clash_words(state) if result.status == "inconsistent" else "") or result.message

    def outcome_of(state: State, goal: GoalResult) -> Outcome:
        outcome = _outcome(state, goal, result.status.value, started, found.diagram, message, problem)
        return replace(outcome, nodes=result.tried)

    if result.goal.reached:
        shorter = shorten(state, result.goal, longer_than, min(SECONDS, timeout))
        outcome = outcome_of(*shorter)
        if outcome.status != "solved" and shorter[0] is not state:
            outcome = outcome_of(state, result.goal)
        return outcome
    outcome = outcome_of(state, result.goal)
    if explain:
        from fgps.search.frontier import frontier

        missing = frontier(state, min(explain_seconds, timeout), diagram=found.diagram)
        outcome = replace(outcome, frontier=missing)
    return outcome


def replay(problem: Problem, sequence: Sequence[Call], timeout: float = 10.0) -> Outcome:
    """Apply an annotated theorem sequence step by step and look whether it reaches the goal.

    The figure is asked only if the steps leave more than one root: then guards are read off it too.
    """
    started = time.perf_counter()
    outcome = _replay(State(problem), sequence, None, started, timeout)
    if outcome.cause not in ("goal-not-derived", "premise-missing") or not outcome.open_roots:
        return outcome
    from fgps.diagram.synthesize import synthesize

    diagram = synthesize(problem, budget=timeout / 2)
    if diagram.outcome != "exact":
        return outcome
    again = _replay(State(problem, diagram), sequence, diagram, started, timeout)
    return again if again.status == "valid" else outcome


def _replay(
    state: State, sequence: Sequence[Call], diagram: Diagram | None, started: float, timeout: float
) -> Outcome:
    notes: list[str] = []
    for position, call in enumerate(sequence, start=1):
        if time.perf_counter() - started > timeout:
            return _outcome(state, GoalResult(False), "timeout", started, diagram, "out of time")
        outcome = state.apply(call)
        if isinstance(outcome, Refusal) and outcome.kind == "bad-arguments":
            mended = last_wins(state.theory, call)
            if mended is not None and isinstance(again := state.apply(mended), Applied):
                notes.append(f"step {position}, {print_term(call)}, read as {print_term(mended)}")
                outcome = again
        if isinstance(outcome, Refusal):
            message = f"step {position}, {print_term(call)}: {outcome.message}"
            if outcome.premise is not None:
                message += f": {print_term(outcome.premise, 'infix')}"
            refused = _outcome(state, GoalResult(False), "invalid", started, diagram, message)
            return _with_cause(refused, outcome.kind)
    goal = state.goal()
    if not goal.reached:
        missed = _outcome(state, goal, "invalid", started, diagram, "the goal does not follow from the steps")
        return _with_cause(missed, "goal-not-derived")
    return _outcome(state, goal, "valid", started, diagram, "; ".join(notes))


def _outcome(
    state: State,
    goal: GoalResult,
    status: str,
    started: float,
    diagram: Diagram | None,
    message: str = "",
    whole: Problem | None = None,
) -> Outcome:
    """``whole`` is the problem itself where the state is that of a consistent part of its data."""
    steps: tuple[ProofStep, ...] = ()
    if goal.entry is not None:
        steps = proof_steps(state.store.entries, goal.entry)
    value = goal.value
    certificate, verdict = (None, None) if status != "solved" else certify(state, goal, whole)
    outcome = Outcome(
        status=status,
        answer=None if value is None else value.to_text(),
        value=None if value is None else float(value),
        steps=tuple(_record(step) for step in steps),
        seconds=time.perf_counter() - started,
        cause="" if goal.reached else status,
        message=message,
        assumed=tuple(print_term(guard, "infix") for step in steps for guard in step.assumed),
        diagram=None if diagram is None else diagram.outcome,
        verdict=None if verdict is None else verdict.kind,
        read_off=() if verdict is None else verdict.diagram_facts,
        certificate=certificate,
        exact=value,
        open_roots=bool(state.system.open),
        problem=whole or state.problem,
    )
    if verdict is None or verdict.accepted:
        return outcome
    # What the checker does not accept is not solved, whatever the search thinks.
    reason = f"the certificate is {verdict.kind}: {verdict.reason}"
    lost = replace(outcome, status="saturated", answer=None, value=None, exact=None, steps=(), message=reason)
    return _with_cause(lost, "certificate refused")


def present(problem: Problem, outcome: Outcome | None = None, language: str = "en") -> Shown:
    """The problem, with the proof of an outcome that has one: as text, graph, page, figure."""
    from fgps.render.show import show

    if outcome is None:
        return show(problem, None, "not looked for", language)
    proved = outcome.status in ("solved", "valid") and outcome.certificate is not None
    said = outcome.verdict if proved else outcome.message or outcome.status
    return show(problem, outcome.certificate if proved else None, said or "", language)


def _record(step: ProofStep) -> StepRecord:
    conclusions = tuple(print_term(statement, "infix") for statement in step.conclusions)
    return StepRecord(step.number, step.rule, step.premises, conclusions, step.note)


def _with_cause(outcome: Outcome, cause: str) -> Outcome:
    return replace(outcome, cause=cause)


def errors(diagnostics: Sequence[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Those diagnostics that make the input unusable."""
    return tuple(d for d in diagnostics if d.severity is Severity.ERROR)
