"""New problems on their way from a worker to a file: as plain data, and as declarations again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fgps.data import verbatim
from fgps.expand.one import Expansion, NewProblem
from fgps.expand.settings import Settings
from fgps.expand.swap import number_term
from fgps.expand.wording import problem_texts
from fgps.lang.ast import ProblemDeclaration, SolutionDeclaration
from fgps.lang.parse import parse_file
from fgps.lang.printer import print_declaration, print_term

Json = dict[str, Any]


def as_record(expansion: Expansion, settings: Settings) -> Json:
    """An expansion as one JSON object."""
    return {
        "source": expansion.source,
        "key": expansion.key,
        "problems": [
            _problem(new, expansion.source, number, settings) for number, new in enumerate(expansion.found, 1)
        ],
        "refused": dict(sorted(expansion.refused.items())),
    }


def _problem(new: NewProblem, source: str, number: int, settings: Settings) -> Json:
    problem, solution = declared(new, source, number, settings)
    return {
        "key": new.key,
        "pattern": new.pattern,
        "path": list(new.path),
        "level": new.admitted.level,
        "fgl": print_declaration(problem) + "\n" + print_declaration(solution),
    }


def declared(
    new: NewProblem, source: str, number: int, settings: Settings
) -> tuple[ProblemDeclaration, SolutionDeclaration]:
    """The problem with text, answer and provenance, and its solution."""
    admitted = new.admitted
    name = f"{_word(source)}_{number}"
    meta = [
        ("source", source),
        ("level", str(admitted.level)),
        ("made_by", " ".join(new.path)),
        ("seed", str(settings.seed)),
        ("verdict", admitted.verdict),
    ]
    names = [print_term(step) for step in admitted.solution]
    graph = verbatim.dag_to_text(dict(admitted.graph), names)
    if graph is not None:
        meta.append((verbatim.DAG, graph))
    if admitted.unneeded:
        meta.append(("unneeded", "; ".join(print_term(given) for given in admitted.unneeded)))
    problem = replace(
        admitted.problem.declaration,
        name=name,
        texts=problem_texts(admitted.problem),
        meta=tuple(meta),
        answer=None if admitted.answer is None else number_term(admitted.answer),
    )
    return problem, SolutionDeclaration(name, admitted.solution)


def _word(source: str) -> str:
    """A source's id as the beginning of a name: a letter first, then letters, digits and underscores."""
    text = "".join(c if c.isascii() and c.isalnum() else "_" for c in source)
    return text if text[:1].isalpha() and text[:1].islower() else f"p{text}"


def read_back(record: Json) -> tuple[ProblemDeclaration, SolutionDeclaration]:
    """The declarations of one problem of a record.  Raises `ValueError` if its text is damaged."""
    parsed = parse_file(record["fgl"], "record")
    problems = [d for d in parsed.declarations if isinstance(d, ProblemDeclaration)]
    solutions = [d for d in parsed.declarations if isinstance(d, SolutionDeclaration)]
    if not parsed.ok or len(problems) != 1 or len(solutions) != 1:
        raise ValueError("a record does not hold one problem and its solution")
    return problems[0], solutions[0]
