"""Quotients of sums: denominators are made rational where square roots alone stand in them."""

from __future__ import annotations

from fractions import Fraction

from flint import fmpq

from fgps.algebra.terms import ONE, UNIT, Atom, Degrees, Key, Terms, TooLarge, cosine_terms, mul_terms

Quotient = tuple[Terms, Terms | None]


def _conjugate_by(terms: Terms) -> Terms | None:
    """The sum with one root's sign changed, if it contains square roots."""
    nested = [atom for key in terms for atom in key[3] if atom.kind == "root" and atom.power == 2]
    if nested:
        # The youngest first: older roots may stand inside it, never the other way round.
        last = max(nested)
        return {k: (-v if k[3].count(last) % 2 else v) for k, v in terms.items()}
    radicand = max(key[0] for key in terms)
    if radicand == 1:
        return None
    prime = _a_prime_of(radicand)
    return {k: (-v if k[0] % prime == 0 else v) for k, v in terms.items()}


def _a_prime_of(number: int) -> int:
    factor = 2
    while factor * factor <= number:
        if number % factor == 0:
            return factor
        factor += 1
        if factor > 10_000:
            break
    return number


def _invert_term(key: Key, value: fmpq) -> Quotient:
    """The inverse of one term: roots move up, cosines and arc cosines stay below."""
    radicand, half_pi, degrees, atoms = key
    num: Terms = {(radicand, -half_pi, 0, ()): 1 / (value * radicand)}
    den: Terms | None = None
    below: list[Atom] = []
    for atom in dict.fromkeys(atoms):
        count = atoms.count(atom)
        if atom.kind == "root":
            num = mul_terms(num, {(1, 0, 0, (atom,) * (atom.power - count)): ONE})
            inverse, extra = quotient({UNIT: ONE}, atom.square.num)
            num = mul_terms(num, inverse)
            if extra is not None:
                den = extra if den is None else mul_terms(den, extra)
        else:
            below.extend([atom] * count)
    if degrees or below:
        last: Terms = {(1, 0, degrees, tuple(below)): ONE}
        den = last if den is None else mul_terms(den, last)
    return num, den


def quotient(num: Terms, den: Terms | None) -> Quotient:
    """``num / den`` with the denominator made rational where square roots alone stand in it."""
    if den is None or not num:
        return num, None
    scaled = _proportion(num, den)
    if scaled is not None:
        return {UNIT: scaled}, None
    waves = len(den) > 1 and any(key[2] for key in den)
    if len(den) == 1 and len(num) == 2:
        simple = _cancel_cosine(num, den)
        if simple is not None:
            return simple
    for _ in range(0 if waves else 5):
        if len(den) == 1:
            ((key, value),) = den.items()
            above, rest = _invert_term(key, value)
            return mul_terms(num, above), rest
        other = _conjugate_by(den)
        if other is None or other == den:
            break
        try:
            below = mul_terms(den, other)
            if not below or len(below) > 2 * len(den) + 2:
                break
            num, den = mul_terms(num, other), below
        except TooLarge:
            break
    lead = min(den.items(), key=lambda item: (item[0][0], item[0][1], float(item[0][2]), len(item[0][3])))[1]
    return {k: v / lead for k, v in num.items()}, {k: v / lead for k, v in den.items()}


def _cancel_cosine(num: Terms, den: Terms) -> Quotient | None:
    """``(cos x + cos y) / cos z`` where the sum is a product with the factor ``cos z``."""
    ((first, a), (second, b)), ((below, unit),) = num.items(), den.items()
    same = (first[0], first[1], first[3]) == (second[0], second[1], second[3])
    if not below[2] or below[3] or not same or abs(a) != abs(b):
        return None
    x, y = Fraction(first[2]), Fraction(second[2])
    half_sum, half_difference = (x + y) / 2, (x - y) / 2
    if a == b:
        factors, scale = (half_sum, half_difference), 2 * a
    else:
        factors, scale = (90 - half_sum, 90 - half_difference), -2 * a
    for cancelled, kept in (factors, factors[::-1]):
        for sign in (1, -1):
            if cosine_terms(cancelled) == {(1, 0, _plain(Fraction(below[2])), ()): fmpq(sign)}:
                rest = mul_terms({(first[0], first[1], 0, first[3]): sign * scale / unit}, cosine_terms(kept))
                return quotient(rest, {(below[0], below[1], 0, ()): ONE})
    return None


def _plain(degrees: Fraction) -> Degrees:
    return int(degrees) if degrees.denominator == 1 else degrees


def _proportion(num: Terms, den: Terms) -> fmpq | None:
    """The rational ``q`` with ``num == q * den`` term by term, if there is one."""
    if len(num) != len(den):
        return None
    ratio: fmpq | None = None
    for key, value in num.items():
        other = den.get(key)
        if other is None:
            return None
        if ratio is None:
            ratio = value / other
        elif value != ratio * other:
            return None
    return ratio
