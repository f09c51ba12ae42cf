"""What the independent checker says about a solution that the verifier accepts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fgps.check import check_certificate
from fgps.diagram.model import Diagram
from fgps.engine.records import GoalResult
from fgps.lang.ast import Call
from fgps.lang.printer import print_term
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.proof.certificate import certify, stated
from fgps.theory.model import Theory
from fgps.verify.figures import Figure
from fgps.verify.read import read_solution
from fgps.verify.reasons import Allowance
from fgps.verify.run import Run


def objection(
    problem: Problem, solution: Any, theory: Theory, claim: str = "", part: Sequence[str] = ()
) -> str:
    """Why the steps do not prove the goal, and every step the ``claim`` that stands in it; empty if they do.

    The steps make a certificate that goes, as text, to the checker, beside the statement of the problem and
    ``theory``; the theorems in it may be those of the steps only.  ``part``: givens that the report names
    because no figure satisfies all of them; then the goal has to follow from these alone.
    """
    if part:
        problem = _restricted(problem, part, theory)
    refused = _objection(problem, solution, theory)
    if refused or not claim:
        return refused
    for step in read_solution(solution, problem).steps:
        if step.text.startswith("claim "):
            for readings in step.claims:
                refused = _claim_refusal(problem, solution, readings, theory)
                if refused:
                    return f"the claim {claim}: {refused}"
    return ""


def _restricted(problem: Problem, part: Sequence[str], theory: Theory) -> Problem:
    """The problem with some of its givens, built anew."""
    assert Figure(problem).contradicted, "the figure of all givens has to be used"
    told, left = stated(problem), set(part)
    kept = [
        tuple(term for term in terms if print_term(term, "infix") in left)
        for terms in (told.given, told.image)
    ]
    assert {print_term(term, "infix") for terms in kept for term in terms} == left
    return build_problem(replace(told, given=kept[0], image=kept[1]), theory, strict=False)


def _objection(problem: Problem, solution: Any, theory: Theory) -> str:
    """The steps beside the figure, else without, so that it only shows what they took for granted."""
    refused, figure = "", Figure(problem).get()
    for diagram in (figure, None):
        run = Run(problem, diagram, True, 60.0, Allowance(12), False)
        run.go(read_solution(solution, problem).steps)
        again = _refusal(problem, run, run.state.goal(), theory, figure)
        if not again:
            return ""
        refused = refused or again
    return refused


def _refusal(problem: Problem, run: Run, goal: GoalResult, theory: Theory, figure: Diagram | None) -> str:
    if not goal.reached:
        return "the goal is not reached"
    certificate, _ = certify(run.state, goal, problem, figure)
    if certificate is None:
        return "a step has no witness"
    allowed = {
        (a.application.theorem, a.application.branch, "".join(a.application.points))
        for result in run.results
        if result.good
        for a in result.applied
    }
    for step in certificate["steps"]:
        if "theorem" in step:
            points = "".join(point for word in step["points"] for point in word)
            used = (step["theorem"], step["branch"], points)
            if used not in allowed:
                return f"{used} is no step of the solution"
    verdict = check_certificate(stated(problem), theory, json.loads(json.dumps(certificate)))
    return "" if verdict.accepted else f"{verdict.kind}: {verdict.reason or ', '.join(verdict.holes)}"


def _claim_refusal(problem: Problem, solution: Any, readings: tuple[Call, ...], theory: Theory) -> str:
    """The problem that asks for the claim, with the same steps: one of the readings has to follow."""
    refused = "it cannot be read"
    for reading in readings:
        asked = build_problem(replace(problem.declaration, find=reading, answer=None), theory, strict=False)
        if asked.valid:
            refused = _objection(asked, solution, theory)
            if not refused:
                return ""
    return refused
