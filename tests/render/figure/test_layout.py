"""Where things stand: labels clear of each other, figures upright and never mirrored."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fgps.render.figure import Options, load_theme
from fgps.render.figure.draw import arrange
from fgps.render.figure.ends import loose_ends
from fgps.render.figure.geometry import boxes, inside_lengths, overlaps
from fgps.render.figure.notation import Run
from fgps.render.figure.place import Wish, place
from fgps.render.figure.pose import choose_pose
from fgps.render.figure.strokes import Strokes
from tests.render.figure.figures import crafted, own

MANY = [
    "areas.fgl#paper_kite", "areas.fgl#rim_of_a_pizza_slice", "circles.fgl#coin_in_a_triangular_tray",
    "circles.fgl#crossing_chords", "circles.fgl#two_secants", "circles.fgl#height_of_an_arched_window",
    "congruence.fgl#copied_tile", "demo.fgl", "hard.fgl#folded_corner", "hard.fgl#medians_at_right_angles",
    "hard.fgl#cross_section_of_a_dam", "lines_and_angles.fgl#bent_rod_between_rails",
    "lines_and_angles.fgl#half_of_the_rest", "proofs.fgl#midpoints_make_a_parallelogram",
    "quadrilaterals.fgl#flag_on_a_square", "similarity.fgl#enlarged_photo",
    "triangles.fgl#view_from_the_incentre",
]  # fmt: skip
SIZES = load_theme("light").sizes


@pytest.mark.parametrize("source", MANY)
@pytest.mark.parametrize("width", [None, 240.0])
def test_labels_are_clear_of_each_other_and_of_lines(source: str, width: float | None) -> None:
    composed, (left, bottom, right, top) = arrange(*own(source), SIZES, Options(width=width))
    found = np.array([one.box for one in composed.placed])
    assert np.triu(overlaps(found, found), 1).max() == 0
    lines = [[*i.commands[0][1:], *i.commands[1][1:]] for i in composed.items if i.layer == "lines"]
    dots = [
        (x - 2, y - 2, x + 2, y + 2)
        for _, x, y, _ in (i.commands[0] for i in composed.items if i.layer == "points")
    ]  # type: ignore[operator]
    if width is None:
        assert inside_lengths(found, np.array(lines, dtype=float).reshape(-1, 4)).max(initial=0) < 1.0
        assert overlaps(found, np.array(dots).reshape(-1, 4)).max(initial=0) == 0
    assert found[:, 0].min() >= left and found[:, 2].max() <= right
    assert found[:, 1].min() >= bottom and found[:, 3].max() <= top
    if width is not None:
        assert right - left >= width - 1e-6


def test_boxes_and_segments() -> None:
    box = boxes(np.array([[0.0, 0.0]]), 4.0, 2.0)
    assert box.tolist() == [[-2.0, -1.0, 2.0, 1.0]]
    other = np.array([[1.0, 0.0, 5.0, 5.0], [2.0, 0.0, 3.0, 3.0]])
    assert overlaps(box, other).tolist() == [[1.0, 0.0]]
    segments = np.array(
        [[-5.0, 0.0, 5.0, 0.0], [0.0, 0.0, 0.0, 9.0], [3.0, -9.0, 3.0, 9.0], [0.0, 0.0, 0.0, 0.0]]
    )
    assert inside_lengths(box, segments)[0].tolist() == pytest.approx([4.0, 1.0, 0.0, 0.0])


def wish(*spots: tuple[float, float, float]) -> Wish:
    centres = np.array([spot[:2] for spot in spots])
    return Wish((Run("A"),), 10.0, 10.0, 8.0, centres, np.array([spot[2] for spot in spots]), "label", ())


def test_a_pair_moves_together_where_neither_would_alone() -> None:
    """Each has a cheap place that the other blocks; single moves cannot mend it."""
    one = wish((0, 0, 0), (30, 0, 3))
    two = wish((0, 0, 1), (30, 0, 1))
    three = wish((30, 0, 0), (0, 30, 1))
    placed = place([one, two, three], np.zeros((0, 4)), np.zeros((0, 4)), 1.0)
    found = np.array([p.box for p in placed])
    assert np.triu(overlaps(found, found), 1).max() == 0


def test_labels_keep_off_strokes_and_dots() -> None:
    label = wish((0, 0, 0), (0, 20, 2), (0, 40, 4))
    (placed,) = place([label], np.array([[-9.0, 0.0, 9.0, 0.0]]), np.array([[-1.0, 19.0, 1.0, 21.0]]), 1.0)
    assert placed.centre == (0.0, 40.0)


@pytest.mark.parametrize("source", ["demo.fgl", "hard.fgl#folded_corner", "quadrilaterals.fgl#leaning_frame"])
def test_figures_are_turned_but_not_mirrored(source: str) -> None:
    problem, diagram = own(source)
    pose = choose_pose(problem, diagram)
    for polygon in problem.construction.polygons:
        xy = np.array([pose.places[name] for name in polygon])
        x, y = xy.T
        assert np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)) > 0
    level = [
        abs(math.sin(math.atan2(b[1] - a[1], b[0] - a[0])))
        for a, b in ((pose.places[row[0]], pose.places[row[-1]]) for row in pose.strokes.rows)
    ]
    assert min(level) < 1e-6


def test_a_triangle_stands_on_its_base() -> None:
    problem, diagram = own("demo.fgl")
    places = choose_pose(problem, diagram).places
    assert places["A"][1] > places["B"][1] == pytest.approx(places["D"][1])


def test_separate_parts_stand_side_by_side() -> None:
    problem, diagram = own("congruence.fgl#copied_tile")
    places = choose_pose(problem, diagram).places
    assert max(places[name][0] for name in "ABC") < min(places[name][0] for name in "DEF")
    assert places["B"][1] == pytest.approx(places["E"][1])


def test_loose_ends_get_a_fitting_length() -> None:
    places = {"A": (0.0, 0.0), "B": (4.0, 0.0), "C": (0.0, 3.0), "D": (4.001, 0.0), "E": (0.0, 90.0)}
    rows = (("A", "B", "D"), ("A", "C", "E"), ("B", "C"))
    found = loose_ends(places, {}, Strokes(rows, (), ()))
    assert set(found) == {"D", "E"}
    assert 4.5 < found["D"][0] < 6.0 and found["D"][1] == pytest.approx(0.0)
    assert 3.5 < found["E"][1] < 6.0


def test_a_given_length_is_not_touched() -> None:
    problem, diagram = crafted(
        "Shape(AB,BC,CA), Collinear(BCD)",
        "LengthOfLine(CD) = 50, LengthOfLine(BC) = 2, LengthOfLine(AB) = 2",
        "LengthOfLine(CA)",
    )
    places = choose_pose(problem, diagram).places
    assert math.dist(places["C"], places["D"]) == pytest.approx(50.0)
