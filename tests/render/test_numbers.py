"""Short spellings of exact numbers."""

from __future__ import annotations

import pytest

from fgps.render.numbers import exact_of, shortest

QUOTIENT = "64*sqrt(2)*cos(35°)*sqrt(3 - cos(40°) + 4*sin(20°))/3/(1 - cos(40°)/3 + 4*sin(20°)/3)"
SUM = (
    "(13*sqrt(30) + 13*sqrt(30)*cos(20°) + 169*sqrt(2)*sqrt(7 + 4*cos(20°) - cos(40°) + 4*sin(10°))/4)"
    "/(1 + cos(20°))"
)
ANGLE = "180*acos(11/20)/pi - 90 + 180*acos(33*sqrt(23653)/15260)/pi"


@pytest.mark.parametrize(
    ("long", "short"),
    [
        (QUOTIENT, "32/cos(35°)"),
        (SUM, "13*sqrt(30) + 169*tan(50°)/2"),
        ("26*sin(40°)/(1 - sin(10°))", "13/sin(40°)"),
        ("-26*sin(40°)/(1 - sin(10°))", "-13/sin(40°)"),
        ("cos(28°)*sqrt(65 - 56*sin(28°))/cos(28°)", "sqrt(65 - 56*sin(28°))"),
    ],
)
def test_numbers_get_short(long: str, short: str) -> None:
    assert shortest(long) == short
    assert exact_of(long) == exact_of(short)


def test_one_arc_function_instead_of_a_sum() -> None:
    short = shortest("180*acos(cos(40°)/3)/pi + 180*acos(1/3)/pi - 180*acos(1/3)/pi")
    assert short.count("acos") + short.count("asin") == 1
    one = shortest(ANGLE + " + 0*sin(20°)")
    assert one.count("acos") == 1 and len(one) < len(ANGLE)
    assert float(exact_of(one) or 0) == pytest.approx(float(exact_of(ANGLE) or 1))


@pytest.mark.parametrize(
    "text",
    [
        "2*sqrt(3)",
        "56*cos(42°)",
        "sqrt(1927 - 48*sqrt(1390))/2 + 1 - 1",
        "7*sqrt(22273 - 22248*sin(32°)) + sqrt(2)",
        "no number at all, but sin(20°) in it",
    ],
)
def test_others_stay(text: str) -> None:
    assert shortest(text) == text


def test_monsters_are_not_looked_at() -> None:
    nested = "sqrt(2 + sin(20°))"
    many = "*".join(f"sqrt({k} + sin(20°))" for k in range(2, 9)) + f"*{nested}/{nested}"
    assert shortest(many) == many
    assert shortest(" + ".join(["sin(20°)"] * 60)) == " + ".join(["sin(20°)"] * 60)


def test_near_is_not_equal() -> None:
    near = "26*sin(40°)/(1 - sin(10°)) + 1/10**30"
    assert shortest(near) == near
