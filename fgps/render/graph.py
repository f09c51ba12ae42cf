"""The proof as a graph: DOT text, and SVG where Graphviz is installed.

Two views: the *proof graph* has a node for each step and an edge from each premise to the step that uses
it; the *hypertree* has a node for each statement, and a small box for each application of a theorem joins
the statements that go in with those that come out.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from fgps.lang.ast import Call
from fgps.render.reading import Reading, Step
from fgps.render.wording import Wording
from fgps.resources import data_folder

VIEWS: Final = ("proof", "hypertree")
THEMES: Final = ("light", "dark", "print")
#: Seconds that Graphviz may take.
_SECONDS: Final = 30.0
_LINE: Final = 34

HOW_TO_GET_DOT: Final = (
    "the program `dot` of Graphviz is needed for this: apt install graphviz (Debian, Ubuntu), "
    "brew install graphviz (macOS), or https://graphviz.org/download; the DOT text works without it"
)


class GraphvizMissing(Exception):
    """`dot` is not installed, or did not finish; the text says what to do."""


@lru_cache(maxsize=8)
def load_theme(name: str) -> Mapping[str, Any]:
    """Attributes of graph, nodes and edges (one of `THEMES`; ValueError otherwise)."""
    if name not in THEMES:
        raise ValueError(f"there is no theme {name} of graphs")
    path = data_folder("viz") / "proof" / f"graph-{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def to_dot(reading: Reading, view: str = "proof", language: str = "en", theme: str = "light") -> str:
    """The graph as DOT text.  Nodes have the id ``node-5`` and link to ``#step-5``."""
    if view not in VIEWS:
        raise ValueError(f"there is no view {view} of a proof")
    style = load_theme(theme)
    wording = Wording(reading.problem.theory, language)
    lines = [f"digraph {_quote(reading.problem.name)} {{"]
    lines += [f"  {part} [{_attributes(style[part])}];" for part in ("graph", "node", "edge")]
    lines += _proof(reading, wording, style) if view == "proof" else _hypertree(reading, wording, style)
    return "\n".join([*lines, "}"]) + "\n"


def to_svg(reading: Reading, view: str = "proof", language: str = "en", theme: str = "light") -> str:
    """The graph as SVG, drawn by Graphviz; `GraphvizMissing` where there is none."""
    return draw_dot(to_dot(reading, view, language, theme))


def draw_dot(dot: str) -> str:
    """DOT text to SVG (without XML declaration and document type)."""
    program = shutil.which("dot")
    if program is None:
        raise GraphvizMissing(HOW_TO_GET_DOT)
    try:
        done = subprocess.run(
            [program, "-Tsvg"], input=dot, capture_output=True, text=True, encoding="utf-8", timeout=_SECONDS
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise GraphvizMissing(f"`dot` did not finish: {problem}") from problem
    if done.returncode != 0 or "<svg" not in done.stdout:
        raise GraphvizMissing(f"`dot` failed: {done.stderr.strip()[:300]}")
    return done.stdout[done.stdout.index("<svg") :]


# The proof graph -----------------------------------------------------------------------------


def _proof(reading: Reading, wording: Wording, style: Mapping[str, Any]) -> Iterable[str]:
    last = reading.steps[-1].number if reading.steps else 0
    # A long row of facts of the figure is one node; it goes by the number of its first step.
    shown = {step.number: run[0].number for run in reading.runs for step in run}
    for run in reading.runs:
        first = run[0].number
        label = wording.say("page", "facts", str(first), str(run[-1].number))
        node = _step_node(first, "\n".join(_broken(label)), "facts", style, label)
        yield f"  {node}"
    for step in reading.steps:
        if step.number in shown:
            continue
        said = [wording.statement(statement, step.value) for statement in step.statements]
        label = "\n".join([f"({step.number})", *(line for text in said for line in _broken(text))])
        kind = "goal" if step.number == last else step.kind
        yield f"  {_step_node(step.number, label, kind, style, _tooltip(step, wording))}"
    for step in reading.steps:
        for number in dict.fromkeys(shown.get(number, number) for number in step.references):
            yield f'  n{number} -> n{step.number} [id="edge-{number}-{step.number}"];'


def _step_node(number: int, label: str, kind: str, style: Mapping[str, Any], tooltip: str) -> str:
    attributes = {
        "label": label,
        "id": f"node-{number}",
        "class": kind,
        "href": f"#step-{number}",
        "tooltip": tooltip,
        **(style[kind] if kind != "facts" else {**style["given"], "style": "filled,dashed"}),
    }
    return f"n{number} [{_attributes(attributes)}];"


def _tooltip(step: Step, wording: Wording) -> str:
    if step.application is not None:
        return wording.theorem(step.application).text
    return wording.heading({"given": "given", "algebra": "algebra"}.get(step.kind, "proof"))


# The hypertree -------------------------------------------------------------------------------


def _hypertree(reading: Reading, wording: Wording, style: Mapping[str, Any]) -> Iterable[str]:
    places: dict[tuple[int, Call], str] = {}
    for step in reading.steps:
        kind = "goal" if step is reading.steps[-1] else step.kind
        for statement in (*step.statements, *step.meanings):
            node = f"s{len(places)}"
            places[step.number, statement] = node
            attributes = {
                "label": "\n".join(_broken(wording.statement(statement, step.value))),
                "class": kind,
                "href": f"#step-{step.number}",
                **style[kind],
            }
            yield f"  {node} [{_attributes(attributes)}];"
    for step in reading.steps:
        if step.kind == "given" and not step.meanings:
            continue
        name = step.application.theorem if step.application is not None else wording.heading("algebra")
        first = step.statements if step.kind != "given" else ()
        if first:
            label = {"label": "\n".join(_broken(name.replace("_", " ")))}
            attributes = {**label, "class": "rule", "href": f"#step-{step.number}", **style["rule"]}
            yield f"  r{step.number} [{_attributes(attributes)}];"
            for premise in step.premises:
                source = places.get((premise.number, premise.statement))
                if source is not None:
                    yield f"  {source} -> r{step.number};"
        for statement in first:
            yield f"  r{step.number} -> {places[step.number, statement]};"
        for statement in step.meanings:
            origin = places[step.number, step.statements[0]]
            yield f"  {origin} -> {places[step.number, statement]} [style=dashed];"


# Text ----------------------------------------------------------------------------------------


def _broken(text: str) -> list[str]:
    """A label in short lines."""
    lines: list[str] = [""]
    for word in re.split(r"(?<=[ ，、])", text):
        if lines[-1] and len(lines[-1]) + len(word.rstrip()) > _LINE:
            lines.append("")
        lines[-1] += word
    return [line.rstrip() for line in lines]


def _attributes(attributes: Mapping[str, Any]) -> str:
    return ", ".join(f"{key}={_quote(str(value))}" for key, value in attributes.items())


def _quote(text: str) -> str:
    """A DOT string: quotes and backslashes escaped, line breaks as ``\\n``, nothing else special."""
    cleaned = "".join(character for character in text if character == "\n" or character.isprintable())
    return '"' + cleaned.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
