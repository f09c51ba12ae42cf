"""Is a draft a good problem?  It is made minimal, solved anew, and its certificate checked.

A draft passes if its figure is exact and readable, the goal follows within the levels asked for, the
answer has a short closed form, the checker accepts the certificate, and the theorem sequence replays.
Givens and parts of the construction that the proof does not need are dropped first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from fgps import api
from fgps.algebra.exact import Exact
from fgps.annotate.annotation import Graph, dependencies
from fgps.diagram.synthesize import synthesize
from fgps.engine.records import GoalResult
from fgps.engine.state import State
from fgps.expand.needed import Needs, needs_of, settled_figure
from fgps.expand.proofs import Support, support
from fgps.expand.readable import readable_figure, readable_value
from fgps.expand.saturate import FIGURE_SECONDS, derive
from fgps.expand.settings import Settings
from fgps.expand.trim import trimmed
from fgps.lang.ast import Call, ProblemDeclaration, Symbol, Term
from fgps.lang.parse import parse_statement
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.proof.certificate import certify
from fgps.proof.steps import proof_steps
from fgps.search.methods import run_search
from fgps.search.outcome import SearchBudget
from fgps.search.unique import only_answer
from fgps.theory.model import Theory

#: Seconds for one search: far more than the problems that pass need.
SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Draft:
    """A declaration to be tried, how it came about, and what its proof rests on where one is known."""

    declaration: ProblemDeclaration
    path: tuple[str, ...]
    needs: Support | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """A draft that passed: minimal, solved, checked.

    ``answer`` is the exact value (None where something was proved); ``solution`` the theorem sequence of the
    trimmed proof, ``graph`` which step rests on which (see `fgps.annotate.annotation`); ``level`` its
    length; ``unneeded`` givens that no figure needs but every proof found uses.
    """

    problem: Problem
    answer: Exact | None
    solution: tuple[Call, ...]
    graph: Graph
    level: int
    verdict: str
    unneeded: tuple[Call, ...]


def minimal(draft: Draft, theory: Theory, settings: Settings) -> ProblemDeclaration | None:
    """The draft without idle givens and construction; None if its goal is not settled or does not follow."""
    needs = draft.needs
    if needs is None:
        problem = build_problem(draft.declaration, theory)
        needs = None if problem.diagnostics else _derived(problem, settings)
        if needs is None:
            return None
    return trimmed(draft.declaration, needs, theory)


def admit(declaration: ProblemDeclaration, theory: Theory, settings: Settings) -> Admitted | str:
    """A minimal declaration judged; a text says why it is no good problem."""
    problem = build_problem(declaration, theory)
    if problem.diagnostics:
        return "not a problem"
    needs = needs_of(problem, settings.seed)
    if needs.idle:
        # Without them the goal is as settled as before; whether it can be derived is another question.
        smaller = build_problem(replace(declaration, given=_rest(problem, needs)), theory)
        derived = None if smaller.diagnostics else _derived(smaller, settings)
        if derived is not None:
            lean = build_problem(trimmed(smaller.declaration, derived, theory), theory)
            return _judged(lean, (), settings)
    return _judged(problem, needs.idle, settings)


def _rest(problem: Problem, needs: Needs) -> tuple[Call, ...]:
    return tuple(given.term for given in problem.givens if given.term not in needs.idle)


def _search(problem: Problem, settings: Settings) -> tuple[State, GoalResult] | str:
    """The search that `fgps solve` does, in an exact figure as written; a text says why it reaches
    nothing.
    """
    figure = synthesize(problem, seed=settings.seed, budget=FIGURE_SECONDS)
    if figure.outcome != "exact" or figure.reread or not readable_figure(figure, problem.construction):
        return "figure hard to read"
    state = State(problem, figure)
    if state.set_aside:
        return "figure hard to read"
    budget = SearchBudget(SECONDS)
    result = only_answer(state, run_search(state, "auto", "bfs", budget, settings.seed), settings.seed)
    return (state, result.goal) if result.goal.reached else "not solved"


def _derived(problem: Problem, settings: Settings) -> Support | None:
    """What a proof by cheap means rests on; None if the goal is not settled, or not that easily derived."""
    figure = settled_figure(problem, settings.seed)
    found = None if figure is None else derive(problem, figure)
    return None if found is None else support(found[0].store.entries, found[1])


def _judged(problem: Problem, unneeded: tuple[Call, ...], settings: Settings) -> Admitted | str:
    found = _search(problem, settings)
    if isinstance(found, str):
        return found
    state, goal = found
    entries = state.store.entries
    assert goal.entry is not None
    if goal.value is not None and not readable_value(goal.value, _kind(problem)):
        return "answer hard to read"
    steps = proof_steps(entries, goal.entry)
    applications = tuple(str(step.application) for step in steps if step.application is not None)
    replayed = shortest(problem, tuple(filter(None, map(_application, applications))))
    if replayed is None:
        return "the solution does not replay"
    solution, outcome = replayed
    if not settings.min_level <= len(solution) <= settings.max_level:
        return "too easy or too hard"
    used = {step.conclusions[0] for step in steps if step.kind == "given"}
    idle = tuple(given.term for given in problem.givens if given.term not in used)
    certificate, verdict = certify(state, goal)
    if certificate is None or not verdict.accepted:
        return f"certificate {verdict.kind}"
    return Admitted(
        problem,
        goal.value,
        solution,
        dependencies(outcome.steps, solution),
        len(solution),
        verdict.kind,
        tuple(dict.fromkeys((*unneeded, *idle))),
    )


def shortest(problem: Problem, sequence: tuple[Call, ...]) -> tuple[tuple[Call, ...], api.Outcome] | None:
    """The sequence without steps that a replay does not need, and its replay; None if there is none.

    Steps are left out one by one, from the last to the first: what is left cannot lose a single one.
    """
    outcome = _replay(problem, sequence)
    if outcome is None:
        return None
    for position in reversed(range(len(sequence))):
        shorter = sequence[:position] + sequence[position + 1 :]
        again = _replay(problem, shorter)
        if again is not None:
            sequence, outcome = shorter, again
    return sequence, outcome


def _replay(problem: Problem, sequence: tuple[Call, ...]) -> api.Outcome | None:
    outcome = api.replay(problem, sequence, timeout=SECONDS)
    return outcome if outcome.status == "valid" else None


def _application(text: str) -> Call | None:
    found = parse_statement(text)
    return found if isinstance(found, Call) else None


def _kind(problem: Problem) -> str:
    """The kind of the quantity that is asked for, ``symbol`` or empty."""
    term: Term | None = None if problem.goal is None else problem.goal.term
    if isinstance(term, Symbol):
        return "symbol"
    if isinstance(term, Call) and term.head in problem.theory.attributes:
        return problem.theory.attributes[term.head].kind
    return ""
