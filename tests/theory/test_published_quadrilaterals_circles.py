"""Quadrilaterals, arcs, circles and the imo pack: our statements against the published ones.

As in `test_published_statements`: names, parameters, branch numbers, facts, and equations by their
values at random numbers for the quantities.  ``CORRECTED`` lists every branch that differs on purpose.
"""

from __future__ import annotations

import json
import math
import random
import re
from pathlib import Path

import pytest

from fgps.lang.ast import Call, Number, Symbol, Term, TheoremDeclaration, letters
from fgps.lang.parse import parse_file, parse_statement

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
BASIC = SHARED / "formalgeo7k" / "gdl" / "theorem_GDL.json"
IMO = SHARED / "formalgeo-imo" / "gdl" / "theorem_GDL.json"
FIRST = "quadrilateral_property_angle_sum"
TOPICS = (
    "quadrilaterals",
    "quadrilateral_lines",
    "congruent_quadrilaterals",
    "similar_quadrilaterals",
    "parallelograms",
    "trapezoids",
    "arcs",
    "circles",
    "tangents",
    "bisectors",
)
FILES = tuple(f"basic/{name}" for name in TOPICS) + ("imo/circles", "imo/quadrilaterals", "imo/triangles")

#: Branches whose statement (not only its guards) differs; see theorems/CORRECTIONS.md.
CORRECTED = {
    ("midsegment_of_quadrilateral_judgment_midpoint", 1),
    ("midsegment_of_quadrilateral_judgment_parallel", 6),
    ("midsegment_of_quadrilateral_property_length", 1),
    ("circumcenter_of_quadrilateral_property_intersection", 1),
    ("circumcenter_of_quadrilateral_property_intersection", 2),
    ("congruent_quadrilateral_property_perimeter_equal", 1),
    ("congruent_quadrilateral_property_area_equal", 1),
    ("congruent_arc_judgment_length_equal", 1),
    ("congruent_arc_judgment_measure_equal", 1),
    ("congruent_arc_judgment_chord_equal", 1),
    ("similar_arc_judgment_cocircular", 1),
    ("similar_arc_property_chord_ratio", 1),
    ("circle_property_circular_power_tangent_and_segment_angle", 1),
    ("circle_property_circular_power_tangent_and_segment_angle", 2),
    ("circle_property_chord_perpendicular_bisect_arc", 1),
}
#: Branches that were not published.
ADDED = {("midsegment_of_quadrilateral_judgment_midpoint", 2)}
#: Parameters with a slip: (published, ours).
RENAMED = {"mirror_congruent_quadrilateral_property_exchange": ("ABCD,EFGHF", "ABCD,EFGH")}

needs_data = pytest.mark.skipif(
    not (BASIC.exists() and IMO.exists()), reason=f"the public theorem bases are not under {SHARED}"
)

Statements = list[str]


def ours() -> dict[str, TheoremDeclaration]:
    """The theorems of the files above."""
    found = {}
    for name in FILES:
        path = ROOT / "theorems" / f"{name}.fgl"
        parsed = parse_file(path.read_text(encoding="utf-8"), path.name)
        assert not parsed.diagnostics
        for declaration in parsed.declarations:
            assert isinstance(declaration, TheoremDeclaration)
            assert declaration.name not in found
            found[declaration.name] = declaration
    return found


def published() -> dict[str, tuple[str, list[tuple[Statements, Statements]]]]:
    """name -> (parameters, branches after splitting disjunctions: premises, conclusions)."""
    basic = json.loads(BASIC.read_text(encoding="utf-8"))
    imo = json.loads(IMO.read_text(encoding="utf-8"))
    names = [signature.split("(")[0] for signature in basic]
    later = set(names[names.index(FIRST) :])
    chosen = {key: value for key, value in basic.items() if key.split("(")[0] in later}
    chosen |= {key: value for key, value in imo.items() if key not in basic}
    found = {}
    for signature, branches in chosen.items():
        name, parameters = signature.rstrip(")").split("(")
        split = []
        for branch in branches.values():
            premise = re.sub(r"&~\w+\([\w,]*\)", "", branch["premise"])
            choice = re.search(r"\((\w+\(\w+\))\|(\w+\(\w+\))\)", premise)
            for pick in choice.groups() if choice else ("",):
                text = premise.replace(choice.group(), pick) if choice else premise
                split.append((text.split("&"), branch["conclusion"]))
        found[name] = (parameters, split)
    return found


def quantity(call: Call, seed: int) -> float:
    """A number for an attribute, the same for segments read backwards."""
    names = letters(call)
    key = sorted(names) if call.head == "LengthOfLine" else [*names]
    return random.Random(f"{seed}{call.head}{key}").uniform(1, 2)


def number(term: Term, seed: int) -> float:
    """The value of an expression at random quantities."""
    if isinstance(term, Number):
        return float(term.value)
    if isinstance(term, Symbol):
        return {"pi": math.pi}[term.name]
    assert isinstance(term, Call), term
    values = {
        "Add": lambda v: sum(v),
        "Sub": lambda v: v[0] - v[1],
        "Mul": lambda v: math.prod(v),
        "Div": lambda v: v[0] / v[1],
        "Sin": lambda v: math.sin(v[0]),
    }
    if term.head in values:
        return float(values[term.head]([number(argument, seed) for argument in term.args]))
    return quantity(term, seed)


def meaning(fact: Term) -> tuple[object, ...]:
    """What a fact says, comparable: equations by their residue at three random points, up to sign."""
    assert isinstance(fact, Call)
    if fact.head == "Equal":
        residues = [number(fact.args[0], seed) - number(fact.args[1], seed) for seed in range(3)]
        scale = residues[0] or 1.0  # an equation may be multiplied by a number
        return ("Equal", *(round(residue / scale, 9) for residue in residues))
    return (fact.head, "".join(letters(fact)))


def parsed(texts: Statements) -> set[tuple[object, ...]]:
    """The meanings of statements of the published base."""
    found = set()
    for text in texts:
        term = parse_statement(text)
        assert isinstance(term, Call), (text, term)
        found.add(meaning(term))
    return found


def test_same_theorems() -> None:
    assert len(ours()) == 101 + 7


@needs_data
def test_same_names() -> None:
    assert set(ours()) == set(published())


@needs_data
@pytest.mark.parametrize("name", sorted(published()) if BASIC.exists() and IMO.exists() else [])
def test_same_statement(name: str) -> None:
    theorem = ours()[name]
    parameters, branches = published()[name]
    shown = ",".join("".join(word.names) for word in theorem.parameters.words)
    assert (parameters, shown) == RENAMED.get(name, (parameters, parameters))
    numbers = [branch.number for branch in theorem.branches if (name, branch.number) not in ADDED]
    assert numbers == list(range(1, len(branches) + 1))
    for branch, (premises, conclusions) in zip(theorem.branches, branches, strict=False):
        same = {meaning(fact) for fact in branch.given} == parsed(premises) and {
            meaning(fact) for fact in branch.then
        } == parsed(conclusions)
        assert same != ((name, branch.number) in CORRECTED), branch.number


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sentences_name_only_points_of_the_theorem(language: str) -> None:
    for theorem in ours().values():
        sentence = dict(theorem.sentences)[language]
        words = re.findall(r"\{(\w+)\}", sentence)
        assert words and set("".join(words)) <= set(theorem.parameters.letters), theorem.name
