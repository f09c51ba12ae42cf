"""What logic forms say, in FGL: the table of ``geometry3k.toml`` applied to a scene."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

from fgps.data.forms import Form, read_number
from fgps.data.scene import FRAMES, Scene, Thing, Unread
from fgps.lang.ast import Call, Term
from fgps.lang.parse import parse_statement


@lru_cache(maxsize=1)
def meanings() -> Mapping[str, Any]:
    """What the forms mean in FGL."""
    return tomllib.loads(resources.files("fgps.data").joinpath("geometry3k.toml").read_text("utf-8"))


class Speaker:
    """Says in FGL what forms say about a scene.  Its methods raise `Unread`."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.table = meanings()

    def centres(self) -> list[Call]:
        """That the circles have their centres."""
        template = self.table["circle"]["centre"]
        return [_filled(template, [(point,), (name,)]) for name, point in self.scene.centres.items()]

    def learn(self, forms: Sequence[Form]) -> None:
        """Names that forms give: angles by number, polygons whose corners are then called by one letter."""
        for form in forms:
            number = _numbered(form.args[1]) if form.head == "Equals" and len(form.args) == 2 else ""
            try:
                if number and _is_lettered(form.args[0]):
                    thing = self.scene.thing(form.args[0].args[0], ())
                    self.scene.numbered.setdefault(number, thing.word)
                elif form.head in (*self._polygons(), "Similar", "Congruent", "Find"):
                    self._rings(form)
            except Unread:
                continue  # said where the form itself is read

    def _rings(self, form: Form) -> None:
        if form.head in self._polygons():
            self.scene.rings.append(self.scene.thing(form, self._polygons()).word)
        for arg in form.args:
            self._rings(arg)

    def facts(self, form: Form) -> list[Call]:
        """The facts of a form; none if it only draws or names something."""
        if form.head in ("PointLiesOnLine", "PointLiesOnCircle", "Find", "UseTheorem"):
            return []
        if form.head in ("Circle", "Triangle", "Quadrilateral", "Line", "Point", "Angle", "Arc"):
            self.scene.thing(form, self._polygons())
            return []
        if form.head in ("Equals", "Equal") and len(form.args) == 2:
            return self._equation(form)
        if form.head in self.table["polygons"] and form.args and form.args[0].leaf:
            thing = self.scene.thing(form, self._polygons())
            return [self._fact(self.table["polygons"][form.head], [thing])]
        inner = [fact for arg in form.args if arg.head in self.table["polygons"] for fact in self.facts(arg)]
        things = [self.scene.thing(arg, self._polygons()) for arg in form.args]
        key = f"{form.head}({','.join(thing.kind for thing in things)})"
        entry = self.table["facts"].get(key)
        if entry is None:
            raise Unread(f"the form {key} is not known")
        return [*inner, self._fact(entry, things)]

    def _polygons(self) -> tuple[str, ...]:
        return ("Triangle", "Quadrilateral", *self.table["polygons"])

    def _fact(self, entry: Mapping[str, str], things: Sequence[Thing]) -> Call:
        words = FRAMES[entry.get("frame", "")](self.scene, things)
        mirrored = len(words) > len(things)
        return _filled(entry["mirrored" if mirrored else "fact"], words[: len(things)])

    def _equation(self, form: Form) -> list[Call]:
        if _numbered(form.args[1]) and _is_lettered(form.args[0]):
            one, two = (self.scene.thing(arg.args[0], ()).word for arg in form.args)
            if one == two:  # the form only gives the angle its number
                return []
        return [Call("Equal", (self.term(form.args[0]), self.term(form.args[1])))]

    def term(self, form: Form) -> Term:
        """A quantity or a number."""
        if form.leaf:
            read = read_number(form.head)
            if read is None:
                raise Unread(f"{form} is no number")
            return read
        if form.head in ("Line", "Angle", "Arc"):  # the thing stands for its measure
            form = Form("LengthOf" if form.head == "Line" else "MeasureOf", (form,))
        if form.head in ("LengthOf", "MeasureOf") and len(form.args) == 1 and form.args[0].leaf:
            if not _numbered(form):
                return self.term(form.args[0])  # the letter written at a side
        if form.head == "LengthOf" and len(form.args) == 2:
            form = Form("LengthOf", (Form("Line", form.args),))
        found = self.table["terms"].get(f"{form.head}(Number,...)")
        if found is not None:
            return Call(found, tuple(self.term(arg) for arg in form.args))
        template = self.table["terms"].get(f"{form.head}({','.join(['Number'] * len(form.args))})")
        if template is not None and not self._is_thing(form):
            return _with_terms(template, [self.term(arg) for arg in form.args])
        things = [self.scene.thing(arg, self._polygons()) for arg in form.args]
        key = f"{form.head}({','.join(thing.kind for thing in things)})"
        template = self.table["terms"].get(key)
        if template is None:
            raise Unread(f"the form {key} is not known")
        return _filled(template, [thing.word for thing in things])

    def _is_thing(self, form: Form) -> bool:
        return form.head in ("SinOf", "CosOf", "TanOf") and form.args[0].head == "Angle"


def _numbered(form: Form) -> str:
    """The number of an angle that a form names by number, as in ``MeasureOf(angle 4)``."""
    text = str(form)
    match = re.fullmatch(r"MeasureOf\((?:angle\s*|Angle\()([0-9]+)\)?\)", text)
    return match[1] if match else ""


def _is_lettered(form: Form) -> bool:
    """Whether a form is the measure of an angle named by its points."""
    return form.head == "MeasureOf" and len(form.args) == 1 and not _numbered(form) and not form.args[0].leaf


def _filled(template: str, words: Sequence[Sequence[str]]) -> Call:
    for k, word in enumerate(words, start=1):
        template = template.replace(f"{{{k}}}", "".join(word))
    term = parse_statement(template)
    if not isinstance(term, Call):
        raise Unread(f"{template} is no statement")
    return term


def _with_terms(template: str, terms: Sequence[Term]) -> Term:
    """A template with terms in its places (numbers ``{1}`` stand for the first)."""
    marked = parse_statement(template.replace("{1}", "_1").replace("{2}", "_2"))
    if not isinstance(marked, Call):
        raise Unread(f"{template} is no term")
    marks = {f"_{k}": term for k, term in enumerate(terms, start=1)}
    return Call(marked.head, tuple(marks.get(getattr(arg, "name", ""), arg) for arg in marked.args))
