"""Witnesses: derivations as plain data that `fgps.check.witness` checks with rational arithmetic alone.

`build` walks the DAG of a derivation and writes steps for every node that is not a plain combination;
plain combinations are flattened (with exact cancellation) into the cofactors of the steps that they rest on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import lcm, prod
from typing import TYPE_CHECKING, Any

from flint import fmpq

from fgps.algebra import witness_trig
from fgps.algebra.exact import Exact
from fgps.algebra.nodes import Node, RootChoice, flatten, sources
from fgps.algebra.poly import Coefficient, Monomial, Poly, coefficient, sign_of
from fgps.algebra.univariate import solve_univariate
from fgps.algebra.witness_data import Json, Kernel, NoWitness, convert, data_of
from fgps.algebra.witness_steps import Part, Steps
from fgps.check import polynomials as plain
from fgps.check.polynomials import ONE

if TYPE_CHECKING:
    from fgps.algebra.system import System


@dataclass(frozen=True, slots=True)
class Witness:
    """The constants and functions that it adds to the ``variables`` of the problem, and the ``steps``."""

    variables: tuple[Any, ...]
    steps: tuple[Json, ...]

    def to_json(self) -> Json:
        """As plain data for ``json.dumps``."""
        return {"variables": list(self.variables), "steps": list(self.steps)}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Witness:
        """From plain data (nothing is checked here: that is the checker's task)."""
        return Witness(tuple(data["variables"]), tuple(data["steps"]))


def build(node: Node, system: System) -> Witness:
    """The witness of a node; `NoWitness` where the format has no step for it."""
    tables = _Tables(system)
    data = tables.problem(node.poly, sources(node))
    steps = tables.builder().build(node)
    return Witness(tuple(tables.kernel.table[len(data["variables"]) :]), tuple(steps))


def problem_data(system: System, claim: Poly, used: tuple[int, ...]) -> Json:
    """The trusted side for the checker: equations and bounds by source id, variables, the claim.

    A variable is the kind of a quantity or a formula: ``["sin", angle]``, ``["quotient", num, den]``.
    """
    return _Tables(system).problem(claim, used)


class _Tables:
    """The tables of a derivation that stands for itself, outside any certificate."""

    def __init__(self, system: System) -> None:
        self.system, self.kernel = system, Kernel()
        self.places: dict[int, int] = {}
        self.equations: dict[int, plain.Poly] = {}
        self.bounds: dict[int, list[plain.Poly]] = {}

    def variable(self, v: int) -> plain.Poly:
        """The checker's variable for one of the system."""
        formula = self.system.formulas.get(v)
        if formula is not None:
            return self.kernel.formula(
                formula[0], *(convert(self.kernel, self.variable, part) for part in formula[1:])
            )
        if v not in self.places:
            self.places[v] = self.kernel.add(self.system.kinds[v], self.system.kinds[v])
        return {(self.places[v],): 1}

    def builder(self) -> Builder:
        """A writer of steps over these tables."""
        self.kernel.start(self.equations.__getitem__, self.bounds.__getitem__, lambda kind, poly: True)
        return Builder(self.system, self.kernel, self.variable)

    def problem(self, claim: Poly, used: tuple[int, ...]) -> Json:
        """See `problem_data`."""
        builder = self.builder()
        stated = builder.poly(claim)
        self.equations.update({n.data: builder.poly(n.poly) for n in self.system.equations if n.data in used})
        for source, bounds in self.system.bounds.items():
            if source in used:
                self.bounds[source] = [bound for parts in bounds for bound in builder.bound(*parts)]
        tangents = [v for v, (name, _) in enumerate(self.kernel.formulas) if name == "tan"]
        self.kernel.defined.update(tangents)
        return {
            "variables": list(self.kernel.table),
            "tangents": tangents,
            "equations": {str(source): data_of(poly) for source, poly in self.equations.items()},
            "bounds": {str(source): list(map(data_of, polys)) for source, polys in self.bounds.items()},
            "claim": data_of(stated),
        }


class Builder:
    """Writes the steps of one witness on a kernel just started; each node once, after what it rests on."""

    def __init__(self, system: System, kernel: Kernel, variable: Callable[[int], plain.Poly]) -> None:
        self._system, self.kernel, self._variable = system, kernel, variable
        self._place: dict[Node, int] = {}
        self.steps = Steps(kernel)

    def build(self, node: Node, claim: plain.Poly | None = None) -> list[Json]:
        """All steps that the node needs, then the node itself (as ``claim`` if that is its form there)."""
        self._emit_all(node)
        place = self.steps.expect(self._place[node], self.poly(node.poly) if claim is None else claim)
        if place != len(self.steps.steps):
            self.steps.emit("combine", parts=[["1", [], place]])
        return pruned(self.steps.steps)

    def poly(self, poly: Poly) -> plain.Poly:
        """A polynomial of the system in the variables of the certificate."""
        return convert(self.kernel, self._variable, poly)

    def formula(self, v: int) -> tuple[str, plain.Poly]:
        """A function and its angle."""
        name, angle = self._system.formulas[v]
        return name, self.poly(angle)

    def bound(self, variable: int, low: Any, high: Any) -> list[plain.Poly]:
        """``low < variable < high`` as polynomials that are positive."""
        ((mono, _),) = self._variable(variable).items()
        below: list[plain.Poly] = [] if low is None else [{mono: 1, **({(): -low} if low else {})}]
        return below + ([] if high is None else [{(): high, mono: -1}])

    # Nodes ----------------------------------------------------------------------------------

    def _emit_all(self, root: Node) -> None:
        """Depth first, parents before children, without recursion."""
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if node in self._place:
                continue
            if ready:
                self._place[node] = getattr(self, f"_emit_{node.kind}")(node)
                continue
            stack.append((node, True))
            for parent in reversed(self._needs(node)):
                if parent not in self._place:
                    stack.append((parent, False))

    @staticmethod
    def _needs(node: Node) -> list[Node]:
        if node.kind == "combine" and not node.divisor:
            bases = [origin for origin, _ in flatten(node).values()]
            if bases != [node]:
                return [*dict.fromkeys(bases), *node.parents]
        needed = [part[2] for part in node.parts] + list(node.parents)
        return list(dict.fromkeys(needed))

    def _emit_equation(self, node: Node) -> int:
        return self.steps.expect(self.steps.emit("given", source=node.data), self.poly(node.poly))

    def _emit_bound(self, node: Node) -> int:
        for variable, _, _ in self._system.bounds[node.data]:
            self._variable(variable)
        return self.steps.emit("bound", source=node.data)

    def _emit_definition(self, node: Node) -> int:
        ((mono, _),) = self._variable(node.data[0]).items()
        for part in node.data[2:]:
            self.steps.prove(self.poly(part))
        return self.define(mono[0])

    def define(self, v: int) -> int:
        """The equation of a formula, which the figure may have to show to be defined."""
        _, polys = self.kernel.formulas[v]
        below = polys[-1] if self.kernel.formulas[v][0] != "tan" else self.kernel.trig("cos", polys[0])
        known = (
            v in self.kernel.defined
            or self.steps.prove(below)
            or self.steps.prove(self.kernel.minus({}, below))
        )
        return self.steps.emit("define", variable=v, how="" if known else "figure")

    def _factor(self, value: Coefficient, mono: tuple[int, ...]) -> plain.Poly:
        """A number times a monomial."""
        return self.kernel.times(self.kernel.number(value), *map(self._variable, mono))

    def _emit_combine(self, node: Node) -> int:
        flat = list(flatten(node).values())
        if node.divisor or [origin for origin, _ in flat] == [node]:
            parts = [(self._factor(c, m), self._place[n]) for c, m, n in node.parts]
        else:
            keys = flatten(node)
            parts = [(self._factor(_number(q), mono), self._place[n]) for (_, mono), (n, q) in keys.items()]
        if node.divisor:
            divisor = self.kernel.times(*map(self._variable, node.divisor))
            return self._divided(parts, divisor, self.poly(node.poly))
        return self.steps.combine(parts, self.poly(node.poly) if self.kernel.exotic else None)

    def _divided(self, parts: list[Part], divisor: plain.Poly, result: plain.Poly) -> int:
        if not self.steps.prove(divisor) and not self.steps.prove(self.kernel.minus({}, divisor)):
            raise NoWitness("a divisor that may vanish")
        return self.steps.divide(parts, [(divisor, "")], result)

    def _emit_factor(self, node: Node) -> int:
        return self._divided(
            [(ONE, self._place[node.parents[0]])], self.poly(node.data), self.poly(node.poly)
        )

    def _emit_product(self, node: Node) -> int:
        """Both sides of two-term equations are multiplied, a root is taken, and what is common goes off."""
        kernel, scale = self.kernel, lcm(*(int(exponent.q) for exponent, _ in node.data))
        sides: list[tuple[_Side, _Side, Part]] = []
        for exponent, parent in node.data:
            left, right, sign = _sides(parent.poly)
            if exponent < 0:
                left, right, sign = right, left, -sign
            sides += [(left, right, ({(): sign}, self._place[parent]))] * abs(int(exponent * scale))
        left, right, sign = _sides(node.poly)
        above = [v for side, _, _ in sides for v in side[1]]
        wanted = list(left[1]) * scale
        missing, common = _difference(wanted, above), _difference(above, wanted)
        number = prod((side[0] for side, _, _ in sides), start=Exact.of(1)) / left[0] ** scale
        first = kernel.times({(): sign}, *map(self._variable, missing))
        parts: list[Part] = []
        for k, (_, _, (factor, place)) in enumerate(sides):
            others = [*(self._side(s[1]) for s in sides[:k]), *(self._side(s[0]) for s in sides[k + 1 :])]
            parts.append((kernel.times(first, factor, *others), place))
        one, two = self._side(left), self._side(right)
        factors = [(self._factor(coefficient(number), tuple(common)), "")]
        if scale > 1:
            powers = [kernel.times(*[one] * k, *[two] * (scale - 1 - k)) for k in range(scale)]
            factors.append((kernel.combine((1, (), power) for power in powers), ""))
        return self.steps.divide(parts, factors, self.poly(node.poly))

    def _side(self, side: _Side) -> plain.Poly:
        return self._factor(coefficient(side[0]), side[1])

    def _emit_positive(self, node: Node) -> int:
        """A symbol or function is positive, by a linear equation or by the range of its angle."""
        own = self._variable(node.data)
        if not self.steps.prove(own, [self._place[parent] for parent in node.parents]):
            raise NoWitness("a variable that is not seen to be positive")
        return 0

    def _emit_root(self, node: Node) -> int:
        """The other factors of an equation in one unknown are not zero."""
        choice: RootChoice = node.data
        kernel, parent = self.kernel, node.parents[0]
        own = self._variable(choice.variable)
        rest, roots = _split(parent, choice.value)
        left = self.poly(Poly({(choice.variable,) * e: c for e, c in rest.items()}))
        start = ONE
        if max(rest) == 2 and not self.steps.prove(left):
            ((v,),) = own
            multiple = self.steps.no_real_root(left, v)
            start = kernel.number(
                coefficient(kernel.exact(_lead(multiple, v)) / kernel.exact(_lead(left, v)))
            )
            left = multiple
        factors = [(left, "")]
        for root in roots:
            if root != choice.value:
                factors.append(self.other(kernel.minus(own, kernel.number(coefficient(root)))))
        power = 1 + sum(root == choice.value for root in roots)
        result = kernel.minus(own, kernel.number(coefficient(choice.value)))
        return self.steps.divide([(start, self._place[parent])], factors, result, power)

    def other(self, factor: plain.Poly, hints: tuple[int, ...] = ()) -> tuple[plain.Poly, str]:
        """A factor that is not zero: by its sign, or else because the figure says so."""
        known = self.steps.prove(factor, hints) or self.steps.prove(self.kernel.minus({}, factor), hints)
        return factor, "" if known else "figure"

    def _emit_identity(self, node: Node) -> int:
        return witness_trig.identity(self, node, [self._place[parent] for parent in node.parents])


#: The coefficient and the monomial of one side of an equation.
_Side = tuple[Exact, Monomial]


def _sides(poly: Poly) -> tuple[_Side, _Side, int]:
    """``left = right`` with positive coefficients; the polynomial is their difference, times the sign."""
    (n, b), (m, a) = sorted(poly.terms.items())
    sign = sign_of(a)
    return (Exact.of(a) * sign, m), (Exact.of(b) * -sign, n), sign


def _difference(one: list[int], two: list[int]) -> list[int]:
    return list((Counter(one) - Counter(two)).elements())


def _lead(poly: plain.Poly, v: int) -> plain.Poly:
    """The coefficient of the square of a variable."""
    return {tuple(w for w in mono if w != v): q for mono, q in poly.items() if mono.count(v) == 2}


#: Steps that matter even if no other cites them: they show what is positive.
_SHOWING = ("bound", "positive", "sine", "define")


def pruned(steps: list[Json]) -> list[Json]:
    """Without the steps that nothing cites; the rest numbered anew."""
    needed = {len(steps)}
    for number in range(len(steps), 0, -1):
        step = steps[number - 1]
        if number in needed or step["rule"] in _SHOWING:
            needed.add(number)
            needed |= {step.get("step", 0)} | {part[-1] for part in step.get("parts", ())}
    new = {old: place for place, old in enumerate(sorted(needed - {0}), start=1)} | {0: 0}
    result = []
    for old in sorted(needed - {0}):
        step = dict(steps[old - 1])
        if "step" in step:
            step["step"] = new[step["step"]]
        if "parts" in step:
            step["parts"] = [[*part[:-1], new[part[-1]]] for part in step["parts"]]
        result.append(step)
    return result


def _number(value: Any) -> Coefficient:
    return fmpq(value) if isinstance(value, int) else value


def _split(parent: Node, value: Exact) -> tuple[dict[int, Coefficient], list[Exact]]:
    """The parent's polynomial divided by all its real roots: what is left, and the other roots."""
    dense = {len(mono): c for mono, c in parent.terms.items()}
    roots = solve_univariate(dense)
    if roots is None:
        raise NoWitness("a polynomial that is not solved")
    rest: dict[int, Coefficient] = dict(dense)
    others: list[Exact] = []
    for root in roots:
        while True:
            quotient = _divide_root(rest, coefficient(root))
            if quotient is None:
                break
            others.append(root)
            rest = quotient
    others.remove(next(root for root in others if root == value))
    return rest, others


def _divide_root(terms: dict[int, Coefficient], root: Coefficient) -> dict[int, Coefficient] | None:
    """The polynomial divided by ``v - root`` if that leaves nothing."""
    degree = max(terms)
    if degree == 0:
        return None
    carry: Any = fmpq(0)
    quotient: dict[int, Coefficient] = {}
    for exponent in range(degree, -1, -1):
        carry = terms.get(exponent, fmpq(0)) + carry * root
        if isinstance(carry, Exact):
            carry = coefficient(carry)
        if exponent and carry:
            quotient[exponent - 1] = carry
    return None if carry else quotient
