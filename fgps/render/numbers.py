"""Exact numbers in a short spelling.

The algebra keeps numbers in normal forms that may be long: ``32/cos(35°)`` can come as a quotient of sums
with nested roots.  `shortest` looks for a spelling ``a*sqrt(m) + b*sqrt(n)*f(angle)`` by integer relations
and takes it only if exact arithmetic proves that it is the same number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Final

from flint import arb, ctx, fmpz, fmpz_mat

from fgps.algebra.compile import compile_number
from fgps.algebra.exact import Exact, TooLarge, Undecided
from fgps.algebra.functions import NoRealValue, UnsupportedAngle, cos_degrees, sin_degrees, square_split
from fgps.lang.diagnostics import Diagnostic
from fgps.lang.parse import parse_statement

#: Shorter texts stay as they are.
_SHORT: Final = 24
#: Longer texts, and numbers of more nested roots and arc functions, stay too: proofs of equality take long.
_LONG: Final = 400
_MAX_NESTED: Final = 6
_BITS: Final = 240
#: Coefficients of a relation that is no accident: far below ``2 ** (_BITS / 3)``.
_MAX_COEFFICIENT: Final = 2**40
_MAX_ROOTS: Final = 4
_DEGREES: Final = re.compile(r"([\d./]+)°")
_NESTED: Final = re.compile(r"sqrt\((?!\d+\))|a(?:cos|sin)\(")
_ROOT: Final = re.compile(r"sqrt\((\d+)\)")
#: What exact arithmetic raises where a number is out of its reach.
FAILURES: Final = (
    TooLarge,
    Undecided,
    NoRealValue,
    UnsupportedAngle,
    ZeroDivisionError,
    ValueError,
    OverflowError,
)


def exact_of(text: str) -> Exact | None:
    """The number that a text of the algebra stands for; None for anything else."""
    term = parse_statement(_DEGREES.sub(r"(\1*pi/180)", text))
    number = None if isinstance(term, Diagnostic) else compile_number(term)
    return number if isinstance(number, Exact) else None


@lru_cache(maxsize=2048)
def shortest(text: str) -> str:
    """A short text of the same number, or the text itself."""
    if not _SHORT < len(text) <= _LONG or not re.search(r"sin|cos|tan", text):
        return text
    if len(_NESTED.findall(text)) > _MAX_NESTED:
        return text
    try:
        number = exact_of(text)
        found = None if number is None else _spellings(number, text)
    except FAILURES:
        return text
    return min((text, *(found or ())), key=len)


def _spellings(number: Exact, text: str) -> Iterator[str]:
    if "acos" in text or "asin" in text:
        yield from _as_inverse(number, text)
        return
    spellings = list(_relations(number, text))
    if number.sign() > 0:
        spellings += [f"sqrt({square})" for square in _relations(number * number, text)]
    for spelling in sorted(spellings, key=len):
        if len(spelling) < len(text) and exact_of(spelling) == number:
            yield spelling
            return


def _as_inverse(number: Exact, text: str) -> Iterator[str]:
    """One arc cosine or sine instead of a sum of several."""
    degrees = float(number)
    for name, function, top in (("acos", cos_degrees, 180), ("asin", sin_degrees, 90)):
        if not 0 < degrees < top:
            continue
        value = function(number)
        texts = [value.to_text()]
        texts += [s for s in _relations(value, texts[0] + text) if exact_of(s) == value][:1]
        spelled = f"180*{name}({min(texts, key=len)})/pi"
        if len(spelled) < len(text):
            yield spelled


def _relations(number: Exact, text: str) -> Iterator[str]:
    """Spellings that agree with a number to many digits, the shortest first."""
    roots = _radicands(text)
    before, ctx.prec = ctx.prec, _BITS + 40
    try:
        value = number.ball(_BITS + 40)
        found = [
            spelling
            for shape, factor in _factors(text)
            for n in roots
            for m in (0, *roots)
            if (spelling := _relation(value, m, n, shape, factor)) is not None
        ]
    finally:
        ctx.prec = before
    return iter(sorted(set(found), key=lambda spelling: (len(spelling), spelling)))


def _radicands(text: str) -> list[int]:
    """1 and what stands under the plain roots of a text, without square factors."""
    inside = {square_split(int(found))[1] for found in _ROOT.findall(text) if len(found) < 9}
    return sorted(inside | {1})[:_MAX_ROOTS]


def _factors(text: str) -> Iterator[tuple[str, arb]]:
    """Functions of the angles that a text may be about: ``*sin(5°)`` or ``/sin(5°)`` with the value."""
    angles = _DEGREES.findall(text)
    if not angles or not all(map(str.isdigit, angles)):
        return
    step = gcd(90, *map(int, angles))
    step = step // 2 if step % 2 == 0 else step  # roots halve angles
    for degrees in range(step, 90, step):
        sine = (arb.pi() * degrees / 180).sin()
        name = f"sin({degrees}°)" if degrees <= 45 else f"cos({90 - degrees}°)"
        yield f"*{name}", sine
        yield f"/{name}", 1 / sine
        yield f"*tan({degrees}°)", (arb.pi() * degrees / 180).tan()


def _relation(value: arb, m: int, n: int, shape: str, factor: arb) -> str | None:
    """``a*sqrt(m) + b*sqrt(n)*f`` for a value, if small whole numbers fit; ``m`` = 0: without the first."""
    parts = [value, arb(n).sqrt() * factor, *([arb(m).sqrt()] if m else [])]
    rows = []
    for place, part in enumerate(parts):
        scaled = (part * arb(2) ** _BITS).floor().unique_fmpz()
        if scaled is None:
            return None
        rows.append([int(place == column) for column in range(len(parts))] + [scaled])
    best = fmpz_mat(rows).lll().table()[0]
    whole, by_factor, plain = int(best[0]), int(best[1]), int(best[2]) if m else 0
    largest = max(abs(whole), abs(by_factor), abs(plain), abs(int(fmpz(best[-1]))))
    if not whole or not by_factor or largest > _MAX_COEFFICIENT or (m and not plain):
        return None
    second = _product(Fraction(-by_factor, whole), n, shape)
    if not plain:
        return second
    first = Fraction(-plain, whole)
    if first < 0 < Fraction(-by_factor, whole):
        return f"{second} - {_product(-first, m, '')}"
    joined = f"{_product(first, m, '')} + {second}"
    return joined.replace("+ -", "- ")


def _product(factor: Fraction, root: int, shape: str) -> str:
    """``13*sqrt(30)*tan(40°)/2``."""
    sign, factor = ("-", -factor) if factor < 0 else ("", factor)
    words = [str(factor.numerator)] if factor.numerator != 1 else []
    words += [f"sqrt({root})"] if root != 1 else []
    words += [shape[1:]] if shape.startswith("*") else []
    below = [str(factor.denominator)] if factor.denominator != 1 else []
    below += [shape[1:]] if shape.startswith("/") else []
    top = "*".join(words) or "1"
    if not below:
        return sign + top
    return f"{sign}{top}/" + (below[0] if len(below) == 1 else f"({'*'.join(below)})")
