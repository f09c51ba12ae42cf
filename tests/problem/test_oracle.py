"""The construction stage against the published procedure, which joins cells one by one.

Polygons, collinear and concyclic points, circles and arcs must be the same.  Angles may differ in two ways:

- The oracle has angles between points of one ray (an angle of 0) and angles along segments that no statement
  draws; both come from joining cells in a wrong direction, and we leave them out.
- We have a few more: adjacent angles are added although the common ray is named by different points, and
  where two regions were declared on the same side of an arc, the difference of two corners counts.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from fgps.data.formalgeo import read_problem
from fgps.lang.ast import Call, Points
from fgps.problem.construction import Construction, construct
from tests.problem.reference import Reference

PROBLEMS = Path(__file__).resolve().parents[3] / "shared" / "formalgeo7k" / "problems"


def oracle(statements: Sequence[Call]) -> Reference:
    spelled = []
    for statement in statements:
        words = tuple("".join(word.names) for word in statement.args if isinstance(word, Points))
        spelled.append((statement.head, words))
    return Reference(spelled)


def of(figure: Construction, predicate: str) -> set[tuple[str, ...]]:
    return {points for name, points in figure.facts if name == predicate}


def compare(name: str, statements: Sequence[Call]) -> tuple[int, int]:
    """Assert what must be equal; returns the numbers of angles that only we, only the oracle have."""
    figure, expected = construct(statements), oracle(statements)
    assert expected.complete, name
    assert {p for p in of(figure, "Polygon") if len(p) < 5} == {p for p in expected.polygons if len(p) < 5}, (
        name
    )
    assert of(figure, "Collinear") == expected.collinear, name
    assert {c for c in of(figure, "Cocircular") if len(c) < 6} == {
        c for c in expected.cocircular if len(c) < 6
    }, name
    assert of(figure, "Arc") == expected.arcs, name
    assert set(figure.circles) == expected.circles, name
    assert expected.points <= set(figure.points), name
    ours, theirs = of(figure, "Angle"), set(expected.angles)
    lines = of(figure, "Line")
    for a, v, b in theirs - ours:
        one_ray = figure.rays.ray(v, a) == figure.rays.ray(v, b)
        assert one_ray or (a, v) not in lines or (v, b) not in lines, f"{name}: no angle {a}{v}{b}"
    for a, v, b in ours:
        assert {(a, v), (v, b)} <= lines, f"{name}: angle {a}{v}{b} without its sides"
        assert figure.rays.ray(v, a) != figure.rays.ray(v, b), f"{name}: angle {a}{v}{b} is nothing"
    if lines != expected.lines:
        # Only segments that wrongly joined cells invent, or those of shapes that do not close.
        assert not lines - expected.lines or figure.diagnostics, name
    return len(ours - theirs), len(theirs - ours)


@pytest.mark.corpus
@pytest.mark.skipif(not PROBLEMS.is_dir(), reason=f"the public data is not there: {PROBLEMS}")
def test_agrees_with_the_oracle_on_the_public_data() -> None:
    files = sorted(PROBLEMS.glob("*.json"), key=lambda path: int(path.stem))
    chosen = random.Random(619).sample(files, 600)
    more = fewer = 0
    for path in chosen:
        declaration = read_problem(path).declaration
        assert declaration is not None
        ours, theirs = compare(path.stem, declaration.construct)
        more, fewer = more + ours, fewer + theirs
    # Of some 21,000 angles.
    assert more < 120 and fewer < 120


def grid(rng: random.Random) -> list[Call]:
    """A part of a triangulated grid: rows and columns are lines, some cells are joined or missing."""
    width, height = rng.choice([(3, 2), (2, 3), (3, 3), (4, 2)])
    names = iter("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    at = {(x, y): next(names) for y in range(height) for x in range(width)}
    cells: list[list[str]] = []
    for x in range(width - 1):
        for y in range(height - 1):
            a, b, c, d = at[x, y], at[x + 1, y], at[x + 1, y + 1], at[x, y + 1]
            if rng.random() < 0.4:
                cells.append([a, b, c, d])
            else:
                cells += [[a, b, c], [a, c, d]]
    cells = [cell for cell in cells if rng.random() < 0.85]
    rows = [[at[x, y] for x in range(width)] for y in range(height)]
    rows += [[at[x, y] for y in range(height)] for x in range(width)]
    used = {point for cell in cells for point in cell}
    lines = [[point for point in row if point in used] for row in rows]
    statements = [Call("Collinear", (Points(tuple(line)),)) for line in lines if len(line) > 2]
    for cell in cells:
        start = rng.randrange(len(cell))
        turned = cell[start:] + cell[:start]
        sides = zip(turned, turned[1:] + turned[:1], strict=True)
        statements.append(Call("Shape", tuple(Points(side) for side in sides)))
    return statements


@pytest.mark.parametrize("seed", range(60))
def test_agrees_with_the_oracle_on_grids(seed: int) -> None:
    statements = grid(random.Random(seed))
    more, fewer = compare(f"seed {seed}", statements)
    assert fewer == 0
    assert more <= 40
