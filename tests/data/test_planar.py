"""Faces, lines and circles of drawings."""

from __future__ import annotations

import math
import random

import pytest

from fgps.data.planar import Circle, Drawing, figure_of
from fgps.lang.printer import print_term

SQUARE = {"A": (0.0, 0.0), "B": (4.0, 0.0), "C": (4.0, 4.0), "D": (0.0, 4.0), "E": (2.0, 2.0)}
SIDES = [("A", "B"), ("B", "C"), ("C", "D"), ("D", "A")]


def statements(drawing: Drawing) -> set[str]:
    return {rotated(print_term(statement)) for statement in figure_of(drawing).statements}


def rotated(text: str) -> str:
    """A shape with its first side in alphabetical order, so that rotations are the same."""
    head, _, rest = text.partition("(")
    words = rest[:-1].split(",")
    if head != "Shape" or len(words) < 3:
        return text
    k = words.index(min(words))
    return f"{head}({','.join(words[k:] + words[:k])})"


def test_a_square_with_its_diagonals() -> None:
    drawing = Drawing(SQUARE, [*SIDES, ("A", "C"), ("B", "D")], [("A", "E", "C"), ("E", "B", "D")])
    found = statements(drawing)
    assert len(found) == 6 and {"Collinear(AEC)", "Collinear(BED)"} <= found
    assert {"Shape(AB,BE,EA)", "Shape(BC,CE,EB)", "Shape(CD,DE,EC)", "Shape(AE,ED,DA)"} <= found


def test_loose_ends_have_angles_but_no_faces() -> None:
    drawing = Drawing(SQUARE, [("A", "B"), ("B", "C"), ("B", "E")])
    assert statements(drawing) == {"Shape(AB,BE)", "Shape(EB,BC)", "Shape(D)"}


def test_a_spur_inside_a_face() -> None:
    drawing = Drawing(SQUARE, [*SIDES, ("A", "E")])
    found = statements(drawing)
    assert "Shape(AB,BC,CD,DA)" in found and {"Shape(DA,AE)", "Shape(EA,AB)"} <= found


def test_segments_that_cross_unmarked_bound_no_faces() -> None:
    places = {name: SQUARE[name] for name in "ABCD"}
    found = statements(Drawing(places, [*SIDES, ("A", "C"), ("B", "D")]))
    assert not any(text.startswith("Shape") and text.count(",") > 1 for text in found)
    spoken = statements(Drawing(places, [*SIDES, ("A", "C")], spoken=[("B", "D")]))
    assert {"Shape(AB,BC,CA)", "Shape(AC,CD,DA)", "Shape(AB,BD)", "Shape(DB,BC)"} <= spoken


def circle_drawing(noise: float = 0.0) -> Drawing:
    rng = random.Random(3)
    places = {"O": (0.0, 0.0), "P": (-4.0 * math.sqrt(2), 0.0)}
    for name, degrees in (("A", 0), ("B", 90), ("T", 135), ("U", 225)):
        at = math.radians(degrees)
        places[name] = (4 * math.cos(at) + rng.uniform(-noise, noise), 4 * math.sin(at))
    segments = [("O", "A"), ("O", "B"), ("A", "B"), ("P", "T"), ("P", "U")]
    return Drawing(places, segments, [], [Circle("O", places["O"], ("U", "B", "A", "T"))])


@pytest.mark.parametrize("noise", [0.0, 0.15])
def test_circles_chords_and_tangents(noise: float) -> None:
    assert statements(circle_drawing(noise)) == {
        "Cocircular(O,ABTU)",
        "Shape(AB,BO,OA)",
        "Shape(BA,OAB)",
        "Shape(AO,OB,OBT,OTU,OUA)",
        "Shape(OTU,TP,PU)",
    }


def test_points_alone_and_bad_places() -> None:
    assert statements(Drawing({"A": (0.0, 0.0)}, [])) == {"Shape(A)"}
    same = {"A": (1.0, 1.0), "B": (1.0, 1.0), "C": (2.0, 1.0)}
    figure_of(
        Drawing(
            same, [("A", "B"), ("B", "C"), ("A", "C")], [("A", "B", "C")], [Circle("A", (1, 1), ("B", "C"))]
        )
    )
    figure_of(Drawing({}, [("A", "B")], [("A",)], [Circle("O", (0.0, 0.0), ("A",))]))


def test_random_drawings_keep_eulers_count() -> None:
    """Faces of a triangulated grid: edges - vertices + 1, each counter-clockwise."""
    rng = random.Random(5)
    names = [f"{letter}{k}" for k in range(4) for letter in "ABCD"]
    places = {
        name: (k % 4 + rng.uniform(-0.2, 0.2), k // 4 + rng.uniform(-0.2, 0.2))
        for k, name in enumerate(names)
    }
    segments = []
    for k in range(16):
        segments += [(names[k], names[k + 1])] if k % 4 < 3 else []
        segments += [(names[k], names[k + 4])] if k < 12 else []
        segments += [(names[k], names[k + 5])] if k % 4 < 3 and k < 12 else []
    figure = figure_of(Drawing(places, segments))
    cells = [s for s in figure.statements if s.head == "Shape" and len(s.args) > 2]
    assert len(cells) == len(segments) - 16 + 1
    for cell in cells:
        row = [places[word.names[0]] for word in cell.args]  # type: ignore[union-attr]
        pairs = zip(row, (*row[1:], row[0]), strict=True)
        assert sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs) > 0
