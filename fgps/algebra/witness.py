"""Witnesses: derivations as plain data that `verify_witness.verify` checks with rational arithmetic alone.

`build` walks the DAG of a derivation and writes one step for every node that is not a plain combination;
plain combinations are flattened (with exact cancellation) into the cofactors of the steps that they rest on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flint import fmpq

from fgps.algebra.exact import NUMBER_ONE, Exact
from fgps.algebra.functions import sqrt
from fgps.algebra.nodes import Node, RootChoice, flatten, sources
from fgps.algebra.poly import Coefficient, Monomial, Poly, coefficient
from fgps.algebra.univariate import solve_univariate
from fgps.algebra.witness_data import NoWitness, Writer

if TYPE_CHECKING:
    from fgps.algebra.system import System

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Witness:
    """The irrational ``atoms`` of its numbers and the ``steps``; see the README."""

    atoms: tuple[Any, ...]
    steps: tuple[Json, ...]

    def to_json(self) -> Json:
        """As plain data for ``json.dumps``."""
        return {"atoms": list(self.atoms), "steps": list(self.steps)}

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> Witness:
        """From plain data (nothing is checked here: that is the checker's task)."""
        return Witness(tuple(data["atoms"]), tuple(data["steps"]))


def build(node: Node, system: System) -> Witness:
    """The witness of a node; `NoWitness` where the format has no step for it."""
    return Builder(system).build(node)


def problem_data(system: System, claim: Poly, used: tuple[int, ...]) -> Json:
    """The trusted side for the checker: equations and bounds by source id, kinds, formulas, the claim.

    ``formulas`` say what the auxiliary variables mean: ``["sin", angle]``, ``["quotient", num, den]``.
    """
    return _problem(Writer(), system, claim, used)


def _problem(writer: Writer, system: System, claim: Poly, used: tuple[int, ...]) -> Json:
    equations = {str(n.data): writer.poly(n.poly) for n in system.equations if n.data in used}
    bounds = {
        str(source): [[variable, _text(low), _text(high)] for variable, low, high in stated]
        for source, stated in system.bounds.items()
        if source in used
    }
    kinds = [[v, kind] for v, kind in enumerate(system.kinds) if v not in system.formulas]
    formulas = [
        [v, [name, *(writer.poly(poly) for poly in polys)]] for v, (name, *polys) in system.formulas.items()
    ]
    data = {"equations": equations, "bounds": bounds, "kinds": kinds, "formulas": formulas}
    data["claim"] = writer.poly(claim)
    data["atoms"] = list(writer.atoms)
    return data


def _text(value: object) -> str | None:
    return None if value is None else str(value)


class Builder:
    """Writes the steps of one witness; each node once, after what it rests on."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._writer = Writer()
        self._steps: list[Json] = []
        self._place: dict[Node, int] = {}

    def build(self, node: Node) -> Witness:
        """Emit all steps that the node needs, then the node itself."""
        # The problem's own atoms come first, with the numbers that `problem_data` gives them.
        _problem(self._writer, self._system, node.poly, sources(node))
        given = len(self._writer.atoms)
        self._emit_all(node)
        if self._place[node] != len(self._steps):
            self._steps.append({"rule": "combine", "parts": [["1", [], self._place[node]]]})
        return Witness(tuple(self._writer.atoms[given:]), tuple(pruned(self._steps)))

    def _emit_all(self, root: Node) -> None:
        """Depth first, parents before children, without recursion."""
        stack: list[tuple[Node, bool]] = [(root, False)]
        while stack:
            node, ready = stack.pop()
            if node in self._place:
                continue
            if ready:
                self._emit(node)
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

    def _step(self, node: Node, **data: Any) -> None:
        self._steps.append(data)
        self._place[node] = len(self._steps)

    def _at(self, node: Node | None) -> int:
        return 0 if node is None else self._place[node]

    def _emit(self, node: Node) -> None:
        getattr(self, f"_emit_{node.kind}")(node)

    def _emit_equation(self, node: Node) -> None:
        self._step(node, rule="given", source=node.data)

    def _emit_bound(self, node: Node) -> None:
        self._step(node, rule="bound", source=node.data)

    def _emit_definition(self, node: Node) -> None:
        self._step(node, rule="define", variable=node.data[0])

    def _emit_combine(self, node: Node) -> None:
        if node.divisor:
            parts = [[self._writer.number(c), list(m), self._at(n)] for c, m, n in node.parts]
            divisor = [["1", list(node.divisor)]]
            self._step(
                node, rule="combine", parts=parts, divisor=divisor, result=self._writer.poly(node.poly)
            )
            return
        flat = flatten(node)
        bases = [origin for origin, _ in flat.values()]
        if bases == [node]:
            parts = [[self._writer.number(c), list(m), self._at(n)] for c, m, n in node.parts]
        else:
            parts = [
                [self._writer.number(_number(value)), list(mono), self._at(origin)]
                for (_, mono), (origin, value) in flat.items()
            ]
        if len(parts) == 1 and parts[0][0] == "1" and not parts[0][1]:
            self._place[node] = parts[0][2]
            return
        self._step(node, rule="combine", parts=parts)

    def _emit_factor(self, node: Node) -> None:
        self._step(
            node,
            rule="combine",
            parts=[["1", [], self._at(node.parents[0])]],
            divisor=self._writer.poly(node.data),
            result=self._writer.poly(node.poly),
        )

    def _emit_product(self, node: Node) -> None:
        parts = [[str(exponent), self._monic(parent, max(parent.terms))] for exponent, parent in node.data]
        self._step(node, rule="product", parts=parts, result=self._writer.poly(node.poly))

    def _monic(self, node: Node, mono: Monomial) -> int:
        """The place of the node's equation divided by its coefficient at a monomial."""
        flat = list(flatten(node).items())
        if len(flat) == 1 and not flat[0][0][1]:
            node = flat[0][1][0]
        lead = node.terms[mono]
        if lead == 1:
            return self._at(node)
        factor = self._writer.number(coefficient(1 / Exact.of(lead)))
        self._steps.append({"rule": "combine", "parts": [[factor, [], self._at(node)]]})
        return len(self._steps)

    def _emit_positive(self, node: Node) -> None:
        row = next((parent for parent in node.parents if (node.data,) in parent.terms), None)
        if node.data in self._system.formulas and self._system.formulas[node.data][0] in (
            "sin",
            "cos",
            "tan",
        ):
            row = row if row is not None and row.kind == "combine" else None
        self._step(
            node,
            rule="positive",
            variable=node.data,
            step=0 if row is None else self._monic(row, (node.data,)),
        )

    def _emit_root(self, node: Node) -> None:
        choice: RootChoice = node.data
        parent = node.parents[0]
        rest, roots = _split(parent, choice.value)
        by_model = [item.value for item in choice.excluded if item.why == "model"]
        others = [
            [self._writer.number(root), "model" if any(root == value for value in by_model) else "range"]
            for root in roots
        ]
        self._step(
            node,
            rule="root",
            step=self._at(parent),
            value=self._writer.number(choice.value),
            others=others,
            rest=[self._writer.poly(Poly({(choice.variable,) * e: c for e, c in p.items()})) for p in rest],
        )

    def _emit_identity(self, node: Node) -> None:
        name, data = node.data
        getattr(self, f"_identity_{name}")(node, data)

    def _identity_value(self, node: Node, data: Any) -> None:
        _, _, angle = data
        variable = next(m[0] for m in node.terms if m)
        step = self._at(node.parents[0]) if node.parents else 0
        self._step(
            node,
            rule="value",
            variable=variable,
            angle=self._writer.number(angle),
            step=step,
            halves=self._halves(angle),
        )

    def _identity_inverse(self, node: Node, data: Any) -> None:
        name, form, angle, excluded = data
        variable = self._function(name, form)
        why = "model" if any(item.why == "model" for item in excluded) else "range"
        self._step(
            node,
            rule="inverse",
            variable=variable,
            angle=self._writer.number(angle),
            step=self._at(node.parents[0]),
            halves=self._halves(angle),
            other=why,
        )

    def _function(self, name: str, form: Poly) -> int:
        return self._system.variables[("trig", name, form.key())]

    def _identity_circle(self, node: Node, form: Poly) -> None:
        self._step(node, rule="circle", variables=[self._function("sin", form), self._function("cos", form)])

    def _identity_tangent(self, node: Node, form: Poly) -> None:
        self._step(node, rule="circle", variables=[self._function("tan", form), self._function("cos", form)])

    def _identity_shift(self, node: Node, data: Any) -> None:
        name, one, other, factor, degrees = data
        self._step(
            node,
            rule="shift",
            variable=self._function(name, one),
            other=self._writer.poly(other),
            factor=factor,
            degrees=str(degrees),
            step=self._at(node.parents[0]) if node.parents else 0,
        )

    _identity_double = _identity_shift

    def _identity_equal(self, node: Node, data: Any) -> None:
        _, one, other, gap, _, total = data
        step = {"rule": "equal", "variables": [one, other], "step": self._at(gap), "sum": self._at(total)}
        self._step(node, **step)

    def _halves(self, angle: Exact) -> list[Any]:
        """For each arc cosine in the angle: how often it is halved, and cosine and sine of that part."""
        result = []
        for (_, _, _, atoms), factor in angle.num.items():
            if not atoms or atoms[0].kind != "acos":
                continue
            cosine = atoms[0].square
            sine = sqrt(NUMBER_ONE - cosine * cosine)
            times, bottom = 0, int(factor.q)
            while bottom > 1:
                cosine, sine = sqrt((1 + cosine) * fmpq(1, 2)), sqrt((1 - cosine) * fmpq(1, 2))
                bottom, times = bottom // 2, times + 1
            result.append(
                [self._writer.atom(atoms[0]), times, self._writer.number(cosine), self._writer.number(sine)]
            )
        return result


#: Steps that matter even if no other cites them: they bound variables.
_BOUNDING = ("given", "bound", "positive", "define")


def pruned(steps: list[Json]) -> list[Json]:
    """Without the steps that nothing cites; the rest numbered anew."""
    needed = {len(steps)}
    for number in range(len(steps), 0, -1):
        step = steps[number - 1]
        if number in needed or step["rule"] in _BOUNDING:
            needed.add(number)
            needed |= {step.get("step", 0), step.get("sum", 0)} | {part[-1] for part in step.get("parts", ())}
    new = {old: place for place, old in enumerate(sorted(needed - {0}), start=1)} | {0: 0}
    result = []
    for old in sorted(needed - {0}):
        step = dict(steps[old - 1])
        for key in ("step", "sum"):
            if key in step:
                step[key] = new[step[key]]
        if "parts" in step:
            step["parts"] = [[*part[:-1], new[part[-1]]] for part in step["parts"]]
        result.append(step)
    return result


def _number(value: Any) -> Coefficient:
    return fmpq(value) if isinstance(value, int) else value


def _split(parent: Node, value: Exact) -> tuple[list[dict[int, Coefficient]], list[Exact]]:
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
    return [rest], others


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
