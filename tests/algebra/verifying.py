"""A witness that stands for itself, checked by the one checker of witnesses, `fgps.check.witness`."""

from __future__ import annotations

from typing import Any

from fgps.check.polynomials import Refused
from fgps.check.witness import Algebra


def verify(problem: Any, witness: Any) -> tuple[bool, str, list[str]]:
    """Does the witness prove the claim?  Returns (yes, why not, what is read off the figure).

    The problem (`fgps.algebra.witness.problem_data`) is trusted, the witness is not; any figure is
    taken to say what the witness reads off it.
    """
    try:
        algebra = Algebra()
        for line in problem["variables"]:
            if isinstance(line, str):
                algebra.quantity(line)
            else:
                algebra.define(line[0], *map(algebra.poly, line[1:]))
        algebra.defined.update(problem["tangents"])
        for name, *polys in witness["variables"]:
            algebra.define(name, *map(algebra.poly, polys))
        algebra.start(
            lambda source: algebra.poly(problem["equations"][str(source)]),
            lambda source: list(map(algebra.poly, problem["bounds"][str(source)])),
            lambda kind, poly: True,
        )
        return True, "", algebra.run(witness["steps"], algebra.poly(problem["claim"]))
    except Refused as refusal:
        return False, str(refusal), []
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        return False, f"malformed: {error!r}", []
