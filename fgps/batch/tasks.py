"""What a worker does with one item: solve it, replay its annotated solution, or find its figure."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from fgps import api
from fgps.batch.compare import agrees
from fgps.batch.executor import BatchError, Runner
from fgps.batch.jobs import Item, Job, Record, record_for
from fgps.lang.ast import Call
from fgps.lang.diagnostics import Severity
from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.resources import data_folder
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

Task = Callable[[Job, Item, api.Loaded], dict[str, Any]]

#: A bundled problem that a worker solves first, so that late imports count for no item.
WARM_UP = "demo.fgl"


def prepare(job: Job) -> Runner:
    """Load the theory and return the function that runs one item.

    Raises `BatchError` if the theory has an error or the task is unknown.
    """
    task = _TASKS.get(job.task)
    if task is None:
        raise BatchError(f"unknown task {job.task!r}: one of {', '.join(_TASKS)}")
    loaded = load_theory(job.theory)
    theory = loaded.theory
    if theory is None:
        raise BatchError("; ".join(str(diagnostic) for diagnostic in loaded.diagnostics[:3]))

    def run(item: Item) -> Record:
        return _timed(task, job, item, theory)

    bundled = data_folder("datasets/own") / WARM_UP
    if bundled.is_file():
        run(Item("", str(bundled)))
    return run


def _timed(task: Task, job: Job, item: Item, theory: Theory) -> Record:
    """Load, run, and time one item; judge the value that it found."""
    start = time.perf_counter()
    loaded = api.load(item.source, theory=theory)
    if loaded.problem is None:
        fields: dict[str, Any] = {"status": "error", "message": _first_error(loaded), "cause": "not readable"}
    else:
        fields = task(job, item, loaded)
        fields["goal"] = goal_kind(loaded.problem)
    seconds = time.perf_counter() - start
    # Where no figure fits the data exactly, other premises give slightly other values.
    exact = fields.get("answer") is not None and fields.get("diagram") in (None, "exact")
    fields["correct"] = agrees(fields.get("value"), item.expected, exact=exact)
    if not fields.get("cause"):
        fields["cause"] = None
    return record_for(job, item, seconds=round(seconds, 6), **fields)


def goal_kind(problem: Problem) -> str | None:
    """What a problem asks for: the name of an attribute, function or relation; ``symbol``; ``equation``."""
    goal = problem.goal
    if goal is None:
        return None
    if goal.kind == "equation":
        return "equation"
    return goal.term.head if isinstance(goal.term, Call) else "symbol"


def _first_error(loaded: api.Loaded) -> str:
    errors = [d for d in loaded.diagnostics if d.severity is Severity.ERROR]
    return str(errors[0]) if errors else "the problem cannot be used"


def _outcome_fields(outcome: api.Outcome) -> dict[str, Any]:
    return {
        "status": outcome.status,
        "answer": outcome.answer,
        "value": outcome.value,
        "steps": len(outcome.steps),
        "verdict": outcome.verdict,
        "diagram": outcome.diagram,
        "message": outcome.message,
        "cause": outcome.cause,
        "nodes": outcome.nodes or None,
    }


def _solve(job: Job, item: Item, loaded: api.Loaded) -> dict[str, Any]:
    problem = loaded.problem
    assert problem is not None
    outcome = api.solve(problem, method=job.method, strategy=job.strategy, timeout=job.timeout, seed=job.seed)
    fields = _outcome_fields(outcome)
    goal = problem.goal
    if outcome.status == "solved" and goal is not None and isinstance(goal.term, Call):
        if goal.kind == "equation":
            # The data annotates an equation that is to be proved with the difference of its sides.
            fields.update(answer="0", value=0.0)
    return fields


def _replay(job: Job, item: Item, loaded: api.Loaded) -> dict[str, Any]:
    assert loaded.problem is not None
    outcome = api.replay(loaded.problem, loaded.solution_sequence, timeout=job.timeout)
    fields = _outcome_fields(outcome)
    right = agrees(outcome.value, item.expected)
    if outcome.status == "valid" and right is False:
        # A replay claims that the steps lead to the annotated answer: here they lead elsewhere.
        message = f"the steps lead to {outcome.answer}, not to {item.expected}"
        fields.update(status="invalid", cause="wrong value", message=message)
    return fields


def _diagram(job: Job, item: Item, loaded: api.Loaded) -> dict[str, Any]:
    from fgps.diagram.synthesize import synthesize

    problem = loaded.problem
    assert problem is not None
    diagram = synthesize(problem, seed=job.seed, budget=job.timeout)
    value = None
    if diagram.count and problem.goal is not None and problem.goal.kind == "value":
        value = diagram.determined(problem.goal.term)
    clashes = [print_term(clash.statement, "infix") for clash in diagram.clashes[:3]]
    return {
        "status": diagram.outcome,
        "value": value,
        "diagram": diagram.outcome,
        "message": f"clashing: {'; '.join(clashes)}" if clashes else "",
        "cause": "" if diagram.outcome == "exact" else diagram.outcome,
    }


_TASKS: dict[str, Task] = {"solve": _solve, "replay": _replay, "diagram": _diagram}
