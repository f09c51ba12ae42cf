"""What the independent checker would read off a diagram.

The checker verifies the coordinates of a certificate against construction and givens, with regions the right
way round, before it reads a guard off them; enclosures decide.  Here the same is done without a certificate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fgps.check.figure import Figure
from fgps.check.numeric import Model
from fgps.check.polynomials import Refused
from fgps.check.reading import Reading, read_model
from fgps.check.table import Table
from fgps.check.witness import Algebra
from fgps.diagram.model import Diagram
from fgps.lang.ast import Call
from fgps.problem.model import Problem
from fgps.proof.certificate import Json, model_of, precisions, stated
from fgps.theory.model import Theory

#: A model of a diagram: its number, and the part of the figure's size by which coordinates may be off.
Place = tuple[int, str]
_REFUSED = (Refused, ArithmeticError, LookupError, ValueError, AssertionError)


def accepted_models(problem: Problem, diagram: Diagram) -> tuple[Place, ...]:
    """The models that the checker takes for figures of the problem; givens read otherwise are set aside."""
    declaration = stated(problem)
    givens = (*declaration.given, *declaration.image)
    aside = [given for given in givens if diagram.holds(given) is False]
    table = Table(problem.theory, Figure(declaration.construct), Algebra())

    def accepted(place: Place) -> bool:
        try:
            Reading(table, _data(diagram, place), givens, aside, ()).coordinates()
        except _REFUSED:
            return False
        return True

    return tuple(filter(accepted, _places(diagram)))


def shown(theory: Theory, diagram: Diagram, places: Iterable[Place], guards: Iterable[Call]) -> set[Call]:
    """The guards that the checker would read off one of these models: the one that shows the most of them."""
    wanted, best = list(dict.fromkeys(guards)), set[Call]()
    for place in places:
        model, _ = read_model(theory, _data(diagram, place))
        found = {guard for guard in wanted if _holds(model, guard)}
        best = max(best, found, key=len)
        if len(best) == len(wanted):
            break
    return best


def _places(diagram: Diagram) -> Iterator[Place]:
    if diagram.outcome == "exact":
        yield from ((k, precisions(diagram)[0]) for k in range(len(diagram.coordinates)))
    else:
        yield from dict.fromkeys((0, text) for text in precisions(diagram))


def _data(diagram: Diagram, place: Place) -> Json:
    return {**model_of(diagram, place[0]), "precision": place[1]}


def _holds(model: Model, guard: Call) -> bool:
    try:
        return bool(model.holds(guard))
    except _REFUSED:
        return False
