"""Problems to text: FGL declarations and the released formalgeo layout."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

from fgps.data.formalgeo import META_KEYS, TEXT_KEYS, Read
from fgps.lang.ast import OPERATORS, Call, Number, ProblemDeclaration, SolutionDeclaration, Term, calls
from fgps.lang.printer import print_term

#: The order of the keys in the released files.
_ORDER: Final = (
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


def to_fgl(read: Read) -> tuple[ProblemDeclaration | None, SolutionDeclaration | None]:
    """The problem and its annotated solution as FGL declarations (None for what is not there)."""
    problem = read.declaration
    if problem is None:
        return None, None
    solution = read.solution
    if solution is None and read.theorem_sequence:
        solution = SolutionDeclaration(problem.name, read.theorem_sequence)
    return problem, solution


def to_formalgeo(
    problem: ProblemDeclaration,
    solution: SolutionDeclaration | None = None,
    dag: Mapping[str, tuple[str, ...]] | None = None,
    relations: Container[str] = (),
) -> dict[str, Any]:
    """A JSON object in the released layout, keys in its order.

    ``relations`` are the names of the theory's predicates: a goal of that name is to be proved, any other
    term asks for its value.  Claims of the solution are left out: the layout holds theorem applications only.
    """
    name = problem.name
    values: dict[str, Any] = {"problem_id": int(name) if name.isdecimal() and len(name) < 19 else name}
    texts, meta = dict(problem.texts), dict(problem.meta)
    values |= {key: texts.get(language, "") for key, language in TEXT_KEYS.items()}
    for key, entry in META_KEYS.items():
        if entry in meta:
            value = meta[entry]
            values[key] = int(value) if key in _NUMBERS and value.isdecimal() else value
    values["construction_cdl"] = [to_cdl(statement) for statement in problem.construct]
    values["text_cdl"] = [to_cdl(statement) for statement in problem.given]
    values["image_cdl"] = [to_cdl(statement) for statement in problem.image]
    values["goal_cdl"] = _goal(problem.find, relations)
    values["problem_answer"] = "" if problem.answer is None else to_cdl(problem.answer)
    steps = [step for step in solution.steps if isinstance(step, Call)] if solution else []
    values["theorem_seqs"] = [to_cdl(step) for step in steps]
    values["theorem_seqs_dag"] = {step: list(users) for step, users in (dag or {}).items()}
    return {key: values[key] for key in _ORDER if key in values}


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
