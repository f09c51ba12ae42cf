"""From a problem to training examples: a proof, gone through step by step with all that could have been done.

The proof is the trimmed one of a search, or the annotated solution trimmed the same way.  It is taken in its
own order; a step that gives nothing new where it stands is left out, and what follows the goal too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fgps.api import Loaded
from fgps.diagram.model import Diagram
from fgps.diagram.synthesize import synthesize
from fgps.engine.arguments import last_wins
from fgps.engine.records import Application, GoalResult, Refusal
from fgps.engine.state import State
from fgps.lang.ast import Call
from fgps.lang.printer import print_term
from fgps.learn.graph import Graph, GraphBuilder
from fgps.learn.observe import Spelled, spelled
from fgps.learn.position import Choice, Choices, Position
from fgps.learn.vocabulary import Vocabulary
from fgps.problem.model import Problem
from fgps.proof.certificate import certify
from fgps.proof.steps import proof_steps
from fgps.search.outcome import OutOfBudget, SearchBudget
from fgps.search.whole import Plan, search_problem

#: The proof of the data set's own annotation; any other name is a method of search.
ANNOTATED: Final = "annotated"
_FIGURE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True)
class Proof:
    """Theorem instances that lead from a problem to its goal, with the figure that they are true in.

    ``problem`` is a consistent part of the problem where its data contradict each other.
    """

    problem: Problem
    diagram: Diagram
    applications: tuple[Application, ...]
    answer: str | None


@dataclass(frozen=True, slots=True)
class NoProof:
    """Why there are no examples.  ``status`` as in `fgps.learn.worker`."""

    status: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What one example adds to the graph of its problem.

    ``nodes``, ``edges`` and ``hyperedges`` count what of the graph is there before the step; ``values`` maps
    nodes to known values.  A candidate is a branch, the points of its parameters, the nodes of its premises
    and the words of what it would give.
    """

    nodes: int
    edges: int
    hyperedges: int
    values: dict[int, float]
    candidates: tuple[Spelled, ...]
    target: int
    useful: tuple[int, ...]
    hard: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """The examples of one problem: a graph that grows, and a step for each example."""

    graph: Graph
    goal: int
    steps: tuple[Step, ...]
    answer: str | None
    skipped: int = field(default=0)

    def to_json(self) -> dict[str, Any]:
        """Plain data; `fgps.learn.rows` reads it."""
        graph = {name: getattr(self.graph, name) for name in Graph.__dataclass_fields__}
        steps = [
            {
                "counts": [step.nodes, step.edges, step.hyperedges],
                "values": [list(step.values), list(step.values.values())],
                "candidates": step.candidates,
                "target": step.target,
                "useful": step.useful,
                "hard": step.hard,
            }
            for step in self.steps
        ]
        return {"graph": graph, "goal": self.goal, "steps": steps}


def find_proof(loaded: Loaded, method: str, timeout: float, seed: int) -> Proof | NoProof:
    """The proof by a search, or the annotated one (`ANNOTATED`)."""
    problem = loaded.problem
    if problem is None:
        return NoProof("unreadable", "; ".join(str(d) for d in loaded.diagnostics[:1]))
    if method == ANNOTATED:
        return _replayed(problem, loaded.solution_sequence, timeout, seed)
    found = search_problem(problem, Plan(method, timeout=timeout, seed=seed))
    goal, state = found.result.goal, found.state
    if not goal.reached:
        return NoProof(found.result.status.value, found.result.message)
    _, verdict = certify(state, goal, problem)
    if not verdict.accepted:
        return NoProof("refused", f"the certificate is {verdict.kind}: {verdict.reason}")
    return _proof(state, goal)


def _replayed(problem: Problem, sequence: Sequence[Call], timeout: float, seed: int) -> Proof | NoProof:
    diagram = synthesize(problem, seed=seed, budget=min(_FIGURE_SECONDS, timeout))
    if diagram.outcome not in ("exact", "rounded"):
        return NoProof("no-figure", "no figure satisfies the data")
    budget = SearchBudget(timeout)
    state = State(problem, diagram)
    for call in sequence:
        if budget.left() <= 0:
            return NoProof("timeout")
        result = state.apply(call)
        if isinstance(result, Refusal) and result.kind == "bad-arguments":
            mended = last_wins(state.theory, call)
            result = result if mended is None else state.apply(mended)
        if isinstance(result, Refusal):
            return NoProof("invalid", f"{print_term(call)}: {result.message}")
    goal = state.goal()
    if not goal.reached and not sequence:
        return NoProof("no-solution", "the problem has no annotated solution")
    if not goal.reached:
        return NoProof("invalid", "the goal does not follow from the annotated steps")
    return _proof(state, goal)


def _proof(state: State, goal: GoalResult) -> Proof | NoProof:
    if state.diagram is None:
        return NoProof("no-figure", "no figure satisfies the data")
    assert goal.entry is not None
    steps = proof_steps(state.store.entries, goal.entry)
    applications = tuple(step.application for step in steps if step.application is not None)
    answer = None if goal.value is None else goal.value.to_text()
    return Proof(state.problem, state.diagram, applications, answer)


def trace(proof: Proof, vocabulary: Vocabulary, timeout: float) -> Trace | NoProof:
    """Go through a proof and note at each step all that could be applied."""
    try:
        return _Tracer(proof, vocabulary, timeout).run()
    except OutOfBudget as spent:
        return NoProof(spent.status.value, "out of time while the candidates were enumerated")


class _Tracer:
    def __init__(self, proof: Proof, vocabulary: Vocabulary, timeout: float) -> None:
        self._position = Position(proof.problem, proof.diagram, SearchBudget(timeout))
        self._builder = GraphBuilder(self._position.state, vocabulary)
        self._proof = proof
        self._steps: list[Step] = []
        self._skipped = 0

    def run(self) -> Trace | NoProof:
        position = self._position
        left = list(self._proof.applications)
        goal = position.goal(effort=0)
        while left and not goal.reached:
            choices = position.choices()
            choice = position.choice_of(left[0])
            if choice is not None:
                self._record(choices, choice, left)
                refusal = position.apply(left[0])
                if isinstance(refusal, Refusal):
                    return NoProof("invalid", f"{left[0]}: {refusal.message}")
                goal = position.goal(effort=0)
            else:
                self._skipped += 1
            del left[0]
        if not goal.reached and not position.goal().reached:
            return NoProof("invalid", "the goal does not follow from the trimmed proof")
        graph = self._builder.graph
        return Trace(graph, self._builder.goal, tuple(self._steps), self._proof.answer, self._skipped)

    def _record(self, choices: Choices, choice: Choice, left: Sequence[Application]) -> None:
        found, target = list(choices.found), choices.index(choice.key)
        hard = choices.hard or target is None
        if target is None:
            target = len(found)
            found.append(choice)
        wanted = {self._position.key_of(application) for application in left}
        graph = self._builder.update()
        self._steps.append(
            Step(
                nodes=len(graph.types),
                edges=len(graph.edges),
                hyperedges=len(graph.rules),
                values={i: value for i, value in enumerate(self._builder.values()) if value is not None},
                candidates=tuple(spelled(self._builder, choice) for choice in found),
                target=target,
                useful=tuple(i for i, other in enumerate(found) if other.key in wanted),
                hard=hard,
            )
        )
