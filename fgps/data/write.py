"""Problems to text: FGL declarations and the released formalgeo layout."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from fgps.data import verbatim
from fgps.data.formalgeo import META_KEYS, TEXT_KEYS, Read, read_problem
from fgps.lang.ast import OPERATORS, Call, Number, ProblemDeclaration, SolutionDeclaration, Term, calls
from fgps.lang.printer import print_term

#: The order of the keys in the released files.
KEY_ORDER: Final = (
    "problem_id",
    "annotation",
    "source",
    "problem_type",
    "problem_level",
    "complexity_level",
    "problem_text_cn",
    "problem_text_en",
    "problem_img",
    "construction_cdl",
    "text_cdl",
    "image_cdl",
    "goal_cdl",
    "problem_answer",
    "theorem_seqs",
    "theorem_seqs_dag",
)
_NUMBERS: Final = ("problem_level", "complexity_level")
#: Keys of statements, and where the declaration has them.
_FIELDS: Final = {
    "construction_cdl": "construct",
    "text_cdl": "given",
    "image_cdl": "image",
    "goal_cdl": "find",
    "problem_answer": "answer",
}


def to_fgl(read: Read) -> tuple[ProblemDeclaration | None, SolutionDeclaration | None]:
    """The problem and its annotated solution as FGL declarations (None for what is not there).

    What a released JSON file holds beyond them goes along in ``meta`` (see ``verbatim.py``), so that
    `to_formalgeo` gives the same JSON object back.
    """
    problem = read.declaration
    if problem is None:
        return None, None
    solution = read.solution
    if solution is None and read.theorem_sequence:
        solution = SolutionDeclaration(problem.name, read.theorem_sequence)
    if read.raw is None:
        return problem, solution
    plain = _printable(problem)
    if solution is not None:
        solution = replace(solution, problem=plain.name)
    rebuilt = _rebuilt(plain, solution, {})
    found = verbatim.differences(_without_dag(read.raw), rebuilt)
    raw_dag = read.raw.get(verbatim.DAG_KEY, {})
    steps = verbatim.apply(rebuilt, found).get("theorem_seqs", [])
    text = verbatim.dag_to_text(read.theorem_dag, steps) if _same_dag(read, raw_dag) else None
    if text is not None:
        found = (*((verbatim.DAG, text) for _ in [0] if text), *_present(found, verbatim.DAG_KEY in read.raw))
    else:
        found = (*_present(found, True), (f"{verbatim.PREFIX}{verbatim.DAG_KEY}", json.dumps(raw_dag)))
    return replace(plain, meta=(*plain.meta, *found)), solution


def _printable(problem: ProblemDeclaration) -> ProblemDeclaration:
    texts = tuple((language, verbatim.printable(text)) for language, text in problem.texts)
    meta = tuple((key, verbatim.printable(text)) for key, text in problem.meta)
    return replace(problem, texts=texts, meta=meta, name=verbatim.printable(problem.name))


def _without_dag(raw: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in raw.items() if key != verbatim.DAG_KEY}


def _present(found: verbatim.Meta, dag_is_there: bool) -> verbatim.Meta:
    """The dependency graph is looked at apart: it is absent only if the file does not have it."""
    entries = []
    for name, text in found:
        if name == verbatim.ABSENT and dag_is_there:
            text = " ".join(key for key in text.split() if key != verbatim.DAG_KEY)
            if not text:
                continue
        entries.append((name, text))
    return tuple(entries)


def _same_dag(read: Read, raw: object) -> bool:
    rebuilt = {step: list(users) for step, users in read.theorem_dag.items()}
    return verbatim.same_json(rebuilt, raw)


def to_formalgeo(
    problem: ProblemDeclaration,
    solution: SolutionDeclaration | None = None,
    dag: Mapping[str, tuple[str, ...]] | None = None,
    relations: Container[str] = (),
) -> dict[str, Any]:
    """A JSON object in the released layout, keys in its order.

    ``relations`` are the names of the theory's predicates: a goal of that name is to be proved, any other
    term asks for its value.  ``dag`` is the dependency graph, if it is not the one in ``meta``.  Claims of
    the solution are left out: the layout holds theorem applications only.  Lines that ``meta`` carries
    verbatim are written so if they still mean what the declaration says.
    """
    rebuilt = _rebuilt(problem, solution, dag or {}, relations)
    carried = tuple((name, text) for name, text in problem.meta if name.startswith(verbatim.PREFIX))
    values = _still_true(problem, rebuilt, verbatim.apply(rebuilt, carried)) if carried else rebuilt
    text = dict(problem.meta).get(verbatim.DAG)
    if dag is None and text is not None:
        found = verbatim.dag_from_text(text, values.get("theorem_seqs", ()))
        values[verbatim.DAG_KEY] = {step: list(users) for step, users in found.items()}
    return {
        key: values[key] for key in (*KEY_ORDER, *(k for k in values if k not in KEY_ORDER)) if key in values
    }


def _still_true(
    problem: ProblemDeclaration, rebuilt: dict[str, Any], values: dict[str, Any]
) -> dict[str, Any]:
    """``values``, but from ``rebuilt`` what an edit of the FGL file has overtaken."""
    try:
        then = read_problem(values)
    except (TypeError, ValueError):
        return rebuilt
    now = read_problem(rebuilt)
    old, new = then.declaration, now.declaration
    stale = []
    for key, field in _FIELDS.items():
        if old is None or new is None or getattr(old, field) != getattr(new, field):
            stale.append(key)
    if then.theorem_sequence != now.theorem_sequence:
        stale.append("theorem_seqs")
    if old is None or verbatim.printable(old.name) != problem.name:
        stale.append("problem_id")
    for key in (*TEXT_KEYS, *META_KEYS):
        if verbatim.printable(_text(values.get(key))) != verbatim.printable(_text(rebuilt.get(key))):
            stale.append(key)
    for key in stale:
        if key in rebuilt:
            values[key] = rebuilt[key]
    return values


def _text(value: object) -> str:
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _rebuilt(
    problem: ProblemDeclaration,
    solution: SolutionDeclaration | None,
    dag: Mapping[str, tuple[str, ...]],
    relations: Container[str] = (),
) -> dict[str, Any]:
    """The JSON object that the declarations alone amount to."""
    name = problem.name
    canonical = name.isascii() and name.isdecimal() and len(name) < 19 and str(int(name)) == name
    values: dict[str, Any] = {"problem_id": int(name) if canonical else name}
    texts, meta = dict(problem.texts), dict(problem.meta)
    values |= {key: texts.get(language, "") for key, language in TEXT_KEYS.items()}
    for key, entry in META_KEYS.items():
        if entry in meta:
            value = meta[entry]
            number = key in _NUMBERS and value.isascii() and value.isdecimal() and len(value) < 10
            values[key] = int(value) if number else value
    values["construction_cdl"] = [to_cdl(statement) for statement in problem.construct]
    values["text_cdl"] = [to_cdl(statement) for statement in problem.given]
    values["image_cdl"] = [to_cdl(statement) for statement in problem.image]
    values["goal_cdl"] = _goal(problem.find, relations)
    values["problem_answer"] = "" if problem.answer is None else to_cdl(problem.answer)
    steps = [step for step in solution.steps if isinstance(step, Call)] if solution else []
    values["theorem_seqs"] = [to_cdl(step) for step in steps]
    values[verbatim.DAG_KEY] = {step: list(users) for step, users in dag.items()}
    return {key: values[key] for key in KEY_ORDER if key in values}


def to_cdl(term: Term) -> str:
    """A statement or expression as the CDL writes it.

    Relations between quantities of the figure are calls, ``Equal(LengthOfLine(AB),x+1)``; signs stay where
    only numbers and symbols are involved.
    """
    # Inside a call the printer leaves no spaces, so the term is printed as the argument of one.
    return print_term(Call("_", (_as_calls(term),)))[2:-1]


def _as_calls(term: Term) -> Term:
    if not isinstance(term, Call):
        return term
    arguments = tuple(_as_calls(argument) for argument in term.args)
    sign = OPERATORS.get(term.head)
    needs_call = sign is not None and (sign[0] in ("=", "<", ">") or _speaks_of_figure(term))
    if term.head == "Neg" and needs_call:
        # The CDL has no sign before a quantity.
        return Call("Sub", (Number(Fraction(0), "0"), *arguments))
    return replace(term, args=arguments, notation="call" if needs_call else term.notation)


def _speaks_of_figure(term: Call) -> bool:
    """Whether a call of a quantity stands inside: not a sign, not a lower-case function."""
    return any(call.head not in OPERATORS and call.head[:1].isupper() for call in calls(term))


def _goal(find: Term | None, relations: Container[str]) -> str:
    if find is None:
        return ""
    if isinstance(find, Call):
        if find.head in ("Value", "Equal", "Relation"):
            return to_cdl(find)
        if find.head in relations:
            return to_cdl(Call("Relation", (find,)))
    return to_cdl(Call("Value", (find,)))
