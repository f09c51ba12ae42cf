"""Small nonlinear systems: what the closures leave open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgps.algebra.budget import Budget
from fgps.algebra.exact import Exact
from fgps.algebra.poly import Poly

if TYPE_CHECKING:
    from fgps.algebra.system import Derivation, System


def determine(system: System, expression: Poly, budget: Budget) -> tuple[Exact, Derivation] | None:
    """The value of an expression from a small system around it."""
    return None
