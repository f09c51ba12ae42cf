"""Values and gradients of the tape against finite differences, and against plain formulas."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fgps.diagram.expressions import TapeBuilder


def everything() -> tuple[TapeBuilder, list[int]]:
    b = TapeBuilder()
    d, e = b.distance(0, 1), b.distance(2, 3)
    angle, cross, dot = b.angle(0, 1, 2), b.cross(0, 1, 2, 3), b.dot(1, 3, 0, 2)
    r = b.unknown(8)
    nodes = [
        d,
        angle,
        cross,
        dot,
        b.linear([(2.0, d), (-3.0, e), (0.5, r)], 4.0),
        b.mul(d, cross),
        b.div(cross, e),
        b.power(e, 3.0),
        b.power(d, 0.5),
        b.function("sin", angle),
        b.function("cos", angle),
        b.function("tan", angle),
        b.function("sqrt", b.mul(d, e)),
        b.function("abs", cross),
        b.minimum(d, e),
        b.maximum(b.mul(d, r), cross),
        b.mul(b.function("sin", angle), b.linear([(1.0, b.mul(d, d)), (1.0, cross)])),
    ]
    return b, nodes


def test_gradients_agree_with_differences() -> None:
    builder, nodes = everything()
    tape = builder.finish(9)
    slots = tape.slots[nodes]
    rng = np.random.default_rng(1)
    x = rng.normal(0.0, 1.0, (5, 9))
    values, gradients = tape.evaluate(x)
    analytic = gradients[:, slots].copy()
    assert np.array_equal(values, tape.values(x))
    step = 1e-6
    for k in range(9):
        moved = np.zeros(9)
        moved[k] = step
        ahead, behind = tape.values(x + moved)[:, slots], tape.values(x - moved)[:, slots]
        numeric = (ahead - behind) / (2 * step)
        scale = np.maximum(1.0, np.abs(analytic[:, :, k]))
        assert np.all(np.abs(numeric - analytic[:, :, k]) < 1e-4 * scale)


def test_equal_expressions_share_a_node() -> None:
    b = TapeBuilder()
    assert b.distance(0, 1) == b.distance(1, 0)
    assert b.add(b.distance(0, 1), b.distance(2, 3)) == b.add(b.distance(1, 0), b.distance(3, 2))
    assert b.sub(b.add(b.distance(0, 1), b.unknown(8)), b.unknown(8)) == b.distance(0, 1)
    assert b.constant_value(b.sub(b.unknown(0), b.unknown(0))) == 0.0


@pytest.mark.parametrize("turn", [0.5, 90.0, 179.5, 180.5, 270.0, 359.5])
def test_angles_are_counter_clockwise_turns(turn: float) -> None:
    b = TapeBuilder()
    node = b.angle(0, 1, 2)
    tape = b.finish(6)
    radians = math.radians(turn)
    x = np.array([[math.cos(radians), math.sin(radians), 0.0, 0.0, 2.0, 0.0]])
    assert tape.values(x)[0, tape.slots[node]] == pytest.approx(turn)
