"""All real roots of a polynomial in one variable, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from math import gcd

from flint import fmpq, fmpz_poly

from fgps.algebra.exact import NUMBER_ZERO, Exact
from fgps.algebra.functions import NoRealValue, UnsupportedAngle, nth_root, sqrt
from fgps.algebra.poly import Coefficient
from fgps.algebra.roots import real_roots as root_balls
from fgps.algebra.terms import ONE, Atom, TooLarge, Undecided

#: Polynomials of a higher degree are left alone.
MAX_DEGREE = 48


def solve_univariate(coefficients: Mapping[int, Coefficient]) -> list[Exact] | None:
    """The distinct real roots in increasing order; None where they have no exact form here.

    ``coefficients`` maps exponents to non-zero coefficients; the polynomial is not constant.
    """
    low = min(coefficients)
    shifted = {exponent - low: value for exponent, value in coefficients.items()}
    try:
        roots = _nonzero_roots(shifted) if len(shifted) > 1 else []
        if roots is None:
            return None
        if low:
            roots.append(NUMBER_ZERO)
        return _sorted_distinct(roots)
    except (Undecided, TooLarge, UnsupportedAngle):
        return None


def _sorted_distinct(roots: list[Exact]) -> list[Exact]:
    result: list[Exact] = []
    for root in sorted(roots):
        if not result or result[-1] != root:
            result.append(root)
    return result


def _nonzero_roots(coefficients: dict[int, Coefficient]) -> list[Exact] | None:
    degree = max(coefficients)
    if degree > MAX_DEGREE:
        return None
    step = 0
    for exponent in coefficients:
        step = gcd(step, exponent)
    if step > 1:
        inner = _nonzero_roots({e // step: c for e, c in coefficients.items()})
        return None if inner is None else [r for root in inner for r in _real_nth_roots(root, step)]
    if degree == 1:
        return [-Exact.of(coefficients[0]) / Exact.of(coefficients[1])]
    if all(value.__class__ is fmpq for value in coefficients.values()):
        return _rational_roots(coefficients, degree)
    if degree == 2:
        return _quadratic(*(Exact.of(coefficients.get(i, fmpq(0))) for i in (2, 1, 0)))
    common = _rational_part(coefficients)
    return None if common is None else _nonzero_roots(common)


def _rational_part(coefficients: dict[int, Coefficient]) -> dict[int, Coefficient] | None:
    """The polynomial divided by its leading coefficient, if that makes it rational."""
    lead = Exact.of(coefficients[max(coefficients)])
    result: dict[int, Coefficient] = {}
    for exponent, value in coefficients.items():
        number = (Exact.of(value) / lead).as_rational()
        if number is None:
            return None
        result[exponent] = number
    return result


def _real_nth_roots(number: Exact, power: int) -> list[Exact]:
    sign = number.sign()
    if power % 2 == 0:
        if sign < 0:
            return []
        root = nth_root(number, power)
        return [root, -root]
    return [nth_root(number, power) if sign > 0 else -nth_root(-number, power)]


def _quadratic(a: Exact, b: Exact, c: Exact) -> list[Exact]:
    try:
        root = sqrt(b * b - 4 * a * c)
    except NoRealValue:
        return []
    half = (2 * a).inverse()
    return [(-b + root) * half, (-b - root) * half]


def _rational_roots(coefficients: dict[int, Coefficient], degree: int) -> list[Exact] | None:
    bottom = 1
    for value in coefficients.values():
        bottom = bottom * int(value.q) // gcd(bottom, int(value.q))
    dense = [int(coefficients.get(i, fmpq(0)) * bottom) for i in range(degree + 1)]
    roots: list[Exact] = []
    for factor, _ in fmpz_poly(dense).factor()[1]:
        integers = tuple(int(value) for value in factor.coeffs())
        if len(integers) == 2:
            roots.append(Exact.of(fmpq(-integers[0], integers[1])))
        elif len(integers) == 3:
            roots.extend(_quadratic(*(Exact.of(value) for value in reversed(integers))))
        else:
            found = _higher(integers)
            if found is None:
                return None
            roots.extend(found)
    return roots


def _higher(integers: tuple[int, ...]) -> list[Exact] | None:
    """Real roots of an irreducible polynomial of degree at least three."""
    step = 0
    for exponent, value in enumerate(integers):
        if value:
            step = gcd(step, exponent)
    if step > 1:
        return _nonzero_roots({e: fmpq(v) for e, v in enumerate(integers) if v})
    mirrored = tuple(value if e % 2 == 0 else -value for e, value in enumerate(integers))
    roots: list[Exact] = []
    for index, ball in enumerate(root_balls(integers)):
        if ball > 0:
            atom = Atom.polynomial(integers, index)
            roots.append(Exact({(1, 0, 0, (atom,)): ONE}))
        else:
            count = len(root_balls(mirrored))
            atom = Atom.polynomial(mirrored, count - 1 - index)
            roots.append(Exact({(1, 0, 0, (atom,)): fmpq(-1)}))
    return roots
