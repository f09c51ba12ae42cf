"""Deciding the sign of an `Exact`: enclosures for "different", exact arguments for "zero".

A sum of algebraic numbers that is not zero cannot be arbitrarily small: if ``L * E`` is an algebraic
integer of degree at most ``D`` whose conjugates are all at most ``u`` in size, then
``|L * E| >= u ** -(D - 1)`` unless it is zero.  So one enclosure that is sharp enough decides.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm, log2

from flint import arb, ctx, fmpq, fmpz

from fgps.algebra.exact import PRECISION, Exact
from fgps.algebra.terms import UNIT, Atom, Terms, TooLarge, Undecided, radical_primes, terms_ball

#: Largest precision (bits) that a decision may need.
LIMIT = 20_000


def terms_at(terms: Terms, precision: int) -> arb:
    """An enclosure of a sum, computed with ``precision`` bits."""
    before = ctx.prec
    ctx.prec = precision
    try:
        return terms_ball(terms)
    finally:
        ctx.prec = before


def is_zero(terms: Terms) -> bool:
    """Is the sum zero?  Raises `Undecided` if this cannot be settled."""
    if not terms:
        return True
    if len(terms) == 1 or all(not key[2] and not key[3] for key in terms):
        return False
    if not terms_at(terms, PRECISION).contains(0):
        return False
    if any(atom.kind == "acos" for key in terms for atom in key[3]):
        return _angle_is_zero(terms)
    layers: dict[int, Terms] = {}
    for (n, h, c, a), value in terms.items():
        layers.setdefault(h, {})[(n, 0, c, a)] = value
    # pi is transcendental: the coefficient of each power of its root must vanish.
    return all(_algebraic_is_zero(layer) for layer in layers.values())


def _algebraic_is_zero(terms: Terms) -> bool:
    if len(terms) == 1:
        return False
    if not terms_at(terms, PRECISION).contains(0):
        return False
    nested = [a for key in terms for a in key[3] if a.kind == "root" and a.power == 2]
    if nested:
        return _is_zero_by_squaring(terms, max(nested))
    bits = _separation_bits(terms)
    if bits > LIMIT:
        raise Undecided("the root bound is out of reach")
    for precision in (4 * PRECISION, bits + 128, 2 * bits + 1024):
        ball = terms_at(terms, precision)
        if not ball.contains(0):
            return False
        if ball.abs_upper() < arb(2) ** (-bits):
            return True
    raise Undecided("precision limit")


def _is_zero_by_squaring(terms: Terms, atom: Atom) -> bool:
    """``A + B*s == 0`` exactly if ``A**2 == B**2 * s**2`` and A, B have opposite signs (or both vanish)."""
    without = {key: value for key, value in terms.items() if atom not in key[3]}
    factor = {
        (n, h, c, tuple(other for other in a if other is not atom)): value
        for (n, h, c, a), value in terms.items()
        if atom in a
    }
    first, second = Exact(without), Exact(factor)
    if is_zero(factor):
        return is_zero(without)
    if is_zero(without):
        return False
    if sign(first) == sign(second):
        return False
    return is_zero((first * first - second * second * atom.square).num)


def _separation_bits(terms: Terms) -> int:
    """``b`` such that the sum is either zero or larger than ``2**-b``."""
    degree, log_size, log_scale = _measure(terms)
    return int((degree - 1) * max(0.0, log_size + log_scale) + log_scale) + 2


def _measure(terms: Terms) -> tuple[int, float, float]:
    """Degree bound; log2 bound on all conjugates; log2 of a factor that makes it an integer."""
    primes: set[int] = set()
    cosines = 1
    atoms: dict[Atom, tuple[float, float]] = {}
    denominator = fmpz(1)
    most_scale = 0.0
    size = arb(0)
    for (n, _, c, a), value in terms.items():
        if n != 1:
            primes.update(radical_primes(n))
        scale = 0.0
        log_bound = 0.0
        if c:
            # 2*cos(360*k/m degrees) is an algebraic integer in the real field of the m-th roots of unity.
            cosines = lcm(
                cosines, Fraction(c, 360).denominator if isinstance(c, int) else (c / 360).denominator
            )
            scale += 1
        for atom in a:
            if atom not in atoms:
                atoms[atom] = _atom_measure(atom)
            log_bound += atoms[atom][0]
            scale += atoms[atom][1]
        denominator = denominator * value.q / denominator.gcd(value.q)
        most_scale = max(most_scale, scale)
        size += abs(arb(value)) * arb(n).sqrt() * arb(2) ** arb(log_bound)
    degree = 2 ** len(primes) * max(1, _phi(cosines) // 2)
    for atom in _closure(atoms):
        degree *= atom.power
        for key in atom.square.num:
            if key[0] != 1:
                extra = set(radical_primes(key[0])) - primes
                degree *= 2 ** len(extra)
                primes |= extra
            if key[2]:
                degree *= max(1, _phi(Fraction(key[2]).limit_denominator(10**6).denominator * 360))
    if degree > 10**6:
        raise Undecided("the degree is out of reach")
    log_size = float((size + arb(2) ** -20).log().abs_upper()) / 0.6931 + 1
    return (
        degree,
        log_size,
        float(denominator.bit_length() if hasattr(denominator, "bit_length") else 64) + most_scale,
    )


def _closure(atoms: dict[Atom, tuple[float, float]]) -> list[Atom]:
    """The atoms and all atoms inside them, oldest first."""
    found: set[Atom] = set()
    stack = list(atoms)
    while stack:
        atom = stack.pop()
        if atom in found:
            continue
        found.add(atom)
        if atom.kind == "root":
            stack.extend(inner for key in atom.square.num for inner in key[3])
    return sorted(found)


def _atom_measure(atom: Atom) -> tuple[float, float]:
    """log2 bounds: all conjugates of the atom; a factor that makes it an algebraic integer."""
    if atom.kind == "poly":
        lead = abs(atom.coefficients[-1])
        largest = max(abs(value) for value in atom.coefficients)
        return log2(1 + largest / lead) + 0.1, log2(lead) + 0.1
    degree, size, scale = _measure(atom.square.num)
    return max(0.0, size) / atom.power + 0.1, scale


def _phi(number: int) -> int:
    result = number
    for prime, _ in fmpz(number).factor():
        result -= result // int(prime)
    return result


def _angle_is_zero(terms: Terms) -> bool:
    """Zero test for a rational combination of arc cosines and a rational number of degrees."""
    from fgps.algebra.functions import UnsupportedAngle, cos_degrees

    ball = terms_at(terms, 400)
    if not ball.contains(0):
        return False
    common = _common_factor(terms)
    if common is not None and common != UNIT:
        # All terms share the factor: the rest decides.
        n, h, c, a = common
        rest = {}
        for key, value in terms.items():
            atoms = list(key[3])
            for atom in a:
                atoms.remove(atom)
            rest[(key[0] // n, key[1] - h, 0 if c else key[2], tuple(atoms))] = value
        return is_zero(rest)
    try:
        angle = Exact(terms)
        # The enclosure leaves only the multiple of 360 degrees that is zero itself.
        return cos_degrees(angle) == 1
    except (UnsupportedAngle, TooLarge) as problem:
        raise Undecided("arc cosines mixed with other irrationals") from problem


def _common_factor(terms: Terms) -> tuple[int, int, int | Fraction, tuple[Atom, ...]] | None:
    keys = list(terms)
    n = 0
    for key in keys:
        n = gcd(n, key[0])
    h = min(key[1] for key in keys)
    c = keys[0][2] if all(key[2] == keys[0][2] for key in keys) else 0
    if any(key[1] != h for key in keys):
        h = 0
    if not all(key[0] == n for key in keys):
        n = 1
    return (n, h, c, ())


def sign(number: Exact) -> int:
    """-1, 0 or 1, certified."""
    ball = number.ball()
    if ball > 0:
        return 1
    if ball < 0:
        return -1
    if is_zero(number.num):
        return 0
    precision = 2 * PRECISION
    while precision <= LIMIT:
        ball = number.ball(precision)
        if ball > 0:
            return 1
        if ball < 0:
            return -1
        precision *= 2
    raise Undecided("precision limit")


def as_rational(number: Exact) -> fmpq | None:
    """The rational value even where the normal form hides it (``cos 20 - cos 40 - cos 80 + 1``)."""
    value = number.as_rational()
    if value is not None:
        return value
    if number.den is None and all(not key[2] and not key[3] for key in number.num):
        return None
    guess = Fraction(float(number)).limit_denominator(1000)
    if abs(float(number) - float(guess)) > 1e-9:
        return None
    candidate = fmpq(guess.numerator, guess.denominator)
    return candidate if number == Exact.of(candidate) else None
