"""The numeric models of a figure, as the algebra sees them: a callable from variables to arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fgps.algebra.exact import Exact
from fgps.algebra.nodes import Excluded, Node, RootChoice
from fgps.algebra.poly import Poly, evaluate

if TYPE_CHECKING:
    from fgps.algebra.derivation import Open
    from fgps.algebra.system import System

#: ``numeric(variable)``: one value per model, or None where it has none.
Numeric = Callable[[int], Any]

#: A polynomial whose terms cancel up to this (relative) may be zero; anything larger is not.
_TOLERANCE = 1e-4

#: Two candidate roots must be this far apart (relative) for the models to choose.
_SEPARATION = 1e-6


class Models:
    """Evaluates polynomials in the models and settles roots by them, as the last resort."""

    def __init__(self, system: System, numeric: Numeric | None) -> None:
        self._system = system
        self.numeric = numeric
        self._cache: dict[int, Any] = {}

    def of(self, variable: int) -> Any:
        """The values of a variable in all models (a numpy array), or None."""
        if self.numeric is None:
            return None
        found = self._cache.get(variable)
        if found is None:
            formula = self._system.formulas.get(variable)
            found = self.numeric(variable) if formula is None else self._formula(formula)
            if found is not None:
                self._cache[variable] = found
        return found

    def _formula(self, formula: tuple[Any, ...]) -> Any:
        import numpy

        inner = [self.poly(part) for part in formula[1:]]
        if any(part is None for part in inner):
            return None
        with numpy.errstate(all="ignore"):
            if formula[0] == "quotient":
                return inner[0] / inner[1]
            if formula[0] == "root":
                return numpy.sqrt(inner[0])
            function = {"sin": numpy.sin, "cos": numpy.cos, "tan": numpy.tan}[formula[0]]
            return function(numpy.radians(inner[0]))

    def poly(self, poly: Poly) -> Any:
        """The values of a polynomial in all models, or None."""
        if self.numeric is None:
            return None
        import numpy

        values = {index: self.of(index) for index in poly.variables()}
        if any(value is None for value in values.values()):
            return None
        return numpy.asarray(evaluate(poly.terms, values))

    def vanishes(self, poly: Poly) -> bool | None:
        """Is the polynomial zero in all models (up to rounding)?  None if they cannot tell."""
        values = self.poly(poly)
        if values is None:
            return None
        import numpy

        scale = 0.0
        for mono, factor in poly.terms.items():
            part = self.poly(Poly({mono: factor}))
            scale = max(scale, float(numpy.abs(part).max()) if part is not None else 0.0)
        if not numpy.isfinite(values).all():
            return None
        return bool((numpy.abs(values) <= _TOLERANCE * max(scale, 1e-12)).all())

    def settle_open(self) -> bool:
        """Choose among open roots by the models; returns whether a choice was queued."""
        if self.numeric is None:
            return False
        done = False
        for key, choice in list(self._system.open.items()):
            if self._system.normal_form(choice.form)[0].as_constant() is not None:
                del self._system.open[key]
                continue
            root = self._pick(choice)
            if root is not None:
                del self._system.open[key]
                self._queue(choice, root)
                done = True
        return done

    def _pick(self, choice: Open) -> Exact | None:
        values = self.poly(choice.form)
        if values is None:
            return None
        import numpy

        values = numpy.atleast_1d(values)
        roots = [float(root) for root in choice.roots]
        distances = numpy.abs(numpy.asarray(roots)[:, None] - values[None, :])
        nearest = distances.argmin(axis=0)
        if not values.size or not numpy.isfinite(values).all() or (nearest != nearest[0]).any():
            return None
        scale = max(1.0, *(abs(root) for root in roots))
        others = numpy.delete(distances, nearest[0], axis=0)
        own = distances[nearest[0]].max()
        if others.min() < _SEPARATION * scale or own * 50 > others.min():
            return None
        return choice.roots[int(nearest[0])]

    def _queue(self, choice: Open, root: Exact) -> None:
        out = (*choice.excluded, *(Excluded(other, "model") for other in choice.roots if other is not root))
        poly = choice.form - Poly.constant(root)
        parents = (choice.node, *choice.because)
        if choice.name == "root":
            data: Any = RootChoice(choice.form.variables()[0], root, out)
            self._system.push(poly, Node("root", poly.terms, data=data, parents=parents))
        else:
            data = ("inverse", (choice.name, choice.form, root, out))
            self._system.push(poly, Node("identity", poly.terms, data=data, parents=parents))
