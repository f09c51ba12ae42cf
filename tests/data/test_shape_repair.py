"""Shapes that do not close: repaired if there is one reading, left alone otherwise."""

from __future__ import annotations

import pytest

from fgps.data.shape_repair import ShapeRepairer, Words, is_sound


def words(text: str) -> Words:
    return tuple(tuple(word) for word in text.split(","))


def repair(shape: str, others: str = "", lines: str = "", circles: str = "O") -> str | None:
    shapes = [words(shape), *(words(other) for other in others.split())]
    points = [point for line in lines.split() for point in line]
    repairer = ShapeRepairer(shapes, [tuple(line) for line in lines.split()], points, list(circles))
    found = repairer.repair(words(shape))
    return None if found is None else ",".join("".join(word) for word in found)


@pytest.mark.parametrize(
    "shape", ["AB,BC,CA", "AB,BC", "AB", "A", "OAB,BO,OA", "OAB,PBA", "OAB,BA", "AB,OAB"]
)
def test_sound_shapes(shape: str) -> None:
    assert is_sound(words(shape))


@pytest.mark.parametrize(
    "shape", ["AB,BC,CD", "AB,CB", "AB,BA", "OAB", "AA", "AB,AB", "OO", "ABCD,DA", "A,B"]
)
def test_unsound_shapes(shape: str) -> None:
    assert not is_sound(words(shape))


@pytest.mark.parametrize(
    ("shape", "meant", "others", "lines"),
    [
        ("O,O", "O", "", ""),
        ("HU,NU", "HU,UN", "", ""),
        ("CA,CB", "AC,CB", "", ""),
        ("AO,CO,OCA", "AO,OC,OCA", "", ""),
        ("OABB,BO,OA", "OAB,BO,OA", "", ""),
        ("BE,ED,ED,ODB", "BE,ED,ODB", "", ""),
        ("OAB,BO,BA", "OAB,BO,OA", "OA,AC,CO", ""),
        ("RA,OQP,PR", "RQ,OQP,PR", "", "NRQ MRP"),
        ("BE,EG,GF,FC", "BE,EG,GF,FC,CB", "", "BC"),
    ],
)
def test_one_reading(shape: str, meant: str, others: str, lines: str) -> None:
    assert repair(shape, others, lines) == meant


@pytest.mark.parametrize(
    ("shape", "lines"),
    [
        ("AM,MC,CB", "AMCB"),  # segments of one line bound nothing
        ("DB,NJ", ""),
        ("OCB,CD", ""),  # a corner between an arc and a segment needs no repair
    ],
)
def test_no_reading(shape: str, lines: str) -> None:
    assert repair(shape, lines=lines) is None


def test_two_readings_are_none() -> None:
    assert repair("AB,BC,CD", lines="AC BD") is None


def test_a_repair_does_not_repeat_another_shape() -> None:
    assert repair("BP,OA,OAB", "BO,OA,OAB AP,OPA PB,OBP") == "BP,PA,OAB"


def test_long_shapes_are_not_tried() -> None:
    assert ShapeRepairer([], [], [], []).repair(tuple((f"A{i}", f"B{i}") for i in range(60))) is None


def test_a_two_line_shape_is_the_angle_that_the_problem_speaks_of() -> None:
    shape = words("CA,CB")
    assert ShapeRepairer([shape], [], [], []).repair(shape) == words("AC,CB")
    assert ShapeRepairer([shape], [], [], [], {("C", "A", "B")}).repair(shape) == words("CA,AB")
