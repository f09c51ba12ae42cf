"""Small systems with known answers, used by several tests: name -> (system, expression, answer as text)."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from fgps.algebra.exact import Exact
from fgps.algebra.poly import Poly
from fgps.algebra.system import System

Case = tuple[System, Poly, str]


class Builder:
    """Names instead of numbers."""

    def __init__(self) -> None:
        self.system = System()
        self.count = 0

    def length(self, *names: str) -> list[Poly]:
        return [self.system.poly(self.system.variable(name, "length")) for name in names]

    def angle(self, *names: str) -> list[Poly]:
        return [self.system.poly(self.system.variable(name, "angle")) for name in names]

    def free(self, *names: str) -> list[Poly]:
        return [self.system.poly(self.system.variable(name, "free")) for name in names]

    def add(self, *polys: Poly) -> None:
        for poly in polys:
            self.system.add(poly, self.count)
            self.count += 1

    def bound(self, poly: Poly, high: int) -> None:
        self.system.bound(poly.variables()[0], Fraction(0), Fraction(high), self.count)
        self.count += 1


def two_pythagoras() -> Case:
    """Elimination with products as columns."""
    b = Builder()
    h, x = b.length("h", "x")
    b.add(h * h + x * x - 169, h * h + x * x - x * 28 + 196 - 225)
    return b.system, h * x + h, "72"


def similar_triangles() -> Case:
    """Ratios: the product closure."""
    b = Builder()
    s = b.system
    a, p, c, q, r = b.length("a", "p", "c", "q", "r")
    b.add(s.quotient(a, p) - s.quotient(c, q), s.quotient(c, q) - s.quotient(r, a), a - 6, r * 2 - 9)
    return s, p, "8"


def power_of_a_point() -> Case:
    """A square root by positivity."""
    b = Builder()
    t, p, q = b.length("t", "p", "q")
    b.add(t * t - p * q, p - 3, q - 9)
    return b.system, t, "3*sqrt(3)"


def angle_sum() -> Case:
    """Linear with a free symbol."""
    b = Builder()
    a, c, d = b.angle("a", "c", "d")
    (x,) = b.free("x")
    b.add(a + c + d - 180, a - x * 4 + 10, c - x * 3 - 5, d - x)
    return b.system, a, "165/2"


def cosine_rule() -> Case:
    """An angle from its cosine, unique below 180."""
    b = Builder()
    a, c, d = b.length("a", "c", "d")
    (angle,) = b.angle("C")
    b.bound(angle, 180)
    b.add(a - 3, c - 5, d - 7)
    b.add(a * a + c * c - a * c * b.system.trig("cos", angle) * 2 - d * d)
    return b.system, angle, "120"


def sine_rule() -> Case:
    """Trigonometric constants, complementary angles."""
    b = Builder()
    s = b.system
    a, c = b.length("a", "c")
    one, two = b.angle("A", "B")
    b.add(one + two - 90, one - 43, a - 10)
    b.add(c * s.trig("cos", two) - a * s.trig("sin", one) * s.trig("sin", one))
    return s, c, "10*sin(43°)"


def range_of_roots() -> Case:
    """Two positive roots; the range of an angle, by an angle sum, leaves one."""
    b = Builder()
    (x,) = b.free("x")
    a, c = b.angle("A", "B")
    b.add(a - x * 10, a + c - 90, x * x - x * 15 + 50)
    return b.system, a, "50"


def small_system() -> Case:
    """Neither eliminated nor factored by the closures: the completion finds it."""
    b = Builder()
    a, d, r, q, f = b.length("a", "d", "r", "q", "f")
    b.add(r * (a + 1) - a, r * (d * 2 + 3) - d * 2, q * (a + 3) - a, q * f - d)
    return b.system, f - d, "9/2"


def sector() -> Case:
    """pi as a transcendental constant."""
    b = Builder()
    r, area = b.length("r", "area")
    b.add(area - (r * r).scale(Exact.pi() / 12), area - Poly.constant(Exact.pi() * 3))
    return b.system, r, "6"


def arc_cosine() -> Case:
    """Half of an angle whose cosine is rational."""
    b = Builder()
    angle, half = b.angle("A", "H")
    b.bound(angle, 180)
    b.add(half * 2 - angle, b.system.trig("cos", angle) * 25 - 7)
    return b.system, b.system.trig("sin", half), "3/5"


def equal_sines() -> Case:
    """sin A = sin B and A + B below 180: the angles are equal."""
    b = Builder()
    s = b.system
    a, c, d = b.angle("A", "B", "C")
    b.bound(a, 180)
    b.bound(c, 180)
    b.add(a + c + d - 180, d - 40, s.trig("sin", a) - s.trig("sin", c))
    return s, a, "70"


def positive_factor() -> Case:
    """(x + y)(x - 3) = 0 with positive x and y."""
    b = Builder()
    x, y = b.length("x", "y")
    b.add(x * x + x * y - x * 3 - y * 3)
    return b.system, x, "3"


CASES: dict[str, Callable[[], Case]] = {
    case.__name__: case
    for case in (
        two_pythagoras,
        similar_triangles,
        power_of_a_point,
        angle_sum,
        cosine_rule,
        sine_rule,
        range_of_roots,
        small_system,
        sector,
        arc_cosine,
        equal_sines,
        positive_factor,
    )
}
