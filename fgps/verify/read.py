"""Reading a solution in any of its forms: a list of steps, a text, JSON in a text, bytes.

Reading never raises and never refuses a whole solution for one bad step; what it cannot use it names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from fgps.data.files import parse_json
from fgps.lang.ast import NOWHERE, Call, Span
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.problem.quantities import Quantities
from fgps.theory.model import Theory
from fgps.verify.solution import MAX_STEPS, MAX_TEXT, Repair, Solution, Step
from fgps.verify.statements import StatementReader
from fgps.verify.steps import Reader

#: What a solution may come as.
Source = str | bytes | Sequence[object] | Mapping[str, object] | Solution

_HEADER: Final = re.compile(r'\s*solution(?:\s+of\s+"?(?P<name>[^":\n]{1,80})"?)?\s*:\s*$', re.IGNORECASE)
_ANSWER: Final = re.compile(
    r"\s*(?:[-*•]\s*)?(?:\*\*)?(?:the\s+)?(?:final\s+)?(?:answer|答案)(?:\*\*)?\s*(?:is|[:=：]|为|是)\s*(?:\*\*)?\s*(?P<answer>.+?)\s*$",
    re.IGNORECASE,
)
_BOXED: Final = re.compile(r"\\boxed\s*\{(?P<answer>[^{}]*(?:\{[^{}]*\}[^{}]*)*)\}")
_FENCE: Final = re.compile(r"^\s*(?:```|~~~)\s*\w*\s*$")
_DECORATED: Final = re.compile(r"^\s*(?:#{1,6}\s|<[^>]{1,40}>\s*$|[-=_*]{3,}\s*$)")
#: Keys under which a JSON object may hold the steps, and the answer.
_STEPS: Final = ("steps", "theorem_seqs", "solution", "proof")
_ANSWERS: Final = ("answer", "final_answer")
_NAMES: Final = ("problem", "problem_id")
_READ: Final = {*_STEPS, *_ANSWERS, *_NAMES}


def read_solution(source: Source, problem: Problem | None = None, theory: Theory | None = None) -> Solution:
    """A solution from outside; ``problem`` (or at least its theory) resolves names and notations."""
    if isinstance(source, Solution):
        return source
    if theory is None:
        assert problem is not None, "a theory or a problem is needed to read a solution"
        theory = problem.theory
    quantities = None if problem is None else Quantities(theory, problem.construction)
    return _Reading(Reader(theory, StatementReader(theory, quantities))).read(source)


class _Reading:
    """Collects steps and remarks from one source."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._steps: list[Step] = []
        self._repairs: list[Repair] = []
        self._problems: list[str] = []
        self._answer = ""
        self._name = ""
        self._text = ""

    def read(self, source: object) -> Solution:
        if isinstance(source, bytes):
            source = self._decoded(source)
        if isinstance(source, str):
            self._of_text(source)
        elif isinstance(source, Mapping):
            self._mapping(source)
        elif isinstance(source, Sequence):
            self._items(source)
        else:
            self._problems.append("a solution is a text, a list of steps or an object with steps")
        return self._solution()

    def _solution(self) -> Solution:
        answer = None
        if self._answer:
            answer, repairs, problem = self._reader.statements.term(self._answer)
            if problem:
                self._problems.append(f"the answer {self._answer[:60]} could not be read: {problem}")
            self._repairs += repairs
        steps = tuple(
            [
                s if s.number == number else replace(s, number=number)
                for number, s in enumerate(self._steps, 1)
            ]
        )
        return Solution(
            steps,
            answer,
            self._answer[:200],
            self._name,
            tuple(dict.fromkeys(self._repairs)),
            tuple(self._problems),
            self._text,
        )

    # Texts ----------------------------------------------------------------------------------

    def _decoded(self, data: bytes) -> str:
        if len(data) > 4 * MAX_TEXT:
            return "x" * (MAX_TEXT + 1)
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as problem:
            self._problems.append(f"byte {problem.start} is not UTF-8; such bytes were replaced")
            return data.decode("utf-8", errors="replace")

    def _of_text(self, text: str) -> None:
        if len(text) > MAX_TEXT:
            self._problems.append(f"a solution may have {MAX_TEXT:,} characters at most")
            return
        self._text = text = text.removeprefix("\ufeff")
        stripped = _unfenced(text).strip()
        if stripped and stripped[0] in "{[" and stripped[-1] in "}]":
            value = parse_json(stripped, "the solution")
            if isinstance(value, Mapping):
                self._mapping(value)
                return
            if isinstance(value, list):
                self._items(value)
                return
            if isinstance(value, Diagnostic) and stripped[0] == "{":
                self._problems.append(value.headline)
        for line, span in _lines(text):
            if self._full():
                return
            self._line(line, span)

    def _line(self, line: str, span: Span) -> None:
        header = _HEADER.match(line)
        if header is not None:
            self._name = self._name or (header["name"] or "").strip()
            return
        if _FENCE.match(line) or _DECORATED.match(line):
            self._repairs.append(Repair("wrapping", f"line {span.line} is decoration and was left out"))
            return
        answer = _ANSWER.match(line) or _BOXED.search(line)
        if answer is not None:
            self._answer = answer["answer"].strip().strip("*").strip()
            boxed = _BOXED.search(self._answer)
            if boxed is not None:
                self._answer = boxed["answer"]
            return
        steps = self._reader.line(line, len(self._steps) + 1, span)
        if not steps:
            self._repairs.append(Repair("wrapping", f"line {span.line} holds no formula and was left out"))
        self._steps += steps

    # JSON -----------------------------------------------------------------------------------

    def _mapping(self, value: Mapping[str, object]) -> None:
        for key in _NAMES:
            if isinstance(value.get(key), str | int):
                self._name = str(value[key])[:80]
        for key in _ANSWERS:
            if isinstance(value.get(key), str | int | float):
                self._answer = str(value[key])[:400]
        ignored = sorted(str(key) for key in value if key not in _READ)
        held_under = next((name for name in _STEPS if name in value), None)
        if held_under is None and ignored and all(name.isdecimal() for name in ignored):
            self._items([value[name] for name in sorted(ignored, key=int)])
            return
        if ignored:
            names = ", ".join(ignored[:5])
            self._repairs.append(Repair("wrapping", f"other keys were left out: {names[:100]}"))
        if held_under is None:
            self._problems.append(f"the object has no steps (a list under the key {_STEPS[0]!r})")
            return
        held = value[held_under]
        if isinstance(held, str):
            for line, span in _lines(held[:MAX_TEXT]):
                if not self._full():
                    self._line(line, span)
        elif isinstance(held, Mapping):
            self._items(list(held.values()))
        elif isinstance(held, list | tuple):
            self._items(held)
        else:
            self._problems.append(f"{held_under!r} is no list of steps")

    def _items(self, items: Sequence[object]) -> None:
        for item in items:
            if self._full():
                return
            number = len(self._steps) + 1
            if isinstance(item, Call):
                self._steps.append(Step(number, print_term(item), application=item))
            elif isinstance(item, str):
                answer = _ANSWER.match(item)
                if answer is not None:
                    self._answer = answer["answer"]
                    continue
                found = self._reader.line(item, number)
                nothing = Step(number, item[:200], problem="the step holds no theorem and no statement")
                self._steps += found or [nothing]
            elif isinstance(item, Mapping):
                self._steps += self._reader.mapping(item, number)
            else:
                self._steps.append(Step(number, str(item)[:200], problem="a step is a text or an object"))

    def _full(self) -> bool:
        if len(self._steps) < MAX_STEPS:
            return False
        message = f"only the first {MAX_STEPS} steps were read"
        if message not in self._problems:
            self._problems.append(message)
        return True


def _unfenced(text: str) -> str:
    """The text between the first two fences, if there are any."""
    lines = text.splitlines()
    fences = [i for i, line in enumerate(lines) if _FENCE.match(line)]
    return "\n".join(lines[fences[0] + 1 : fences[1]]) if len(fences) > 1 else text


def _lines(text: str) -> Iterator[tuple[str, Span]]:
    """Logical lines: a line with an open bracket goes on in the next; comments are cut off."""
    start, number, held, first = 0, 1, "", (0, 1)
    for raw in text.split("\n"):
        line = _without_comment(raw.rstrip("\r"))
        if not held:
            first = (start, number)
        held = f"{held} {line.strip()}" if held else line
        balanced = held.count("(") <= held.count(")") or len(held) > 400 or not line.strip()
        if balanced:
            if held.strip():
                indent = len(held) - len(held.lstrip()) if first[1] == number else 0
                yield held.strip(), Span(first[0] + indent, start + len(raw), first[1], indent + 1)
            held = ""
        start += len(raw) + 1
        number += 1
    if held.strip():
        yield held.strip(), Span(first[0], len(text), first[1], 1)


def _without_comment(line: str) -> str:
    cut = re.search(r"(?:^|\s)--\s", line)
    return line[: cut.start()] if cut is not None else line


def where(step: Step) -> dict[str, int] | None:
    """The span of a step as plain data; None where the solution was no text."""
    if step.span == NOWHERE:
        return None
    span = step.span
    return {"start": span.start, "end": span.end, "line": span.line, "column": span.column}
