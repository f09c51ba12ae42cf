"""Factors of a polynomial that cannot be zero, divided away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from fgps.algebra.nodes import Node
from fgps.algebra.poly import Coefficient, Monomial, Poly, common_monomial, divide_monomial, lower

if TYPE_CHECKING:
    from fgps.algebra.system import System

Terms = dict[Monomial, Coefficient]

#: Polynomials larger than this are not factored.
MAX_TERMS = 24
MAX_DEGREE = 8


def drop_positive_factors(system: System, terms: Terms, node: Node) -> tuple[Terms, Node]:
    """The equation without positive factors (common variables first, then sums of positive terms)."""
    terms, node = _drop_monomial(system, terms, node)
    if len(terms) < 4 or len(terms) > MAX_TERMS or max(len(mono) for mono in terms) > MAX_DEGREE:
        return terms, node
    if all(len(mono) <= 1 for mono in terms):
        return terms, node
    pieces = _rational_factors(terms)
    if pieces is None:
        pieces = _content_in_a_linear_variable(terms)
    if pieces is None:
        return terms, node
    return _keep_one(system, terms, node, pieces)


def _drop_monomial(system: System, terms: Terms, node: Node) -> tuple[Terms, Node]:
    if () in terms:
        return terms, node
    divisor = tuple(i for i in common_monomial(terms) if system.is_positive(i))
    if not divisor or len(terms) == 1:
        return terms, node
    reduced = {divide_monomial(mono, divisor): value for mono, value in terms.items()}
    parents = system.why_positive(dict.fromkeys(divisor))
    return reduced, Node("combine", reduced, ((fmpq(1), (), node),), parents=parents, divisor=divisor)


def _keep_one(system: System, terms: Terms, node: Node, pieces: list[Poly]) -> tuple[Terms, Node]:
    """The product of the factors that may vanish; the cofactor is the rest."""
    kept = Poly.constant(1)
    away = Poly.constant(1)
    count = 0
    because: dict[int, Node] = {}
    for piece in pieces:
        if system.sign_definite(piece) or system.sign_definite(-piece):
            away = away * piece
            for reason in system.why_positive(piece.variables()):
                because[id(reason)] = reason
        elif kept.terms == piece.terms:
            # A square vanishes where its root does: the witness multiplies by the root once more.
            away = away * piece
        else:
            kept = kept * piece
            count += 1
    if away.as_constant() is not None or count == 0:
        return terms, node
    scale = _ratio(terms, (kept * away).terms)
    if scale is None:
        return terms, node
    reduced = kept.terms
    return reduced, Node("factor", reduced, data=away.scale(scale), parents=(node, *because.values()))


def _ratio(terms: Terms, product: Terms) -> Coefficient | None:
    if len(terms) != len(product):
        return None
    mono = next(iter(terms))
    if mono not in product:
        return None
    ratio = lower(terms[mono] / product[mono])
    same = all(m in product and lower(product[m] * ratio) == value for m, value in terms.items())
    return ratio if same else None


def _rational_factors(terms: Terms) -> list[Poly] | None:
    """The irreducible factors over Q (repeated by multiplicity); None if irreducible or irrational."""
    if any(value.__class__ is not fmpq for value in terms.values()):
        return None
    names = sorted({index for mono in terms for index in mono})
    place = {index: position for position, index in enumerate(names)}
    context = fmpq_mpoly_ctx.get(tuple(f"x{index}" for index in names), Ordering.degrevlex)
    dense = {}
    for mono, value in terms.items():
        exponents = [0] * len(names)
        for index in mono:
            exponents[place[index]] += 1
        dense[tuple(exponents)] = value
    _, factors = context.from_dict(dense).factor()
    if len(factors) == 1 and factors[0][1] == 1:
        return None
    result: list[Poly] = []
    for factor, power in factors:
        piece: Terms = {}
        for powers, value in factor.to_dict().items():
            mono = tuple(index for index, count in zip(names, powers, strict=True) for _ in range(count))
            piece[mono] = fmpq(value)
        result.extend([Poly(piece)] * int(power))
    return result


def _content_in_a_linear_variable(terms: Terms) -> list[Poly] | None:
    """``A*v + B`` with A and B in one other variable: divide by their common factor (any coefficients)."""
    names = sorted({index for mono in terms for index in mono})
    if len(names) != 2:
        return None
    for variable in names:
        other = names[0] if variable == names[1] else names[1]
        if any(mono.count(variable) > 1 for mono in terms):
            continue
        parts: list[dict[int, Coefficient]] = [{}, {}]
        for mono, value in terms.items():
            parts[mono.count(variable)][mono.count(other)] = value
        common = _gcd(parts[1], parts[0])
        if max(common) == 0:
            continue
        rest: Terms = {}
        for power, part in enumerate(parts):
            quotient, _ = _divide(part, common)
            for exponent, value in quotient.items():
                rest[tuple(sorted((variable,) * power + (other,) * exponent))] = value
        return [Poly(rest), Poly({(other,) * exponent: value for exponent, value in common.items()})]
    return None


def _gcd(a: dict[int, Coefficient], b: dict[int, Coefficient]) -> dict[int, Coefficient]:
    while b:
        a, b = b, _divide(a, b)[1]
    lead = a[max(a)]
    return {exponent: lower(value / lead) for exponent, value in a.items()}


def _divide(
    a: dict[int, Coefficient], b: dict[int, Coefficient]
) -> tuple[dict[int, Coefficient], dict[int, Coefficient]]:
    quotient: dict[int, Coefficient] = {}
    rest = dict(a)
    degree = max(b)
    while rest and max(rest) >= degree:
        top = max(rest)
        factor = lower(rest[top] / b[degree])
        quotient[top - degree] = factor
        for exponent, value in b.items():
            total = lower(rest.get(exponent + top - degree, fmpq(0)) - factor * value)
            if exponent == degree or not total:
                rest.pop(exponent + top - degree, None)
            else:
                rest[exponent + top - degree] = total
    return quotient, rest
