"""GeoGebra ``.ggb`` files: a figure with its points, lines and circles to a problem, and back.

A ``.ggb`` is a zip archive whose ``geogebra.xml`` lists a construction.  Coordinates say which points lie on
which lines and circles; commands (midpoint, perpendicular and parallel line, bisector, tangent, regular
polygon) become facts.  What GeoGebra has no word for stands in text elements in FGL: ``given ...``,
``find x``, ``answer 5``; a ``construct`` among them counts as long as it has the drawing's points.  Archives
are read with limits on what they unpack to; document types and entities are refused.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from fgps.data.formalgeo import Read
from fgps.data.forms import Form
from fgps.data.ggbxml import Bad, Element, parse_xml
from fgps.data.planar import Circle, Drawing, Place, figure_of
from fgps.data.scene import Scene, Unread
from fgps.data.speaker import Speaker
from fgps.data.verbatim import COORDINATES, printable
from fgps.lang.ast import Call, ProblemDeclaration
from fgps.lang.diagnostics import Diagnostic, Severity, error
from fgps.lang.parse import parse_file
from fgps.problem.construction import construct

MEMBER: Final = "geogebra.xml"
MAX_ARCHIVE: Final = 20_000_000
MAX_XML: Final = 4_000_000
MAX_OBJECTS: Final = 500
#: A point is on a line or circle if it is no farther from it than this share of the figure's size.
_ON: Final = 1e-6
_LABEL: Final = re.compile(r"([A-Z])_?\{?([0-9]*)\}?('*)")
_CLAUSE: Final = re.compile(r"\s*(construct|find|given|answer|text|meta)\b")
#: Commands that draw segments, and the objects that are whole lines (their pieces between points count).
_LINES: Final = ("Segment", "Line", "Ray", "Vector")
_CROSSWISE: Final = ("OrthogonalLine", "PerpendicularLine")


def read_ggb(path: Path) -> Read:
    """The problem of a GeoGebra file.  Never raises."""
    xml = _unpacked(path)
    if isinstance(xml, Diagnostic):
        return Read(None, diagnostics=(xml,))
    try:
        root = parse_xml(xml)
    except Bad as problem:
        return Read(None, diagnostics=(error("syntax", f"{path}: {problem}", source_name=str(path)),))
    construction = next((part for part in root.children if part.tag == "construction"), None)
    if construction is None:
        message = f"{path} holds no construction"
        return Read(None, diagnostics=(error("bad-declaration", message, source_name=str(path)),))
    return _Reader(construction, path.stem, str(path)).read()


def _unpacked(path: Path) -> bytes | Diagnostic:
    """The construction's XML; no more of the archive is unpacked than `MAX_XML`."""

    def bad(message: str, code: str = "io") -> Diagnostic:
        return error(code, f"{path}: {message}", source_name=str(path))

    try:
        if path.stat().st_size > MAX_ARCHIVE:
            return bad(f"larger than {MAX_ARCHIVE:,} bytes", "too-long")
        with zipfile.ZipFile(path) as archive, archive.open(MEMBER) as stream:
            data = stream.read(MAX_XML + 1)
    except KeyError:
        return bad(f"the archive has no {MEMBER}")
    except OSError as problem:
        return bad(problem.strerror or str(problem))
    except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError, EOFError) as problem:
        return bad(f"no GeoGebra file ({problem})")
    except Exception as problem:  # zlib.error and its like: whatever a damaged archive brings up
        return bad(f"the archive is damaged ({type(problem).__name__})")
    return (
        bad(f"{MEMBER} unpacks to more than {MAX_XML:,} bytes", "too-long") if len(data) > MAX_XML else data
    )


class _Reader:
    """Reads one construction: objects first, then facts, then the texts."""

    def __init__(self, construction: Element, title: str, name: str) -> None:
        self.construction = construction
        self.title = title
        self.name = name
        self.found: list[Diagnostic] = []
        self.names: dict[str, str] = {}  # label -> point
        self.places: dict[str, Place] = {}
        self.segments: list[tuple[str, str]] = []
        self.rows: dict[str, list[str]] = {}  # label of a line -> points on it
        self.circles: dict[str, Circle] = {}  # label -> circle
        self.centres: dict[str, str] = {}
        self.texts: list[str] = []

    def _warn(self, code: str, message: str) -> None:
        self.found.append(Diagnostic(code, Severity.WARNING, message, source_name=self.name))

    def read(self) -> Read:
        parts = self.construction.children
        if len(parts) > 20 * MAX_OBJECTS:
            message = f"{self.name} has too many objects"
            return Read(None, diagnostics=(error("too-long", message, source_name=self.name),))
        elements = [part for part in parts if part.tag == "element"]
        commands = [part for part in parts if part.tag == "command"]
        self._points(elements)
        self._lines(elements, commands)
        self._circles(elements)
        self.texts = [
            part.attributes["exp"].strip().strip('"').replace("\u201d", '"')
            for part in parts
            if part.tag == "expression" and "exp" in part.attributes
        ]
        drawing = Drawing(self.places, self.segments, list(self.rows.values()), list(self.circles.values()))
        names = {point: point for point in self.places}
        speaker = Speaker(Scene(figure_of(drawing), names, self.centres))
        facts = speaker.centres()
        for command in commands:
            for form in self._forms(command):
                try:
                    facts += speaker.facts(form)
                except Unread as problem:
                    self._warn("unknown-form", f"{form} was left out: {problem}")
        return self._problem(speaker.scene.figure.statements, facts)

    def _problem(self, drawn: tuple[Call, ...], facts: Sequence[Call]) -> Read:
        """The declaration: what the drawing shows, and the clauses that its texts hold."""
        clauses = [printable(text) for text in self.texts if _CLAUSE.match(text)]
        text = "problem p:\n" + "".join(f"    {clause}\n" for clause in clauses)
        text += "" if "    construct" in text else "    construct Shape(A)\n"
        parsed = parse_file(text, self.name)
        said = next(
            (d for d in (*parsed.declarations, *parsed.partial) if isinstance(d, ProblemDeclaration)), None
        )
        self.found += [d for d in parsed.diagnostics if d.severity is Severity.ERROR]
        if said is None or said.find is None:
            if not any(d.severity is Severity.ERROR for d in self.found):
                hint = "put a text like `find x` into the drawing"
                message = f"{self.name} asks for nothing"
                self.found.append(error("bad-goal", message, hint=hint, source_name=self.name))
            return Read(None, diagnostics=tuple(self.found))
        spots = "; ".join(f"{name} {x:.12g} {y:.12g}" for name, (x, y) in self.places.items())
        declaration = ProblemDeclaration(
            name=self.title,
            texts=said.texts,
            meta=(*said.meta, (COORDINATES, spots)),
            construct=said.construct if self._still_drawn(said.construct) else drawn,
            given=tuple(dict.fromkeys((*facts, *said.given))),
            image=(),
            find=said.find,
            answer=said.answer,
        )
        return Read(declaration, diagnostics=tuple(self.found), source_name=self.name, strict=False)

    def _still_drawn(self, statements: Sequence[Call]) -> bool:
        """Whether a text's construction is that of the drawing: same points, no further segment."""
        built = construct(statements)
        lines = {frozenset(line) for line in built.lines}
        return set(built.points) == set(self.places) and all(frozenset(s) in lines for s in self.segments)

    # Objects --------------------------------------------------------------------------------

    def _points(self, elements: Sequence[Element]) -> None:
        for element in elements:
            if element.attributes.get("type") != "point":
                continue
            label = element.attributes.get("label", "")
            match = _LABEL.fullmatch(label)
            x, y, z = element.numbers("coords", ("x", "y", "z"))
            place = (x / z, y / z) if z else (math.nan, math.nan)
            name = f"{match[1]}{match[2]}{match[3]}" if match else ""
            if not name or name in self.places or not all(map(math.isfinite, place)):
                self._warn("ignored", f"the point {label[:40]!r} has no name that FGL takes, or no place")
            elif len(self.places) < MAX_OBJECTS:
                self.names[label], self.places[name] = name, place
        xs = [abs(v) for place in self.places.values() for v in place]
        self.near = _ON * max(max(xs, default=1.0), 1e-9)

    def _lines(self, elements: Sequence[Element], commands: Sequence[Element]) -> None:
        for command in commands:
            points = [self.names[label] for label in command.inputs if label in self.names]
            if command.attributes.get("name") in _LINES and len(command.inputs) == 2:
                points += [self.names[label] for label in command.outputs if label in self.names]
                if len(points) == 2:
                    self._segment(command.outputs[0] if command.outputs else "", points[0], points[1])
            elif command.attributes.get("name") == "Polygon":
                corners = points + [self.names[label] for label in command.outputs if label in self.names]
                labels = [label for label in command.outputs[1:] if label not in self.names]
                for k, corner in enumerate(corners):
                    label = labels[k] if k < len(labels) else ""
                    self._segment(label, corner, corners[(k + 1) % len(corners)])
        for element in elements[: 10 * MAX_OBJECTS]:
            label = element.attributes.get("label", "")
            if element.attributes.get("type") in ("line", "ray") and label:
                a, b, c = element.numbers("coords", ("x", "y", "z"))
                length = math.hypot(a, b)
                if length > 0.0 and math.isfinite(length + c):
                    on = [
                        n for n, (x, y) in self.places.items() if abs(a * x + b * y + c) <= self.near * length
                    ]
                    self.rows[label] = sorted(on, key=lambda n: self._along(n, a, b))
                    self.segments += [(on[0], on[-1])] if len(on := self.rows[label]) > 1 else []

    def _along(self, name: str, a: float, b: float) -> tuple[float, str]:
        x, y = self.places[name]
        return (b * x - a * y, name)

    def _segment(self, label: str, one: str, two: str) -> None:
        """A drawn segment with the points between its ends."""
        (ax, ay), (bx, by) = self.places[one], self.places[two]
        length = math.hypot(bx - ax, by - ay)
        if one == two or length <= self.near or len(self.segments) >= 4 * MAX_OBJECTS:
            return
        on = []
        for name, (x, y) in self.places.items():
            along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length
            off = abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / length
            if off <= self.near and -self.near <= along <= length + self.near:
                on.append((along, name))
        self.segments.append((one, two))
        self.rows[label or f"{one}{two}"] = [name for _, name in sorted(on)]

    def _circles(self, elements: Sequence[Element]) -> None:
        free = [letter for letter in "OPQRSTUVWXYZABCDEFGHIJKLMN" if letter not in self.places]
        for element in elements:
            label = element.attributes.get("label", "")
            if (
                element.attributes.get("type") not in ("conic", "conicpart")
                or len(self.circles) >= MAX_OBJECTS
            ):
                continue
            a0, a1, a2, a3, a4, a5 = element.numbers("matrix", ("A0", "A1", "A2", "A3", "A4", "A5"))
            if not a0 or abs(a0 - a1) > 1e-9 * abs(a0) or abs(a3) > 1e-9 * abs(a0):
                self._warn("ignored", f"{label[:40]!r} is no circle")
                continue
            x, y = -a4 / a0, -a5 / a0
            square = x * x + y * y - a2 / a0
            if not math.isfinite(square) or square <= 0.0:
                continue
            radius = math.sqrt(square)
            on = [n for n, at in self.places.items() if abs(math.dist(at, (x, y)) - radius) <= self.near]
            centre = next((n for n, at in self.places.items() if math.dist(at, (x, y)) <= self.near), "")
            name = centre if centre and centre not in self.centres else (free.pop(0) if free else "")
            if name:
                self.circles[label] = Circle(name, (x, y), tuple(on))
                if centre:
                    self.centres[name] = centre

    # Facts ----------------------------------------------------------------------------------

    def _forms(self, command: Element) -> list[Form]:
        """What a command says, as logic forms."""
        name, inputs, outputs = command.attributes.get("name", ""), command.inputs, command.outputs
        points = [self.names[label] for label in inputs if label in self.names]
        other = next((self.rows[label] for label in inputs if label in self.rows), [])
        made = [self.rows[label] for label in outputs if label in self.rows]
        if name in ("Midpoint", "Center") and outputs and outputs[0] in self.names:
            ends = points if len(points) == 2 else [other[0], other[-1]] if len(other) > 1 else []
            return (
                [_form("IsMidpointOf", ("Point", [self.names[outputs[0]]]), ("Line", ends))] if ends else []
            )
        if name in (*_CROSSWISE, "Line") and len(points) == 1 and len(other) > 1:
            head = "Parallel" if name == "Line" else "Perpendicular"
            return [_form(head, ("Line", _ends(row)), ("Line", _ends(other))) for row in made if len(row) > 1]
        if name in ("AngularBisector", "AngleBisector") and len(points) == 3:
            inner = [(row, p) for row in made for p in row if p != points[1] and points[1] in row]
            return [_form("BisectsAngle", ("Line", [points[1], p]), ("Angle", points)) for _, p in inner[:1]]
        if name == "Tangent":
            circle = next((self.circles[label] for label in inputs if label in self.circles), None)
            rows = [row for row in made if len(row) > 1 and circle is not None]
            centre = self.centres.get(circle.name, "") if circle is not None else ""
            return [_form("Tangent", ("Line", _ends(row)), ("Circle", [centre])) for row in rows if centre]
        if name == "Polygon" and len(points) == 2 and len(inputs) == 3:
            corners = points + [self.names[label] for label in outputs if label in self.names]
            kind = {3: "Triangle", 4: "Quadrilateral"}.get(len(corners))
            return [_form("Regular", (kind, corners))] if kind else []
        return []


def _ends(row: Sequence[str]) -> list[str]:
    return [row[0], row[-1]]


def _leaves(points: Sequence[str]) -> tuple[Form, ...]:
    return tuple(Form(point, (), True) for point in points)


def _form(head: str, *things: tuple[str, Sequence[str]]) -> Form:
    return Form(head, tuple(Form(kind, _leaves(points)) for kind, points in things))


def pack(xml: str) -> bytes:
    """A ``.ggb`` archive of a construction; the same bytes for the same text."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        entry = zipfile.ZipInfo(MEMBER, (1980, 1, 1, 0, 0, 0))
        archive.writestr(entry, xml.encode("utf-8"), zipfile.ZIP_DEFLATED)
    return stream.getvalue()
