"""Problems of FGL files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from fgps.data.files import read_text
from fgps.data.formalgeo import Read
from fgps.data.verbatim import DAG, PREFIX, apply, dag_from_text
from fgps.data.write import to_cdl
from fgps.lang.ast import Call, ProblemDeclaration, SolutionDeclaration
from fgps.lang.diagnostics import Diagnostic, Severity, did_you_mean, error
from fgps.lang.parse import Parsed, parse_file


def read_fgl(path: Path, name: str = "") -> Read:
    """The problem called ``name`` of an FGL file, or its only one, with the solution in the same file."""
    text = read_text(path)
    if isinstance(text, Diagnostic):
        return Read(None, diagnostics=(text,))
    return read_fgl_text(text, name, str(path))


def read_fgl_text(text: str, name: str = "", source_name: str = "") -> Read:
    """As `read_fgl`, on the text of a file."""
    parsed = _parsed(text, source_name)
    problems = [d for d in parsed.declarations if isinstance(d, ProblemDeclaration)]
    if not parsed.ok and not any(problem.name == name for problem in problems):
        return Read(None, diagnostics=parsed.diagnostics)
    chosen = _choose(problems, name, source_name)
    if isinstance(chosen, Diagnostic):
        return Read(None, diagnostics=(*parsed.diagnostics, chosen))
    found: list[Diagnostic] = []
    if sum(problem.name == chosen.name for problem in problems) > 1:
        message = f"{source_name} has two problems called {chosen.name}"
        found.append(error("duplicate", message, chosen.span, source_name=source_name))
    solutions = [
        d for d in parsed.declarations if isinstance(d, SolutionDeclaration) and d.problem == chosen.name
    ]
    solution = solutions[0] if solutions else None
    steps = tuple(step for step in solution.steps if isinstance(step, Call)) if solution else ()
    # Mistakes in other declarations of the file do not concern this problem.
    span = chosen.span
    own = [d for d in parsed.diagnostics if span.start <= d.span.start < span.end]
    found += own if any(d.severity is Severity.ERROR for d in parsed.diagnostics) else parsed.diagnostics
    return Read(chosen, steps, _dag(chosen, steps), tuple(found), solution=solution, source_name=source_name)


def _dag(problem: ProblemDeclaration, steps: tuple[Call, ...]) -> Mapping[str, tuple[str, ...]]:
    """The annotated dependencies that ``meta dag`` carries."""
    text = dict(problem.meta).get(DAG)
    if text is None:
        return {}
    carried = tuple(entry for entry in problem.meta if entry[0].startswith(PREFIX))
    lines = apply({"theorem_seqs": [to_cdl(step) for step in steps]}, carried)
    return dag_from_text(text, lines.get("theorem_seqs"))


@lru_cache(maxsize=4)
def _parsed(text: str, source_name: str) -> Parsed:
    """Remembered, since a run over a data set reads one file again for each of its problems."""
    return parse_file(text, source_name)


def _choose(problems: list[ProblemDeclaration], name: str, source: str) -> ProblemDeclaration | Diagnostic:
    names = [problem.name for problem in problems]
    if name:
        for problem in problems:
            if problem.name == name:
                return problem
        hint = did_you_mean(name, names)
        return error("unknown-problem", f"{source} has no problem {name}", hint=hint, source_name=source)
    if len(problems) == 1:
        return problems[0]
    if not problems:
        return error("unknown-problem", f"{source} holds no problem", source_name=source)
    message = f"{source} holds {len(problems)} problems"
    return error("bad-arguments", message, hint=f"name one: {source}#{names[0]}", source_name=source)
