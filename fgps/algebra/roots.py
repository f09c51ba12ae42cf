"""Real roots of polynomials with integer coefficients, exactly."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from flint import arb, ctx, fmpz_poly


@lru_cache(maxsize=2048)
def _roots(coefficients: tuple[int, ...], precision: int) -> tuple[arb, ...]:
    before = ctx.prec
    ctx.prec = precision
    try:
        pairs: Any = fmpz_poly(list(coefficients)).complex_roots()
        found = [root.real for root, _ in pairs if root.imag == 0]
    finally:
        ctx.prec = before
    return tuple(sorted(found, key=lambda ball: float(ball.mid())))


def real_root_ball(coefficients: tuple[int, ...], index: int) -> arb:
    """An enclosure of the ``index``-th real root (in increasing order) of a square-free polynomial."""
    return _roots(coefficients, ctx.prec)[index]


def real_roots(coefficients: tuple[int, ...], precision: int = 96) -> tuple[arb, ...]:
    """Enclosures of all real roots of a square-free polynomial, increasing."""
    return _roots(coefficients, precision)
