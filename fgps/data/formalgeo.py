"""The released formalgeo layout: one JSON object a problem, statements as CDL strings.

The data has slips.  Those with one possible reading are repaired, statements with none are dropped;
each time a warning names the file, the list and the position.  Nothing raises.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from fgps.data.cdl import read_application, read_expression, read_line
from fgps.data.circle_repair import order_by_arcs
from fgps.data.files import MAX_JSON_BYTES, parse_json, read_text
from fgps.data.places import Places, place
from fgps.data.shape_repair import ShapeRepairer, Words, is_sound
from fgps.lang.ast import (
    NOWHERE,
    Call,
    Points,
    ProblemDeclaration,
    SolutionDeclaration,
    Span,
    Term,
    calls,
    letters,
)
from fgps.lang.diagnostics import Diagnostic, Severity, error

#: Keys of the layout that are texts in a language.
TEXT_KEYS: Final = {"problem_text_cn": "zh", "problem_text_en": "en"}
#: Keys that are kept as they are under another name.
META_KEYS: Final = {
    "annotation": "annotation",
    "source": "source",
    "problem_level": "level",
    "problem_img": "image_file",
    "problem_type": "type",
    "complexity_level": "complexity",
}
_KINDS: Final[Mapping[type, str]] = {
    bool: "a truth value",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "an object",
}
#: Longest list of statements or steps that is read.
MAX_ITEMS: Final = 2000


@dataclass(frozen=True, slots=True)
class Read:
    """What a source holds about one problem.

    ``declaration`` is None if it could not be read (``diagnostics`` say why).  ``theorem_sequence`` is
    the annotated solution, ``theorem_dag`` its dependencies as annotated (step -> steps that use it),
    ``solution`` a solution written in FGL (it may hold claims), ``raw`` the JSON object as it was.
    ``source_name`` goes with the spans; ``strict`` is False if the source is known to have slips: then
    statements that make no sense are left out with a warning instead of an error.
    """

    declaration: ProblemDeclaration | None
    theorem_sequence: tuple[Call, ...] = ()
    theorem_dag: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    raw: Mapping[str, object] | None = None
    solution: SolutionDeclaration | None = None
    source_name: str = ""
    strict: bool = True


def read_problem(source: str | Path | Mapping[str, object], name: str = "") -> Read:
    """Read a problem from a JSON file or from its parsed object.

    ``name`` stands for the file's name in diagnostics; the problem is called by its ``problem_id``, or
    by the file's name if it has none.
    """
    if isinstance(source, Mapping):
        return _Reader(source, name or "<problem>").read()
    path = Path(source)
    text = read_text(path, MAX_JSON_BYTES)
    value = text if isinstance(text, Diagnostic) else parse_json(text, str(path))
    if isinstance(value, Diagnostic):
        return Read(None, diagnostics=(value,))
    if not isinstance(value, dict):
        message = f"{path} holds {_kind(value)}, not a problem (an object with construction_cdl and goal_cdl)"
        return Read(None, diagnostics=(error("bad-declaration", message, source_name=str(path)),))
    return _Reader(value, name or str(path), text if isinstance(text, str) else "").read()


class _Reader:
    """Reads one JSON object and collects diagnostics on the way."""

    def __init__(self, raw: Mapping[str, object], name: str, text: str = "") -> None:
        self.raw = raw
        self.name = name
        self.places = Places(text)
        self.found: list[Diagnostic] = []

    def read(self) -> Read:
        missing = [key for key in ("construction_cdl", "goal_cdl") if key not in self.raw]
        if missing:
            message = f"{self.name} is no problem: {' and '.join(missing)} missing"
            self.found.append(error("bad-declaration", message, source_name=self.name))
            return Read(None, diagnostics=tuple(self.found), raw=self.raw)
        given = self._facts("text_cdl")
        image = self._facts("image_cdl")
        find = self._goal()
        stated = (*given, *image, *(() if find is None else (find,)))
        construct = self._construction({letters(call) for term in stated for call in calls(term)})
        declaration = ProblemDeclaration(
            name=self._title(),
            texts=tuple((TEXT_KEYS[key], text) for key, text in self._strings(TEXT_KEYS)),
            meta=tuple((META_KEYS[key], text) for key, text in self._strings(META_KEYS)),
            construct=construct,
            given=given,
            image=image,
            find=find,
            answer=self._answer(find),
        )
        return Read(
            declaration=None if find is None else declaration,
            theorem_sequence=self._steps(),
            theorem_dag=self._dag(),
            diagnostics=tuple(self.found),
            raw=self.raw,
            source_name=self.name,
            strict=False,
        )

    # Parts ----------------------------------------------------------------------------------

    def _title(self) -> str:
        number = self.raw.get("problem_id")
        if isinstance(number, int | str) and not isinstance(number, bool) and str(number).strip():
            return str(number).strip()[:80]
        return Path(self.name).stem or "problem"

    def _strings(self, keys: Mapping[str, str]) -> list[tuple[str, str]]:
        found = []
        for key in keys:
            value = self.raw.get(key)
            if value is None:
                continue
            if isinstance(value, str | int | float) and not isinstance(value, bool):
                found.append((key, str(value)))
            else:
                self._warn("bad-declaration", f"{key} is {_kind(value)}, not a text; it was left out")
        return found

    def _list(self, key: str, wanted: str = "statements") -> list[tuple[int, str]]:
        value = self.raw.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self._error(f"{key} is {_kind(value)}, not a list of {wanted}")
            return []
        if len(value) > MAX_ITEMS:
            self._error(f"{key} has more than {MAX_ITEMS} entries")
            return []
        found = []
        for position, item in enumerate(value):
            if isinstance(item, str):
                found.append((position, item))
            else:
                self._error(f"{key}[{position}] is {_kind(item)}, not a text")
        return found

    def _construction(self, named: Set[tuple[str, ...]]) -> tuple[Call, ...]:
        read: list[tuple[int, Call]] = []
        for position, text in self._list("construction_cdl"):
            for statement in self._line("construction_cdl", position, text):
                words = all(isinstance(argument, Points) for argument in statement.args)
                if not words or statement.head not in ("Shape", "Collinear", "Cocircular"):
                    self._drop("construction_cdl", position, text, "it constructs nothing", statement.span)
                else:
                    read.append((position, self._mend_incidence(position, statement)))
        read = self._without_repetition(read)
        shapes = [_words(statement) for _, statement in read if statement.head == "Shape"]
        if all(is_sound(words) for words in shapes):
            kept = read
        else:
            kept = self._mend_shapes(read, shapes, named)
        kept = [pair for pair in self._mend_circles(kept) if self._is_usable(*pair)]
        return tuple(statement for _, statement in kept)

    def _mend_incidence(self, position: int, statement: Call) -> Call:
        """One word of points for a line; the circle apart from its points."""
        words = _words(statement)
        points = tuple(point for word in words for point in word)
        if statement.head == "Collinear" and len(words) > 1:
            mended = replace(statement, args=(Points(points),))
        elif statement.head == "Cocircular" and (len(words[0]) > 1 or len(words) > 2):
            mended = replace(statement, args=(Points(points[:1]), Points(points[1:])))
        else:
            return statement
        self._repaired("construction_cdl", position, statement, mended)
        return mended

    def _without_repetition(self, read: list[tuple[int, Call]]) -> list[tuple[int, Call]]:
        seen: dict[Call, int] = {}
        kept = []
        for position, statement in read:
            if statement in seen:
                message = f"construction_cdl[{position}] repeats construction_cdl[{seen[statement]}]"
                self._warn("ignored", message, statement.span)
            else:
                seen[statement] = position
                kept.append((position, statement))
        return kept

    def _mend_shapes(
        self, read: list[tuple[int, Call]], shapes: list[Words], named: Set[tuple[str, ...]]
    ) -> list[tuple[int, Call]]:
        lines: list[tuple[str, ...]] = []
        points: list[str] = []
        circles: list[str] = []
        for _, statement in read:
            if statement.head == "Collinear":
                lines.append(letters(statement))
                points += letters(statement)
            elif statement.head == "Cocircular":
                circles.append(letters(statement)[0])
                points += letters(statement)
        repairer = ShapeRepairer(shapes, lines, points, circles, named)
        kept = []
        for position, statement in read:
            if statement.head == "Shape" and not is_sound(_words(statement)):
                mended = repairer.repair(_words(statement))
                if mended is not None:
                    changed = replace(statement, args=tuple(map(Points, mended)))
                    self._repaired("construction_cdl", position, statement, changed)
                    statement = changed
            kept.append((position, statement))
        return kept

    def _mend_circles(self, read: list[tuple[int, Call]]) -> list[tuple[int, Call]]:
        """Points of a circle in the order that the arcs of the shapes tell."""
        sides = [word for _, statement in read if statement.head == "Shape" for word in _words(statement)]
        kept = []
        for position, statement in read:
            words = _words(statement)
            if statement.head == "Cocircular" and len(words) == 2 and len(set(words[1])) == len(words[1]):
                arcs = [side for side in sides if len(side) == 3 and side[:1] == words[0]]
                order = order_by_arcs(words[1], arcs)
                if order is not None:
                    changed = replace(statement, args=(Points(words[0]), Points(order)))
                    self._repaired("construction_cdl", position, statement, changed)
                    statement = changed
            kept.append((position, statement))
        return kept

    def _is_usable(self, position: int, statement: Call) -> bool:
        """Whether the construction stage can make something of the statement; else it is dropped."""
        words = _words(statement)
        points = [point for word in words for point in word]
        problem = ""
        if statement.head == "Shape":
            if any(len(set(word)) != len(word) for word in words):
                problem = "a side names a point twice"
            elif any(len(word) > 3 or (len(word) == 1 and len(words) > 1) for word in words):
                problem = "a side has two points, an arc a circle and two points"
            elif len(words) == 1 and len(words[0]) == 3:
                problem = "one arc alone is no shape"
            elif len(set(words)) != len(words):
                problem = "a side is named twice"
        elif len(set(points)) != len(points):
            problem = "a point is named twice"
        elif statement.head == "Collinear" and len(points) < 2:
            problem = "a line has at least two points"
        if problem:
            self._drop("construction_cdl", position, _show(statement), problem, statement.span)
        return not problem

    def _facts(self, key: str) -> tuple[Call, ...]:
        return tuple(
            statement for position, text in self._list(key) for statement in self._line(key, position, text)
        )

    def _goal(self) -> Call | None:
        text = self.raw.get("goal_cdl")
        if not isinstance(text, str):
            self._error(f"goal_cdl is {_kind(text)}, not a text")
            return None
        line = read_line(text)
        at = self.places.find("goal_cdl", text)
        if not line.statements:
            self._error(f"goal_cdl {text[:80]!r} cannot be read: {line.problem}", at)
            return None
        for message in line.repairs:
            self._warn("repaired", f"goal_cdl: {message}", at)
        return _placed(line.statements[0], at)

    def _answer(self, find: Call | None) -> Term | None:
        value = self.raw.get("problem_answer")
        if value is None or (find is not None and find.head == "Relation"):
            return None
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            self._warn("ignored", f"problem_answer is {_kind(value)}, not a text")
            return None
        term = read_expression(str(value))
        if isinstance(term, Diagnostic):
            self._warn("ignored", f"problem_answer cannot be read: {term.headline}")
            return None
        return term

    def _steps(self) -> tuple[Call, ...]:
        steps = []
        for position, text in self._list("theorem_seqs", "theorem applications"):
            call, repairs, problem = read_application(text)
            at = self.places.find("theorem_seqs", text) if repairs or call is None else NOWHERE
            for message in repairs:
                self._warn("repaired", f"theorem_seqs[{position}]: {message}", at)
            if call is None:
                self._drop("theorem_seqs", position, text, problem, at)
            else:
                steps.append(call)
        return tuple(steps)

    def _dag(self) -> dict[str, tuple[str, ...]]:
        value = self.raw.get("theorem_seqs_dag")
        if not isinstance(value, dict):
            return {}
        return {
            str(step): tuple(str(user) for user in users)
            for step, users in value.items()
            if isinstance(users, list)
        }

    # Findings -------------------------------------------------------------------------------

    def _line(self, key: str, position: int, text: str) -> tuple[Call, ...]:
        line = read_line(text)
        at = self.places.find(key, text)
        for message in line.repairs:
            self._warn("repaired", f"{key}[{position}] {text[:80]!r}: {message}", at)
        if not line.statements:
            self._drop(key, position, text, line.problem, at)
        return tuple([_placed(statement, at) for statement in line.statements])

    def _repaired(self, key: str, position: int, old: Call, new: Call) -> None:
        self._warn("repaired", f"{key}[{position}]: {_show(old)} was read as {_show(new)}", old.span)

    def _drop(self, key: str, position: int, text: str, reason: str, at: Span) -> None:
        self._warn("ignored", f"{key}[{position}] {text[:80]!r} was left out: {reason}", at)

    def _warn(self, code: str, message: str, at: Span = NOWHERE) -> None:
        self.found.append(Diagnostic(code, Severity.WARNING, message, at, self.name))

    def _error(self, message: str, at: Span = NOWHERE) -> None:
        self.found.append(error("bad-declaration", message, at, source_name=self.name))


def _placed(statement: Call, at: Span) -> Call:
    placed = place(statement, at)
    assert isinstance(placed, Call)
    return placed


def _words(statement: Call) -> Words:
    return tuple(argument.names for argument in statement.args if isinstance(argument, Points))


def _show(statement: Call) -> str:
    return f"{statement.head}({','.join(''.join(word) for word in _words(statement))})"


def _kind(value: object) -> str:
    if value is None:
        return "missing"
    return _KINDS.get(type(value), type(value).__name__)
