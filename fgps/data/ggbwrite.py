"""A problem's figure as a GeoGebra construction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import quoteattr

from fgps.data.geogebra import pack
from fgps.diagram.synthesize import synthesize
from fgps.lang.ast import ProblemDeclaration, calls, letters
from fgps.lang.diagnostics import Diagnostic, Severity
from fgps.lang.printer import print_term, quote
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.theory.model import Theory

#: Seconds for finding the figure.
BUDGET: Final = 5.0
#: How wide the drawing is on GeoGebra's plane.
_WIDTH: Final = 10.0


def to_ggb(declaration: ProblemDeclaration, theory: Theory) -> bytes | Diagnostic:
    """The ``.ggb`` file of a problem's figure, with givens, goal and answer as texts; or why there is none.

    One figure that fits the data (the nearest, where none does exactly) becomes free points.
    """
    problem = build_problem(declaration, theory, strict=False)
    if not problem.valid:
        return next(found for found in problem.diagnostics if found.severity is Severity.ERROR)
    diagram = synthesize(problem, budget=BUDGET)
    if diagram.outcome == "none" or not diagram.count:
        return Diagnostic("no-figure", Severity.ERROR, f"no figure was found for {declaration.name}")
    spots = [(float(x), float(y)) for x, y in diagram.coordinates[0]]
    centres = [(float(x), float(y)) for x, y in diagram.centres[0]]
    low = [min(spot[k] for spot in (*spots, *centres)) for k in (0, 1)]
    high = [max(spot[k] for spot in (*spots, *centres)) for k in (0, 1)]
    scale = _WIDTH / (max(high[0] - low[0], high[1] - low[1]) or 1.0)
    writer = _Writer(problem)
    for name, (x, y) in zip(diagram.points, spots, strict=True):
        writer.point(name, ((x - low[0]) * scale, (y - low[1]) * scale))
    writer.lines()
    for k, circle in enumerate(diagram.circles):
        x, y = centres[k]
        place = ((x - low[0]) * scale, (y - low[1]) * scale)
        writer.circle(circle, place, float(diagram.radii[0][k]) * scale)
    writer.angles()
    writer.notes(declaration)
    return pack(writer.document(declaration.name))


class _Writer:
    """Collects the parts of a construction."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.parts: list[str] = []
        self.labels = 0

    def point(self, name: str, place: tuple[float, float]) -> None:
        self.parts.append(
            f'<element type="point" label={quoteattr(_label(name))}><show object="true" label="true"/>'
            f'<coords x="{place[0]!r}" y="{place[1]!r}" z="1.0"/><pointSize val="4"/></element>'
        )

    def lines(self) -> None:
        """A segment for each whole line, and for each line that is part of none."""
        construction = self.problem.construction
        rows = [row for row in construction.collinear if len(row) > 1]
        drawn = [(row[0], row[-1]) for row in rows]
        drawn += [pair for pair in construction.lines if not any(set(pair) <= set(row) for row in rows)]
        for a, b in dict.fromkeys(drawn):
            self._command("Segment", [_label(a), _label(b)])

    def circle(self, name: str, place: tuple[float, float], radius: float) -> None:
        """Round its centre if that is a point, else an equation."""
        construction = self.problem.construction
        on = next((row for circle, row in construction.cocircular if circle == name and row), ())
        if name in construction.points and on and name not in on:
            label = self._command("Circle", [_label(name), _label(on[0])])
        else:
            label = self._next("c")
            x, y = place
            text = f"(x - {x!r})^2 + (y - {y!r})^2 = {radius * radius!r}"
            self.parts.append(f'<expression label={quoteattr(label)} exp={quoteattr(text)} type="conic"/>')
        x, y = place
        matrix = (
            f'A0="1.0" A1="1.0" A2="{x * x + y * y - radius * radius!r}" A3="0.0" A4="{-x!r}" A5="{-y!r}"'
        )
        self.parts.append(
            f'<element type="conic" label={quoteattr(label)}><show object="true" label="false"/>'
            f"<matrix {matrix}/></element>"
        )

    def angles(self) -> None:
        """A mark for each angle whose measure is given (GeoGebra turns the other way round)."""
        theory, seen = self.problem.theory, set()
        for given in self.problem.givens:
            for call in calls(given.term):
                attribute = theory.attributes.get(call.head)
                needs_angle = attribute is not None and any(
                    need.head == "Angle" for need in attribute.declaration.needs
                )
                if needs_angle and len(letters(call)) == 3 and letters(call) not in seen:
                    seen.add(letters(call))
                    self._command("Angle", [_label(name) for name in reversed(letters(call))])

    def notes(self, declaration: ProblemDeclaration) -> None:
        """What GeoGebra has no word for, as texts in FGL beside the figure."""
        rows = [
            f"text {language} {quote(text)}" for language, text in declaration.texts if language.isalpha()
        ]
        rows += [f"construct {', '.join(print_term(statement) for statement in declaration.construct)}"]
        rows += [f"given {print_term(fact)}" for fact in declaration.given]
        rows += [] if declaration.find is None else [f"find {print_term(declaration.find)}"]
        rows += [] if declaration.answer is None else [f"answer {print_term(declaration.answer)}"]
        for k, row in enumerate(rows):
            label = self._next("text")
            self.parts.append(f"<expression label={quoteattr(label)} exp={quoteattr(_text(row))}/>")
            self.parts.append(
                f'<element type="text" label={quoteattr(label)}><show object="true" label="false"/>'
                f'<startPoint x="{_WIDTH + 1.0}" y="{_WIDTH - 0.6 * k}" z="1.0"/></element>'
            )

    def _next(self, stem: str) -> str:
        self.labels += 1
        return f"{stem}{self.labels}"

    def _command(self, name: str, inputs: Sequence[str]) -> str:
        label = self._next({"Segment": "s", "Circle": "c"}.get(name, "w"))
        row = " ".join(f"a{k}={quoteattr(item)}" for k, item in enumerate(inputs))
        self.parts.append(
            f"<command name={quoteattr(name)}><input {row}/><output a0={quoteattr(label)}/></command>"
        )
        if name != "Circle":
            kind = "segment" if name == "Segment" else "angle"
            show = '<show object="true" label="false"/>'
            self.parts.append(f'<element type="{kind}" label={quoteattr(label)}>{show}</element>')
        return label

    def document(self, title: str) -> str:
        inner = "\n".join(self.parts)
        return (
            '<?xml version="1.0" encoding="utf-8"?>\n<geogebra format="5.0">\n'
            f'<construction title={quoteattr(title)} author="" date="">\n'
            f"{inner}\n</construction>\n</geogebra>\n"
        )


def _text(row: str) -> str:
    """A text as GeoGebra's expressions quote it: it has no sign for a quotation mark inside one."""
    return '"' + row.replace('"', "\u201d").replace("\n", " ") + '"'


def _label(name: str) -> str:
    """A point's name as GeoGebra writes it: an index after an underscore."""
    digits = name[1:].rstrip("'")
    primes = name[len(name.rstrip("'")) :]
    return f"{name[0]}_{{{digits}}}{primes}" if digits else name
