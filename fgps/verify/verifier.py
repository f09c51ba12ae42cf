"""`verify`: a problem and a solution written by somebody else -> `Report`.  The chain on one page.

A right solution is checked without a figure, unless it rests on something that is read off one.  Only when
something fails is it gone through again beside the figure, to say why and what would mend it.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from fgps import __version__
from fgps.engine.records import GoalResult
from fgps.engine.state import State
from fgps.engine.trace import used_entries
from fgps.lang.ast import Call, Number, Symbol, Term
from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.verify.figures import Figure, problem_digest
from fgps.verify.guards import Settled, guards_of, settle
from fgps.verify.read import Source, read_solution, where
from fgps.verify.reasons import Allowance, find_reason
from fgps.verify.report import GOOD, Report, StepReport, Suggestion, Whole, score_of
from fgps.verify.run import Result, Run
from fgps.verify.solution import Solution

#: Numbers that were rounded agree up to this relative error.
ROUNDING: Final = 1e-3


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one verification: ``seconds`` in all, ``searches`` for reasons and missing steps.

    With ``certify`` what is accepted must also be accepted by the independent checker.  Without ``hints``
    nothing is suggested for wrong steps; reasons are still looked for where a claim has none.
    """

    seconds: float = 10.0
    searches: int = 12
    certify: bool = False
    hints: bool = True


def verify(problem: Problem, solution: Source, budget: Budget | None = None) -> Report:
    """Check a solution of ``problem``, in any form that `read_solution` takes."""
    limits = budget or Budget()
    started = time.perf_counter()
    read = read_solution(solution, problem)
    figure = Figure(problem)
    run, goal = _gone_through(problem, read, None, False, limits, started)
    guards = guards_of(run, goal)
    good = all(result.good for result in run.results) and goal.reached
    if good and guards:
        diagram = figure.get()
        # A figure that reads a given otherwise shows guards only of steps that do not need the given.
        good = not figure.reads_otherwise and (
            diagram is None or all(diagram.holds(guard) is not False for guard in guards)
        )
    if not good:
        run, goal = _beside_the_figure(problem, read, figure, limits, started, (run, goal))
        guards = guards_of(run, goal)
    settled = settle(problem, run, goal, guards, figure)
    report = _report(problem, read, run, goal, settled)
    if limits.certify and report.accepted:
        asked = settled.part or problem
        return _certified(report, run, goal, asked, Figure(asked) if guards else None)
    return report


def _certified(report: Report, run: Run, goal: GoalResult, asked: Problem, figure: Figure | None) -> Report:
    """The report with the verdict of the independent checker."""
    from fgps.proof.certificate import certify

    _, verdict = certify(run.state, goal, asked, None if figure is None else figure.get())
    if verdict.accepted:
        return replace(report, checker=verdict.kind)
    said = f"{verdict.kind}: {verdict.reason}"
    score = score_of(False, True, report.agrees, _earning(report.steps), report.redundancy)
    return replace(report, verdict="unconfirmed", accepted=False, checker=said, score=score)


def _gone_through(
    problem: Problem, read: Solution, figure: Figure | None, explaining: bool, limits: Budget, started: float
) -> tuple[Run, GoalResult]:
    left = limits.seconds - (time.perf_counter() - started)
    diagram = None if figure is None else figure.get()
    allowance = Allowance(limits.searches)
    run = Run(problem, diagram, explaining, left, allowance, explaining and limits.hints)
    run.go(read.steps)
    return run, GoalResult(False) if run.timed_out else _goal(run)


def _goal(run: Run) -> GoalResult:
    try:
        return run.state.goal()
    except ArithmeticError:  # contradictory equations: nothing is derived
        return GoalResult(False)


def _beside_the_figure(
    problem: Problem,
    read: Solution,
    figure: Figure,
    limits: Budget,
    started: float,
    plain: tuple[Run, GoalResult],
) -> tuple[Run, GoalResult]:
    """Again, with the figure as a filter and with explanations.

    A figure that satisfies some given only in another reading refuses what rests on the given as written:
    then the pass that gets further counts.
    """
    run, goal = _gone_through(problem, read, figure, True, limits, started)
    if run.state.set_aside and _rank(*plain) > _rank(run, goal):
        again, reached = _gone_through(problem, read, None, True, limits, started)
        return (again, reached) if not again.timed_out else plain
    return run, goal


def _rank(run: Run, goal: GoalResult) -> tuple[bool, int]:
    return goal.reached, sum(result.good for result in run.results)


# The report -----------------------------------------------------------------------------------


def _report(problem: Problem, read: Solution, run: Run, goal: GoalResult, settled: Settled) -> Report:
    used = _used_steps(run, goal)
    steps = tuple(step_report(run.state, result, used) for result in run.results)
    good = [step for step in steps if step.good]
    derived = goal.value.to_text() if goal.value is not None else ""
    agrees = _agrees(run.state, goal, read.answer) if goal.reached else _in_figure(run.state, read.answer)
    bad = [step.number for step in steps if not step.good]
    share = len(good) / len(steps) if steps else float(goal.reached)
    useful = [step.used for step in good if step.used is not None]
    redundancy = 1.0 - sum(useful) / len(useful) if useful else 0.0
    accepted = goal.reached and not bad and agrees is not False and not settled.open
    theorems = [a.application.theorem for result in run.results for a in result.applied]
    return Report(
        verdict=_whole(run, steps, read, goal, agrees, settled),
        accepted=accepted,
        reached=goal.reached,
        steps=steps,
        derived=derived,
        claimed=read.answer_text,
        agrees=agrees,
        first_bad=bad[0] if bad else None,
        share_good=round(share, 6),
        redundancy=round(redundancy, 6),
        score=score_of(accepted, goal.reached, agrees, _earning(steps), redundancy),
        form=read.form,
        repairs=tuple(repair.message for repair in read.repairs),
        problems=read.problems,
        suggestions=_to_the_end(run, goal),
        theorems=tuple(sorted(set(theorems))),
        in_figure=tuple(_texts(settled.shown)),
        assumed=tuple(_texts(settled.assumed)),
        part=() if settled.part is None else tuple(_texts([given.term for given in settled.part.givens])),
        digests=(
            ("problem", problem_digest(problem)),
            ("theory", problem.theory.digest),
            ("solution", solution_digest(read)),
        ),
        version=__version__,
    )


def _earning(steps: tuple[StepReport, ...]) -> float:
    """The share of steps that are right and give something new: repetitions earn nothing."""
    return sum(step.verdict == "ok" for step in steps) / len(steps) if steps else 0.0


def solution_digest(read: Solution) -> str:
    """Hex SHA-256 of the solution's text, or of its steps where it was no text."""
    steps = [step.text for step in read.steps]
    text = read.text or json.dumps([*steps, read.answer_text], ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", errors="replace")).hexdigest()


def _whole(
    run: Run,
    steps: tuple[StepReport, ...],
    read: Solution,
    goal: GoalResult,
    agrees: bool | None,
    settled: Settled,
) -> Whole:
    if run.timed_out:
        return "timeout"
    if agrees is False:
        return "wrong-answer"
    good = all(step.good for step in steps)
    if goal.reached:
        return "reached" if not good else "unconfirmed" if settled.open else "proved"
    if not steps:
        return "unreadable" if read.problems or read.text.strip() else "incomplete"
    if all(step.verdict == "syntax" for step in steps):
        return "unreadable"
    return "incomplete" if good else "wrong"


def _used_steps(run: Run, goal: GoalResult) -> dict[int, bool]:
    """For each step with a theorem whether the trimmed proof rests on it; empty if there is no proof.

    A claim by algebra alone is an intermediate result: the algebra needs none, and it is not in the way.
    """
    if goal.entry is None:
        return {}
    needed = set(used_entries(run.state.store.entries, goal.entry))
    return {
        result.step.number: not needed.isdisjoint([*result.entries, *result.asked])
        for result in run.results
        if result.good and result.applied
    }


def step_report(state: State, result: Result, used: dict[int, bool]) -> StepReport:
    """What became of a step, as a value; ``used`` says for some steps whether the proof rests on them."""
    step, entries = result.step, state.store.entries
    learned = [
        entries[number].statement
        for number in result.entries
        if entries[number].origin.kind in ("theorem", "meaning") or number in result.asked
    ]
    assumed = [guard for applied in result.applied for guard in applied.assumed]
    return StepReport(
        number=step.number,
        text=step.text,
        verdict=result.verdict,
        message=result.message,
        read=result.read or "; ".join(_texts([readings[0] for readings in step.claims])),
        span=where(step),
        failing="" if result.failing is None else print_term(result.failing, "infix"),
        holds=result.figure.holds,
        left=result.figure.left,
        right=result.figure.right,
        repairs=tuple(f"{repair.code}: {repair.message}" for repair in dict.fromkeys(result.repairs)),
        reason=tuple(map(str, result.reason)),
        learned=tuple(_texts(learned)) if result.verdict in GOOD else (),
        assumed=tuple(_texts(assumed)),
        used=used.get(step.number),
        suggestions=tuple(dict.fromkeys(result.suggestions)),
    )


def _to_the_end(run: Run, goal: GoalResult) -> tuple[Suggestion, ...]:
    """Up to three steps that lead to the goal from what is known, where nothing else is wrong."""
    if goal.reached or not run.hinting or not all(result.good for result in run.results):
        return ()
    found = find_reason(run.state.problem, run.state.diagram, run.applications, None, run.allowance)
    if found is None:
        return ()
    steps = tuple(map(str, found))
    return (Suggestion("insert", f"the goal follows by {', then '.join(steps)}: add this at the end", steps),)


def _texts(statements: Sequence[Call]) -> list[str]:
    return list(dict.fromkeys(print_term(statement, "infix") for statement in statements))


def _agrees(state: State, goal: GoalResult, claimed: Term | None) -> bool | None:
    """Whether the answer that is claimed is the value that was derived; None if none was claimed."""
    if claimed is None or goal.value is None or goal.term is None:
        return None
    if not _is_closed(claimed):
        return False  # what is asked for, repeated, is no answer
    if isinstance(state.establish(Call("Equal", (goal.term, claimed))), int):
        return True
    poly = state.equations.term(claimed)
    if isinstance(poly, str):
        return False
    found = state.system.value(poly, 2)
    if found is None:
        return False
    derived, said = float(goal.value), float(found[0])
    tolerance = ROUNDING if _is_rounded(claimed) else 1e-9
    return abs(derived - said) <= tolerance * max(1.0, abs(derived))


def _in_figure(state: State, claimed: Term | None) -> bool | None:
    """False if the figure shows that the claimed answer is wrong; the figure alone proves no answer."""
    goal, diagram = state.problem.goal, state.diagram
    if claimed is None or diagram is None or goal is None or goal.kind != "value":
        return None
    value, said = diagram.determined(goal.term), diagram.determined(claimed)
    if value is None or said is None:
        return None
    near = abs(value - said) <= max(ROUNDING, 4 * diagram.tolerance) * max(1.0, abs(value))
    return None if near else False


def _is_closed(term: Term) -> bool:
    """Whether a term is made of numbers only."""
    if isinstance(term, Call):
        return all(_is_closed(argument) for argument in term.args)
    return isinstance(term, Number) or isinstance(term, Symbol) and term.name == "pi"


def _is_rounded(term: Term) -> bool:
    """Whether a decimal number stands in the term."""
    if isinstance(term, Number):
        return "." in term.text
    return isinstance(term, Call) and any(_is_rounded(argument) for argument in term.args)


def is_solution(value: object) -> bool:
    """Whether a value has one of the shapes in which a solution may come."""
    return isinstance(value, str | bytes | list | tuple | Mapping | Solution)
