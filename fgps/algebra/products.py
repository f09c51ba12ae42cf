"""The product closure: equations ``monomial = constant * monomial`` of positive quantities, on exponents.

The logarithm makes such an equation linear: unknown columns are the variables, constant columns are
primes, pi and whatever else a constant is a product of.  The same elimination as for
sums then finds every consequence; roots are unique because all quantities are positive.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flint import fmpq, fmpz

from fgps.algebra.exact import Exact
from fgps.algebra.functions import NoRealValue, UnsupportedAngle, nth_root
from fgps.algebra.nodes import Node
from fgps.algebra.poly import Coefficient, Monomial, sign_of
from fgps.algebra.terms import MAX_FACTORED_BITS, UNIT, Atom, TooLarge, Undecided

#: A constant column: a prime, ``"pi"``, a cosine (degrees), an atom, or a sum taken whole.
Column = object
_ZERO = fmpq(0)
_Parts = dict[int, tuple[Node, fmpq]]


@dataclass(slots=True)
class LogRow:
    """``sum exponent * log(variable) == sum exponent * log(constant)`` and the equations it combines."""

    powers: dict[int, fmpq]
    constant: dict[Column, fmpq]
    parts: _Parts


class Whole:
    """A positive number that is not a product: compared by its normal form."""

    __slots__ = ("key", "number")

    def __init__(self, number: Exact) -> None:
        self.number = number
        self.key = number.structure()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Whole) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def factor_constant(number: Exact) -> dict[Column, fmpq]:
    """A positive number as a product of columns."""
    result: dict[Column, fmpq] = {}

    def put(column: Column, exponent: fmpq) -> None:
        total = result.get(column, _ZERO) + exponent
        if total:
            result[column] = total
        else:
            result.pop(column, None)

    def integer(value: int, exponent: fmpq) -> None:
        if value.bit_length() > MAX_FACTORED_BITS:
            raise TooLarge("constant")
        for prime, power in fmpz(value).factor():
            put(int(prime), exponent * power)

    for terms, side in ((number.num, fmpq(1)), (number.den, fmpq(-1))):
        if terms is None:
            continue
        if len(terms) > 1:
            lead = next(
                iter(sorted(terms.items(), key=lambda item: (item[0][0], item[0][1], float(item[0][2]))))
            )[1]
            scale = abs(lead)
            integer(int(scale.p), side)
            integer(int(scale.q), -side)
            put(Whole(Exact({k: v / scale for k, v in terms.items()})), side)
            continue
        (((radicand, half_pi, degrees, atoms), value),) = terms.items()
        integer(abs(int(value.p)), side)
        integer(int(value.q), -side)
        if radicand != 1:
            integer(radicand, side / 2)
        if half_pi:
            put("pi", side * fmpq(half_pi, 2))
        if degrees:
            put(("cos", degrees), side)
        for atom in atoms:
            if atom.kind == "root" and len(atom.square.num) > 1:
                put(Whole(atom.square), side / atom.power)
            else:
                put(atom, side)
    return result


def build_constant(columns: dict[Column, fmpq], scale: fmpq) -> Exact | None:
    """The product with every exponent times ``scale``; None if it has no exact form here."""
    number = Exact.of(1)
    try:
        for column, exponent in columns.items():
            power = Fraction(int((exponent * scale).p), int((exponent * scale).q))
            if column == "pi":
                if (power * 2).denominator != 1:
                    return None
                number = number * Exact.pi(power)
                continue
            if abs(power) > 60 or power.denominator > 8:
                return None
            base = _column_value(column)
            number = number * nth_root(base ** abs(power.numerator), power.denominator) ** (
                1 if power > 0 else -1
            )
    except (TooLarge, Undecided, UnsupportedAngle, NoRealValue):
        return None
    return number


def _column_value(column: Column) -> Exact:
    if isinstance(column, int):
        return Exact.of(column)
    if isinstance(column, Whole):
        return column.number
    if isinstance(column, Atom):
        return Exact({(1, 0, 0, (column,)): fmpq(1)})
    assert isinstance(column, tuple)
    return Exact({(1, 0, column[1], ()): fmpq(1)})


def split_two_terms(terms: dict[Monomial, Coefficient]) -> tuple[Monomial, Monomial, Exact] | None:
    """``(m, n, k)`` with ``m == k * n``, ``m > n`` as tuples and ``k > 0``, if the equation has that form."""
    if len(terms) != 2:
        return None
    (m, a), (n, b) = terms.items()
    if sign_of(a) * sign_of(b) > 0:
        return None
    if m < n:
        m, n, a, b = n, m, b, a
    return m, n, Exact.of(-(b / a))


class Products:
    """The elimination on exponents.  Only equations between positive quantities may enter."""

    def __init__(self) -> None:
        self.rows: dict[int, LogRow] = {}
        self.where: dict[int, dict[int, None]] = {}
        self.clashes: list[LogRow] = []

    def reduce(self, row: LogRow) -> LogRow:
        """Normal form by the rows so far."""
        for variable in list(row.powers):
            factor = row.powers.get(variable)
            if factor is not None and variable in self.rows:
                row = _subtract(row, self.rows[variable], factor)
        return row

    def enter(self, terms: dict[Monomial, Coefficient], node: Node) -> list[LogRow]:
        """Add a two-term equation; returns the rows that are new or changed."""
        row = log_row(terms, node)
        if row is None:
            return []
        row = self.reduce(row)
        if not row.powers:
            if row.constant:
                self.clashes.append(row)
            return []
        pivot = max(row.powers, key=lambda index: (index,))
        lead = row.powers[pivot]
        row = LogRow(
            {k: v / lead for k, v in row.powers.items()},
            {k: v / lead for k, v in row.constant.items()},
            {k: (n, v / lead) for k, (n, v) in row.parts.items()},
        )
        users = list(self.where.get(pivot, ()))
        self.rows[pivot] = row
        self._register(pivot, row)
        changed = [row]
        for user in users:
            old = self.rows[user]
            new = _subtract(old, row, old.powers[pivot])
            for variable in old.powers:
                self.where[variable].pop(user, None)
            self.rows[user] = new
            self._register(user, new)
            changed.append(new)
        return changed

    def _register(self, pivot: int, row: LogRow) -> None:
        for variable in row.powers:
            self.where.setdefault(variable, {})[pivot] = None


def log_row(terms: dict[Monomial, Coefficient], node: Node | None) -> LogRow | None:
    """A two-term equation as a row of exponents."""
    try:
        split = split_two_terms(terms)
        if split is None:
            return None
        left, right, constant = split
        powers: dict[int, fmpq] = {}
        for mono, unit in ((left, 1), (right, -1)):
            for index in mono:
                powers[index] = powers.get(index, _ZERO) + unit
        powers = {index: power for index, power in powers.items() if power}
        columns = (
            {} if constant.num == {UNIT: fmpq(1)} and constant.den is None else factor_constant(constant)
        )
    except (TooLarge, Undecided):
        return None
    return LogRow(powers, columns, {id(node): (node, fmpq(1))} if node is not None else {})


def _subtract(row: LogRow, other: LogRow, factor: fmpq) -> LogRow:
    powers, constant, parts = dict(row.powers), dict(row.constant), dict(row.parts)
    for variable, value in other.powers.items():
        total = powers.get(variable, _ZERO) - factor * value
        if total:
            powers[variable] = total
        else:
            powers.pop(variable, None)
    for column, value in other.constant.items():
        total = constant.get(column, _ZERO) - factor * value
        if total:
            constant[column] = total
        else:
            constant.pop(column, None)
    for key, (node, value) in other.parts.items():
        total = (parts[key][1] if key in parts else _ZERO) - factor * value
        if total:
            parts[key] = (node, total)
        else:
            parts.pop(key, None)
    return LogRow(powers, constant, parts)


def row_terms(row: LogRow) -> tuple[dict[Monomial, Coefficient], fmpq] | None:
    """A row with at most two variables as a polynomial with least integer exponents, if it has one.

    The second result is the power of the row that the polynomial ``m == k * n`` with ``m > n`` is.
    """
    if len(row.powers) > 2 or not row.powers:
        return None
    bottom = 1
    top = 0
    for power in row.powers.values():
        bottom = int(fmpz(bottom).lcm(power.q))
    for power in row.powers.values():
        top = int(fmpz(top).gcd(abs((power * bottom).p)))
    scale = fmpq(bottom, top)
    left: list[int] = []
    right: list[int] = []
    for index, power in row.powers.items():
        exponent = int((power * scale).p)
        if abs(exponent) > 12:
            return None
        (left if exponent > 0 else right).extend([index] * abs(exponent))
    constant = build_constant(row.constant, scale)
    if constant is None:
        return None
    value = constant.as_rational()
    coefficient: Coefficient = -constant if value is None else -value
    m, n = tuple(sorted(left)), tuple(sorted(right))
    return {m: fmpq(1), n: coefficient}, (scale if m > n else -scale)
