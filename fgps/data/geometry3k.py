"""Geometry3K (Inter-GPS): logic forms of text and drawing, with coordinates, to problems.

Two layouts are known: a folder with the three annotation files ``*_logic_forms_annot.json`` (objects by
problem number), and the released one, a folder for each problem with ``logic_form.json`` and ``data.json``.
What the forms mean stands in ``geometry3k.toml``.  Forms without a reading are left out with a warning, and
kept in ``meta``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from fgps.data.files import parse_json, read_text
from fgps.data.formalgeo import Read
from fgps.data.forms import Form, parse_form, read_number
from fgps.data.planar import Circle, Drawing, Figure, Place, figure_of
from fgps.data.scene import Scene, Unread
from fgps.data.speaker import Speaker
from fgps.data.verbatim import COORDINATES, printable
from fgps.lang.ast import Call, ProblemDeclaration, Term
from fgps.lang.diagnostics import Diagnostic, Severity, error
from fgps.lang.parse import parse_statement

PROBLEM_FILE: Final = "logic_form.json"
_DIAGRAM: Final = "diagram_logic_forms_annot.json"
#: The texts with their unnamed things resolved come first.
_TEXTS: Final = ("text_logic_forms_annot_dissolved.json", "text_logic_forms_annot.json")
_TEXT_KEYS: Final = ("dissolved_text_logic_form", "text_logic_forms", "text_logic_form")
_DIAGRAM_KEYS: Final = ("diagram_logic_forms", "diagram_logic_form")
MAX_BYTES: Final = 64_000_000
MAX_FORMS: Final = 500
_POINT: Final = re.compile(r"[A-Z][0-9]*'*")
_RADIUS: Final = re.compile(r"Circle\(([^(),]+)(?:,([^()]*))?\)")


# Files -----------------------------------------------------------------------------------------


def find(root: Path) -> dict[str, Callable[[], Read]] | Diagnostic:
    """Readers of the problems of a folder in one of the layouts; empty if it is in neither."""
    if (root / _DIAGRAM).is_file():
        found = _annotations(root)
        if isinstance(found, Diagnostic):
            return found
        return {number: partial(_read_annotated, root, number) for number in found[0]}
    folders = [entry for entry in sorted(root.iterdir()) if (entry / PROBLEM_FILE).is_file()]
    return {folder.name: partial(read_file, folder / PROBLEM_FILE) for folder in folders}


def _annotations(root: Path) -> tuple[dict[str, Any], dict[str, Any]] | Diagnostic:
    texts = next((root / name for name in _TEXTS if (root / name).is_file()), None)
    found = []
    for path in (root / _DIAGRAM, *([texts] if texts else [])):
        state = path.stat()
        value = _object(str(path), state.st_mtime_ns, state.st_size)
        if isinstance(value, Diagnostic):
            return value
        found.append(value)
    return found[0], found[1] if texts else {}


@lru_cache(maxsize=4)
def _object(name: str, _changed: int, _size: int) -> dict[str, Any] | Diagnostic:
    text = read_text(Path(name), MAX_BYTES)
    value = text if isinstance(text, Diagnostic) else parse_json(text, name)
    if isinstance(value, Diagnostic | dict):
        return value
    return error("bad-declaration", f"{name} holds no object", source_name=name)


def _read_annotated(root: Path, number: str) -> Read:
    found = _annotations(root)
    if isinstance(found, Diagnostic):
        return Read(None, diagnostics=(found,))
    drawing, text = found[0].get(number), found[1].get(number)
    name = f"{root}#{number}"
    if not isinstance(drawing, dict):
        return Read(None, diagnostics=(error("bad-declaration", f"{name} is no object", source_name=name),))
    return read_forms({**(text if isinstance(text, dict) else {}), **drawing}, number, name)


def read_file(path: Path) -> Read:
    """A ``logic_form.json``; wording, choices and answer come from the ``data.json`` beside it, if any."""
    state = path.stat()
    value = _object(str(path), state.st_mtime_ns, state.st_size)
    if isinstance(value, Diagnostic):
        return Read(None, diagnostics=(value,))
    data: object = {}
    beside = path.with_name("data.json")
    if beside.is_file():
        state = beside.stat()
        data = _object(str(beside), state.st_mtime_ns, state.st_size)
    extra = data if isinstance(data, dict) else {}
    return read_forms(value, path.parent.name or "problem", str(path), extra)


# Problems --------------------------------------------------------------------------------------


def read_forms(
    forms: Mapping[str, Any], title: str, name: str = "", data: Mapping[str, Any] | None = None
) -> Read:
    """The problem of one object with forms, ``point_positions``, ``line_instances``.  Never raises."""
    return _Reader(forms, title, name, data or {}).read()


class _Reader:
    def __init__(self, forms: Mapping[str, Any], title: str, name: str, data: Mapping[str, Any]) -> None:
        self.forms = forms
        self.title = title
        self.name = name
        self.data = data
        self.found: list[Diagnostic] = []
        self.kept: list[str] = []
        self.unplaced: list[str] = []

    def read(self) -> Read:
        drawn = self._strings(*_DIAGRAM_KEYS)
        names, places = self._points()
        said = self._strings(*_TEXT_KEYS)
        parsed = [form for text in (*drawn, *said) if (form := parse_form(text)) is not None]
        drawing, centres = self._drawing(drawn, parsed, names, places)
        speaker = Speaker(Scene(figure_of(drawing), names, centres))
        speaker.learn(parsed)
        image = [*speaker.centres(), *self._facts(speaker, drawn)]
        goals = [text for text in said if text.startswith("Find")]
        given = [*image, *self._facts(speaker, [text for text in said if text not in goals])]
        find = self._goal(speaker, goals)
        declaration = ProblemDeclaration(
            name=self.title,
            texts=tuple(
                ("en", printable(text)) for text in [self.data.get("problem_text")] if isinstance(text, str)
            ),
            meta=self._meta(speaker.scene.figure),
            construct=speaker.scene.figure.statements,
            given=tuple(dict.fromkeys(given)),
            image=tuple(dict.fromkeys(image)),
            find=find,
            answer=self._answer(),
        )
        result = declaration if find is not None else None
        return Read(result, diagnostics=tuple(self.found), source_name=self.name, strict=False)

    def _strings(self, *keys: str) -> list[str]:
        value: object = next((self.forms[key] for key in keys if self.forms.get(key)), [])
        if not isinstance(value, list):
            self._warn(f"{keys[0]} is no list of forms")
            return []
        return [text.strip() for text in value[:MAX_FORMS] if isinstance(text, str) and text.strip()]

    def _warn(self, message: str, code: str = "ignored") -> None:
        self.found.append(Diagnostic(code, Severity.WARNING, message, source_name=self.name))

    def _unread(self, text: str, reason: str) -> None:
        self.kept.append(text)
        self._warn(f"{text[:120]!r} was left out: {reason}", "unknown-form")

    # The drawing ----------------------------------------------------------------------------

    def _points(self) -> tuple[dict[str, str], dict[str, Place]]:
        """Names of the forms to names of FGL, and where the points are (y upwards)."""
        value = self.forms.get("point_positions")
        names: dict[str, str] = {}
        places: dict[str, Place] = {}
        for name, at in value.items() if isinstance(value, dict) else ():
            place = _place(at)
            if place is None or not name or name == "null":
                self.unplaced.append(name)
                continue
            digits = re.sub(r"[^0-9]", "", name)
            fgl = name if _POINT.fullmatch(name) else f"{'P' if digits else name[:1].upper()}{digits}"
            if not _POINT.fullmatch(fgl) or fgl in places:
                self._warn(f"the point {name[:40]!r} has no name that FGL takes")
                continue
            names[name], places[fgl] = fgl, place
        return names, places

    def _drawing(
        self, drawn: Sequence[str], said: Sequence[Form], names: dict[str, str], places: dict[str, Place]
    ) -> tuple[Drawing, dict[str, str]]:
        segments = []
        value = self.forms.get("line_instances")
        pattern = re.compile("|".join(re.escape(n) for n in sorted(names, key=len, reverse=True)) or r"(?!)")
        for text in value if isinstance(value, list) else ():
            ends = pattern.findall(text) if isinstance(text, str) else []
            if len(ends) == 2 and "".join(ends) == text:
                segments.append((names[ends[0]], names[ends[1]]))
        rows: list[list[str]] = []
        on: dict[str, list[str]] = {}
        self._place_on_lines(said, names, places)
        for text in drawn:
            form = parse_form(text)
            if form is None or len(form.args) != 2:
                continue
            point = names.get(form.args[0].head)
            if form.head == "PointLiesOnLine" and point and form.args[1].head == "Line":
                ends = [names.get(arg.head, "") for arg in form.args[1].args]
                rows.append([point, *ends])
            elif form.head == "PointLiesOnCircle" and point:
                on.setdefault(str(form.args[1]), []).append(point)
        circles, centres = self._circles(on, names, places)
        return Drawing(places, segments, rows, circles, list(_spoken(said, names))), centres

    def _place_on_lines(self, forms: Sequence[Form], names: dict[str, str], places: dict[str, Place]) -> None:
        """Points without coordinates that lie on two lines are where these meet."""
        for name in self.unplaced:
            lines = [
                [places[names[arg.head]] for arg in form.args[1].args]
                for form in forms
                if form.head == "PointLiesOnLine" and len(form.args) == 2 and form.args[0].head == name
                if len(form.args[1].args) == 2 and all(arg.head in names for arg in form.args[1].args)
            ]
            met = [
                at for k, one in enumerate(lines) for two in lines[:k] if (at := _meet(one, two)) is not None
            ]
            if met and _POINT.fullmatch(name) and name not in places:
                names[name], places[name] = name, met[0]
            else:
                self._warn(f"the point {name[:40]!r} has no coordinates")

    def _circles(
        self, on: dict[str, list[str]], names: Mapping[str, str], places: Mapping[str, Place]
    ) -> tuple[list[Circle], dict[str, str]]:
        """The circles, each with a name of its own, and which point is whose centre."""
        instances = self.forms.get("circle_instances")
        for text in instances if isinstance(instances, list) else ():
            if isinstance(text, str) and text in names and all(f"Circle({text}" not in key for key in on):
                on[f"Circle({text})"] = []
        circles: list[Circle] = []
        centres: dict[str, str] = {}
        for text, points in on.items():
            match = _RADIUS.fullmatch(text)
            centre = names.get(match[1].strip(), "") if match else ""
            if not centre:
                self._warn(f"{text[:60]!r} has no centre in the drawing")
                continue
            name, number = centre, 1
            while name in centres:
                number += 1
                name = f"{centre[0]}{number}"
            centres[name] = centre
            circles.append(Circle(name, places[centre], tuple(p for p in points if p != centre)))
        return circles, centres

    # Facts and goal -------------------------------------------------------------------------

    def _facts(self, speaker: Speaker, texts: Sequence[str]) -> list[Call]:
        found: list[Call] = []
        for text in texts:
            form = parse_form(text)
            if form is None:
                self._unread(text, "it is no form")
                continue
            if form.cut:
                self._warn(f"{text[:120]!r}: what follows the last bracket was left out", "repaired")
            try:
                found += speaker.facts(form)
            except Unread as problem:
                self._unread(text, str(problem))
        return found

    def _goal(self, speaker: Speaker, texts: Sequence[str]) -> Term | None:
        reason = "it asks for nothing"
        for text in texts:
            form = parse_form(text)
            if form is None or len(form.args) != 1:
                reason = f"{text[:120]!r} is no goal"
                continue
            try:
                return Call("Value", (speaker.term(form.args[0]),))
            except Unread as problem:
                reason = f"{text[:120]!r} cannot be read: {problem}"
        self.found.append(error("bad-goal", f"{self.name}: {reason}", source_name=self.name))
        return None

    def _answer(self) -> Term | None:
        """The choice that ``data.json`` names: its text, or its numeric value."""
        letter, choices = self.data.get("answer"), self.data.get("choices")
        if not isinstance(letter, str) or letter not in ("A", "B", "C", "D") or not isinstance(choices, list):
            return None
        k = "ABCD".index(letter)
        text = choices[k] if k < len(choices) else None
        term = read_number(text) if isinstance(text, str) else None
        values = self.data.get("precise_value")
        if (
            term is None
            and isinstance(values, list)
            and k < len(values)
            and isinstance(values[k], int | float)
        ):
            read = parse_statement(f"{values[k]:.10f}")
            return None if isinstance(read, Diagnostic) else read
        return term

    def _meta(self, figure: Figure) -> tuple[tuple[str, str], ...]:
        spots = "; ".join(f"{name} {x:g} {y:g}" for name, (x, y) in figure.places.items())
        kept = [(f"unread form {k}", printable(text)) for k, text in enumerate(self.kept, start=1)]
        annotator = self.forms.get("annot_id")
        own = [("annotation", printable(annotator))] if isinstance(annotator, str) else []
        return (("source", f"Geometry3k-{self.title}"), *own, (COORDINATES, spots), *kept)


def _place(value: object) -> Place | None:
    """Coordinates, y upwards; None if there are none ([-1, -1] stands for a point that was not marked)."""
    if not isinstance(value, list) or len(value) != 2 or value == [-1, -1]:
        return None
    if not all(isinstance(v, int | float) and not isinstance(v, bool) and abs(v) < 1e9 for v in value):
        return None
    x, y = float(value[0]), 0.0 - float(value[1])  # pictures count downwards
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


def _meet(one: Sequence[Place], two: Sequence[Place]) -> Place | None:
    """Where two lines meet, unless they are nearly parallel."""
    (ax, ay), (bx, by) = one
    (cx, cy), (dx, dy) = two
    cross = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if abs(cross) < 0.05 * math.dist(*one) * math.dist(*two) or cross == 0.0:
        return None
    share = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / cross
    return ax + share * (bx - ax), ay + share * (by - ay)


def _spoken(forms: Sequence[Form], names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Segments that the forms speak of: lines, and the legs of angles."""
    for form in forms:
        ends = [names.get(arg.head, "") if arg.leaf else "" for arg in form.args]
        if form.head == "Line" and len(ends) == 2:
            yield ends[0], ends[1]
        elif form.head == "Angle" and len(ends) == 3:
            yield from ((ends[1], ends[0]), (ends[1], ends[2]))
        yield from _spoken(form.args, names)


__all__ = ["find", "read_file", "read_forms"]
