"""Slips of released JSON files and what would mend them: certain edits, and proposals.

An edit is certain if the problem means the same with it: the text as read has it already (a slip of the
keyboard, a line that is there twice, a number that can be written shorter), or what it adds is said
elsewhere in the file. Anything else (a shape that has to be guessed, an angle that the construction lacks)
is only proposed.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final, NamedTuple

from fgps.data.cdl import read_application, read_line
from fgps.data.formalgeo import read_problem
from fgps.data.write import to_cdl
from fgps.lang.ast import Call, Number, Term
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_statement
from fgps.problem.model import Problem

_STATEMENTS: Final = ("construction_cdl", "text_cdl", "image_cdl")
#: Repairs by which the text comes to say something else than the reference reads.
_GUESSES: Final = ("chain", "symbol")
_MISSING: Final = re.compile(r"the construction has no (Line|Angle)\(((?:[A-Z][0-9]*'*)+)\)")
_POINT: Final = re.compile(r"[A-Z][0-9]*'*")
#: Largest numerator or denominator of an answer that is worked out.
_LARGEST: Final = 10**30


class Edit(NamedTuple):
    """One change: where (``text_cdl[2]``, counted from 0), from what to what (None: nothing there)."""

    place: str
    old: str | None
    new: str | None
    certain: bool
    reason: str


def edits_of(raw: Mapping[str, Any], problem: Problem | None) -> list[Edit]:
    """What would mend a released problem; ``problem`` is what was built from it, if it could be."""
    found: list[Edit] = []
    for key in _STATEMENTS:
        found += _lines(key, raw.get(key))
    found += _goal(raw.get("goal_cdl"))
    found += _steps(raw.get("theorem_seqs"))
    found += _answer(raw.get("problem_answer"))
    found += _level(raw)
    found += _unsaid(raw)
    found += _entities(problem)
    certain = [edit for edit in found if edit.certain]
    if certain and not same_meaning(raw, apply(raw, certain)):
        found = [edit._replace(certain=False) for edit in found]
    return found


def _texts(value: object) -> list[str]:
    return [text if isinstance(text, str) else "" for text in value] if isinstance(value, list) else []


def _lines(key: str, value: object) -> Iterator[Edit]:
    """Slips of the keyboard, and statements that are there twice."""
    seen: set[str] = set()
    for position, text in enumerate(_texts(value)):
        place = f"{key}[{position}]"
        line = read_line(text)
        if not line.statements:
            if text:
                yield Edit(place, text, None, False, f"it has no reading: {line.problem}")
            continue
        new = [to_cdl(statement) for statement in line.statements]
        if line.repairs or (len(new) == 1 and new[0] != text and "".join(text.split()) == new[0]):
            reason = "; ".join(line.repairs) or "white space"
            certain = len(new) == 1 and not any(word in reason for word in _GUESSES)
            yield Edit(place, text, " ".join(new), certain, reason)
        elif new[0] in seen:
            yield Edit(place, text, None, True, "it is there twice")
        seen.update(new)


def _goal(value: object) -> Iterator[Edit]:
    line = read_line(value) if isinstance(value, str) else None
    if line is not None and line.statements and line.repairs:
        reason = "; ".join(line.repairs)
        certain = not any(word in reason for word in _GUESSES)
        yield Edit("goal_cdl", str(value), to_cdl(line.statements[0]), certain, reason)


def _steps(value: object) -> Iterator[Edit]:
    for position, text in enumerate(_texts(value)):
        call, repairs, problem = read_application(text)
        if call is None:
            yield Edit(f"theorem_seqs[{position}]", text, None, False, f"it has no reading: {problem}")
        elif repairs:
            yield Edit(f"theorem_seqs[{position}]", text, to_cdl(call), True, "; ".join(repairs))


def _answer(value: object) -> Iterator[Edit]:
    """A rational answer in lowest terms."""
    term = parse_statement(value) if isinstance(value, str) else None
    number = None if term is None or isinstance(term, Diagnostic) else rational(term)
    # A decimal may be rounded: it stays one, without zeros at its end.
    if number is not None and isinstance(value, str) and re.fullmatch(r"[0-9/\s()*+-]+", value):
        if str(number) != value:
            yield Edit("problem_answer", value, str(number), True, "it can be written shorter")
    elif isinstance(value, str) and re.fullmatch(r"[0-9]+\.[0-9]*0", value):
        yield Edit("problem_answer", value, value.rstrip("0").rstrip("."), True, "zeros at the end")


def rational(term: Term) -> Fraction | None:
    """The value of a term of whole numbers and the four operations; None for any other term."""
    if isinstance(term, Number):
        return term.value
    if not isinstance(term, Call):
        return None
    values = [rational(argument) for argument in term.args]
    known = [value for value in values if value is not None]
    if len(known) != len(values) or not known:
        return None
    result = known[0]
    for value in known[1:]:
        if term.head == "Add":
            result += value
        elif term.head == "Sub":
            result -= value
        elif term.head == "Mul":
            result *= value
        elif term.head == "Div" and value:
            result /= value
        else:
            return None
        if max(abs(result.numerator), result.denominator) > _LARGEST:
            return None
    if term.head == "Neg" and len(known) == 1:
        return -result
    return result if len(known) > 1 else None


def _level(raw: Mapping[str, Any]) -> Iterator[Edit]:
    level, steps = raw.get("problem_level"), raw.get("theorem_seqs")
    number = isinstance(level, int) and not isinstance(level, bool)
    if number and isinstance(steps, list) and level != len(steps):
        reason = "the level is the number of steps"
        yield Edit("problem_level", str(level), str(len(steps)), True, reason)


def _unsaid(raw: Mapping[str, Any]) -> Iterator[Edit]:
    """What the picture says is given: it belongs into the text's list too."""
    said = {to_cdl(s) for text in _texts(raw.get("text_cdl")) for s in read_line(text).statements}
    if not isinstance(raw.get("text_cdl"), list):
        return
    for text in _texts(raw.get("image_cdl")):
        for statement in read_line(text).statements:
            new = to_cdl(statement)
            if new not in said:
                said.add(new)
                yield Edit("text_cdl[end]", None, new, True, "the picture says so")


def _entities(problem: Problem | None) -> Iterator[Edit]:
    """Segments that a statement speaks of and the construction lacks, between points that it has."""
    seen: set[str] = set()
    for found in () if problem is None else problem.diagnostics:
        match = _MISSING.match(found.headline)
        points = _POINT.findall(match[2]) if match else []
        if problem is None or match is None or not set(points) <= set(problem.construction.points):
            continue
        if match[1] == "Line" and len(points) == 2:
            new, certain = f"Shape({match[2]})", True
        else:
            new, certain = f"Shape({points[0]}{points[1]},{points[1]}{points[-1]})", False
        if new not in seen:
            seen.add(new)
            yield Edit("construction_cdl[end]", None, new, certain, found.headline)


def apply(raw: Mapping[str, Any], edits: list[Edit]) -> dict[str, Any]:
    """The problem with these edits made; steps keep their names in ``theorem_seqs_dag``."""
    values = json.loads(json.dumps(raw))
    for edit in sorted(edits, key=_position, reverse=True):
        key, _, index = edit.place.rstrip("]").partition("[")
        if index == "end":
            values[key] = [*(values.get(key) or []), edit.new]
        elif index:
            values[key][int(index) : int(index) + 1] = [] if edit.new is None else [edit.new]
        else:
            values[key] = int(edit.new or 0) if key == "problem_level" else edit.new
        if key == "theorem_seqs" and edit.old is not None and edit.new is not None:
            values = _renamed(values, edit.old, edit.new)
    return dict(values)


def _position(edit: Edit) -> tuple[int, int]:
    """Edits are made from the end of a list; what is added comes last, in its order."""
    index = edit.place.rstrip("]").partition("[")[2]
    return (1, int(index)) if index.isdecimal() else (0, 0)


def _renamed(values: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    dag = values.get("theorem_seqs_dag")
    if isinstance(dag, dict):
        values["theorem_seqs_dag"] = {
            (new if step == old else step): [new if user == old else user for user in users]
            if isinstance(users, list)
            else users
            for step, users in dag.items()
        }
    return values


def same_meaning(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether nothing that was read is lost or read otherwise; segments between known points may be new."""
    one, two = read_problem(before), read_problem(after)
    old, new = one.declaration, two.declaration
    if old is None or new is None:
        return old is new
    added = [statement for statement in new.construct if statement not in old.construct]
    plain = all(s.head == "Shape" and len(s.args) == 1 for s in added)
    answers = [None if d.answer is None else rational(d.answer) or d.answer for d in (old, new)]
    return (
        plain
        and set(old.construct) <= set(new.construct)
        and {*old.given, *old.image} == {*new.given, *new.image}
        and (old.find, one.theorem_sequence) == (new.find, two.theorem_sequence)
        and answers[0] == answers[1]
    )


def to_text(raw: Mapping[str, Any], like: str = "") -> str:
    """The JSON text of a problem, with a line break at the end if ``like`` has one."""
    text = json.dumps(raw, ensure_ascii=False, indent=2)
    return text + "\n" if like.endswith("\n") else text


def diff(before: Mapping[str, Any], after: Mapping[str, Any], name: str) -> str:
    """The change as a unified diff of the JSON texts."""
    lines = [to_text(values, "\n").splitlines(keepends=True) for values in (before, after)]
    return "".join(difflib.unified_diff(lines[0], lines[1], name, f"{name} (mended)", n=1))
