"""Printing exact numbers as a person would write them."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from math import gcd

from flint import fmpq

from fgps.algebra.exact import Exact
from fgps.algebra.terms import UNIT, Atom, Degrees, Key, Terms


def to_text(number: Exact) -> str:
    """A canonical spelling: ``2*sqrt(3)``, ``25*pi/3``, ``10*sin(43°)``, ``180*acos(5/6)/pi``."""
    if number.den is None:
        return _sum_text(number.num)
    tangent = _tangent(number)
    if tangent is not None:
        return tangent
    return (
        f"{_wrap(_sum_text(number.num), number.num)}/({_sum_text(number.den)})"
        if (len(number.den) > 1 or len(_factors(next(iter(number.den)), fmpq(1))[0]) > 1)
        else f"{_wrap(_sum_text(number.num), number.num)}/{_sum_text(number.den)}"
    )


def _wrap(text: str, terms: Terms) -> str:
    return f"({text})" if len(terms) > 1 else text


def _tangent(number: Exact) -> str | None:
    """``q * tan(a)`` where numerator and denominator are the two cosines of one angle."""
    if number.den is None or len(number.num) != 1 or len(number.den) != 1:
        return None
    (((n, h, above, atoms), value),) = number.num.items()
    (((m, g, below, others), unit),) = number.den.items()
    if not above or not below or above + below != 90 or others or m != 1 or g:
        return None
    words, bottoms = _factors((n, h, 0, atoms), value / unit)
    words.append(f"tan({_degrees(below)})")
    return _product(value / unit, words, bottoms)


def _degrees(angle: Degrees) -> str:
    if isinstance(angle, Fraction) and angle.denominator != 1:
        text = f"{float(angle):g}"
        return f"{text}°" if Fraction(text) == angle else f"{angle}°"
    return f"{angle}°"


def _sum_text(terms: Terms) -> str:
    if not terms:
        return "0"
    if len(terms) == 2 and UNIT in terms:
        ((key, value),) = [item for item in terms.items() if item[0] != UNIT]
        if (
            key[:3] == UNIT[:3]
            and len(key[3]) == 1
            and key[3][0].kind == "acos"
            and terms[UNIT] == -90 * value
        ):
            return _product(-value, [atom_text(key[3][0]).replace("acos", "asin", 1)], [])
    parts: list[str] = []
    for key, value in sorted(terms.items(), key=lambda item: _rank(item[0])):
        words, bottoms = _factors(key, value)
        text = _product(abs(value), words, bottoms)
        if value < 0:
            parts.append(f"-{text}" if not parts else f" - {text}")
        else:
            parts.append(text if not parts else f" + {text}")
    if len(parts) > 1 and parts[0].startswith("-") and not all(v < 0 for v in terms.values()):
        first = next(i for i, part in enumerate(parts) if "-" not in part[:2])
        parts.insert(0, parts.pop(first))
        parts[0] = parts[0].removeprefix(" + ")
        parts[1] = f" - {parts[1][1:]}"
    return "".join(parts)


def _rank(key: Key) -> tuple[int, int, float, int, str]:
    return (key[1], len(key[3]), float(key[2]), key[0], str([atom.structure() for atom in key[3]]))


def _factors(key: Key, value: fmpq) -> tuple[list[str], list[str]]:
    """Words above and below the fraction bar."""
    radicand, half_pi, degrees, atoms = key
    words: list[str] = []
    bottoms: list[str] = []
    if radicand != 1:
        words.append(f"sqrt({radicand})")
    if half_pi:
        place = words if half_pi > 0 else bottoms
        power = Fraction(abs(half_pi), 2)
        if power == 1:
            place.append("pi")
        elif power == Fraction(1, 2):
            place.append("sqrt(pi)")
        else:
            place.append(f"pi**{power}" if power.denominator == 1 else f"pi**({power})")
    if degrees:
        words.append(f"sin({_degrees(90 - degrees)})" if degrees > 45 else f"cos({_degrees(degrees)})")
    for atom in dict.fromkeys(atoms):
        count = atoms.count(atom)
        text = atom_text(atom)
        words.append(text if count == 1 else f"({text})**{count}")
    return words, bottoms


def atom_text(atom: Atom) -> str:
    """A nested root, an arc cosine (in degrees: ``180*acos(c)/pi``) or a root of a polynomial."""
    if atom.kind == "root":
        inner = to_text(atom.square)
        if atom.power == 2:
            return f"sqrt({inner})"
        return f"({inner})**(1/{atom.power})" if not inner.isdigit() else f"{inner}**(1/{atom.power})"
    if atom.kind == "acos":
        return f"(180*acos({to_text(atom.square)})/pi)"
    terms = " + ".join(f"{c}*t**{e}" for e, c in enumerate(atom.coefficients) if c)
    return f"root({terms}, {atom.index + 1})"


def _product(value: fmpq, words: list[str], bottoms: list[str]) -> str:
    top, bottom = int(value.p), int(value.q)
    if len(words) == 1 and not bottoms and words[0].startswith(("(180*acos", "(180*asin")):
        inner = words[0][5:-4]
        scale = 180 * abs(top)
        common = reduce(gcd, (scale, bottom))
        scale, bottom = scale // common, bottom // common
        sign = "-" if top < 0 else ""
        head = f"{scale}*" if scale != 1 else ""
        return f"{sign}{head}{inner}/pi" if bottom == 1 else f"{sign}{head}{inner}/({bottom}*pi)"
    above = "*".join(([str(abs(top))] if abs(top) != 1 or not words else []) + words)
    below = ([str(bottom)] if bottom != 1 else []) + bottoms
    sign = "-" if top < 0 else ""
    if not below:
        return sign + above
    return f"{sign}{above}/{below[0]}" if len(below) == 1 else f"{sign}{above}/({'*'.join(below)})"
