"""Lines and triangles: our statements say what the published theorem base says, but for known corrections.

Compared are the names, the parameters, the branch numbers (a published disjunction gives consecutive
branches), the facts, and the equations by their numbers at random values of the quantities.
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
PUBLISHED = ROOT.parent / "shared" / "formalgeo7k" / "gdl" / "theorem_GDL.json"
FIRST, LAST = "line_addition", "equilateral_triangle_property_angle"
FILES = (
    "lines",
    "angles",
    "triangles",
    "triangle_lines",
    "triangle_centres",
    "congruent_triangles",
    "similar_triangles",
    "special_triangles",
)
#: Branches whose statement (not only its guards) differs; see theorems/CORRECTIONS.md.
CORRECTED = {("mirror_similar_triangle_judgment_hl", 1)}

needs_data = pytest.mark.skipif(not PUBLISHED.exists(), reason=f"the public data is not at {PUBLISHED}")


def ours() -> dict[str, TheoremDeclaration]:
    """The theorems of our files on lines and triangles."""
    found = {}
    for name in FILES:
        path = ROOT / "theorems" / "basic" / f"{name}.fgl"
        parsed = parse_file(path.read_text(encoding="utf-8"), path.name)
        assert not parsed.diagnostics
        for declaration in parsed.declarations:
            assert isinstance(declaration, TheoremDeclaration)
            assert declaration.name not in found
            found[declaration.name] = declaration
    return found


def published() -> dict[str, tuple[str, list[tuple[list[str], list[str]]]]]:
    """name -> (parameters, branches after splitting disjunctions: premises, conclusions)."""
    found = {}
    for signature, branches in json.loads(PUBLISHED.read_text(encoding="utf-8")).items():
        name, parameters = signature.rstrip(")").split("(")
        split = []
        for branch in branches.values():
            head, _, choice = branch["premise"].partition("&(")
            for last in re.split(r"(?<=\)\))\|", choice.removesuffix(")")) if choice else [""]:
                premises = head.split("&")
                if last:
                    premises.append(last)
                split.append((premises, branch["conclusion"]))
        found[name] = (parameters, split)
    names = list(found)
    return {name: found[name] for name in names[names.index(FIRST) : names.index(LAST) + 1]}


def quantity(call: Call, seed: int) -> float:
    """A number for an attribute, the same for segments read backwards and rotated triangles."""
    names = letters(call)
    if call.head == "LengthOfLine":
        key = sorted(names)
    elif call.head in ("PerimeterOfTriangle", "AreaOfTriangle"):
        key = min([*names[i:], *names[:i]] for i in range(3))
    else:
        key = [*names]
    return random.Random(f"{seed}{call.head}{key}").uniform(1, 2)


def number(term: Term, seed: int) -> float:
    """The value of an expression at random quantities."""
    if isinstance(term, Number):
        return float(term.value)
    assert isinstance(term, Call) and not isinstance(term, Symbol), term
    values = {
        "Add": lambda v: sum(v),
        "Sub": lambda v: v[0] - v[1],
        "Mul": lambda v: math.prod(v),
        "Div": lambda v: v[0] / v[1],
        "Pow": lambda v: v[0] ** v[1],
        "Sin": lambda v: math.sin(v[0]),
        "Cos": lambda v: math.cos(v[0]),
    }
    if term.head in values:
        return float(values[term.head]([number(argument, seed) for argument in term.args]))
    return quantity(term, seed)


def meaning(fact: Term) -> tuple[object, ...]:
    """What a fact says, comparable: equations by their residue at three random points, up to sign."""
    assert isinstance(fact, Call)
    if fact.head == "Equal":
        residues = [number(fact.args[0], seed) - number(fact.args[1], seed) for seed in range(3)]
        sign = -1 if residues[0] < 0 else 1
        return ("Equal", *(round(sign * residue, 9) for residue in residues))
    return (fact.head, "".join(letters(fact)))


def parsed(texts: list[str]) -> set[tuple[object, ...]]:
    """The meanings of statements of the published base."""
    found = set()
    for text in texts:
        term = parse_statement(text)
        assert isinstance(term, Call), (text, term)
        found.add(meaning(term))
    return found


@needs_data
def test_same_theorems() -> None:
    assert set(ours()) == set(published())
    assert len(ours()) == 95


@needs_data
@pytest.mark.parametrize("name", sorted(published()) if PUBLISHED.exists() else [])
def test_same_statement(name: str) -> None:
    theorem = ours()[name]
    parameters, branches = published()[name]
    assert ",".join("".join(word.names) for word in theorem.parameters.words) == parameters
    assert [branch.number for branch in theorem.branches] == list(range(1, len(branches) + 1))
    for branch, (premises, conclusions) in zip(theorem.branches, branches, strict=True):
        same = {meaning(fact) for fact in branch.given} == parsed(premises)
        assert same != ((name, branch.number) in CORRECTED)
        assert {meaning(fact) for fact in branch.then} == parsed(conclusions)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_sentences_name_only_points_of_the_theorem(language: str) -> None:
    for theorem in ours().values():
        sentence = dict(theorem.sentences)[language]
        words = re.findall(r"\{(\w+)\}", sentence)
        assert words and set("".join(words)) <= set(theorem.parameters.letters), theorem.name
