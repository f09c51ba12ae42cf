"""What is wrong with the problems of a data set, statement by statement and step by step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from fgps.data.fixes import Edit, edits_of
from fgps.data.formalgeo import Read
from fgps.data.sources import Dataset
from fgps.lang.ast import Call, Number, letters
from fgps.lang.diagnostics import Diagnostic, did_you_mean, error
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.theory.instantiate import bind
from fgps.theory.model import Theory


class Finding(NamedTuple):
    """The findings about one problem; ``usable`` if it can be worked on in spite of them.

    ``edits`` would mend it; ``raw`` is the JSON object that they are about, ``built`` the problem.
    """

    problem: str
    usable: bool
    diagnostics: tuple[Diagnostic, ...]
    edits: tuple[Edit, ...] = ()
    raw: Mapping[str, Any] | None = None
    built: Problem | None = None
    source_name: str = ""


def lint_dataset(dataset: Dataset, theory: Theory, everything: bool = False) -> Iterator[Finding]:
    """Read and build every problem; yields those about which there is something to say, or all of them."""
    if dataset.diagnostics:
        yield Finding(str(dataset.path), False, dataset.diagnostics)
    for problem_id in dataset.ids:
        finding = lint_problem(dataset.read(problem_id), theory, problem_id)
        if finding.diagnostics or finding.edits or everything:
            yield finding


def lint_problem(read: Read, theory: Theory, problem_id: str = "") -> Finding:
    """The findings about a problem and about the theorem applications of its solution."""
    if read.declaration is None:
        edits = tuple(edits_of(read.raw, None)) if read.raw is not None else ()
        return Finding(problem_id, False, read.diagnostics, edits, read.raw, None, read.source_name)
    problem = build_problem(read.declaration, theory, read.source_name, read.strict)
    steps = tuple(
        found for step in read.theorem_sequence for found in check_step(step, theory, read.source_name)
    )
    found = (*read.diagnostics, *problem.diagnostics, *steps)
    edits = tuple(edits_of(read.raw, problem)) if read.raw is not None else ()
    name = problem_id or problem.name
    return Finding(name, problem.valid, found, edits, read.raw, problem, read.source_name)


def check_step(step: Call, theory: Theory, source_name: str = "") -> tuple[Diagnostic, ...]:
    """Whether a theorem application names a theorem, a branch of it, and points that fit its parameters."""
    theorem = theory.theorems.get(step.head)
    if theorem is None:
        hint = did_you_mean(step.head, theory.theorems)
        message = f"there is no theorem {step.head}"
        return (error("unknown-theorem", message, step.span, hint, source_name),)
    number = step.args[0] if step.args else None
    if not isinstance(number, Number) or number.value not in theorem.branches:
        branches = ", ".join(map(str, theorem.branches))
        message = f"{step.head} has no such branch (it has {branches})"
        return (error("unknown-branch", message, step.span, source_name=source_name),)
    binding = bind(theorem, tuple(letters(argument) for argument in step.args[1:]))
    if isinstance(binding, Diagnostic):
        return (error(binding.code, binding.headline, step.span, binding.hint, source_name),)
    return ()
