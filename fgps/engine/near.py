"""Why an application is refused: every premise that is missing, and what is known that comes close."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from fgps.engine.records import Entry
from fgps.engine.state import State
from fgps.lang.ast import Call, Points, Symbol, Term, calls, letters, symbols
from fgps.lang.printer import print_term

#: The rules whose conclusions people recognise; the algebra's own entries say nothing new.
_TOLD = ("given", "meaning", "theorem")


@dataclass(frozen=True, slots=True)
class Missing:
    """A premise that is not established.

    ``in_figure``: whether it is true in the diagram (None: no diagram, or not for it to say).  ``close``:
    facts that are known and speak of the same.  ``given_by``: steps that would establish it (where somebody
    has looked for them).
    """

    premise: str
    reason: str
    in_figure: bool | None
    close: tuple[str, ...] = ()
    given_by: tuple[str, ...] = ()


def missing_premises(state: State, statements: Iterable[Call]) -> Iterator[tuple[Call, Missing]]:
    """Those statements that are not established, in their order, each with what is to be said about it."""
    for statement in statements:
        entry = state.establish(statement)
        if isinstance(entry, str):
            yield statement, missing(state, statement, entry)


def missing(state: State, statement: Call, reason: str) -> Missing:
    """One statement that is not established, and why."""
    predicate = state.theory.predicates.get(statement.head)
    if predicate is not None and predicate.category in ("construction", "basic"):
        lacking = "the construction does not have it"
        return Missing(print_term(statement, "infix"), lacking, None, close_facts(state, statement))
    in_figure = None if state.diagram is None else state.diagram.holds(statement)
    return Missing(print_term(statement, "infix"), reason, in_figure, close_facts(state, statement))


def close_facts(state: State, statement: Call, limit: int = 3) -> tuple[str, ...]:
    """Known facts that come close to a statement, nearest first."""
    if statement.head in state.theory.predicates:
        return _relations(state, statement, limit)
    return _equations(state, statement, limit)


def _relations(state: State, statement: Call, limit: int) -> tuple[str, ...]:
    """The same relation between nearly the same points."""
    points = letters(statement)
    ranked: list[tuple[int, int, int, str]] = []
    for entry in state.store.entries:
        if entry.fact is None or entry.fact[0] != statement.head:
            continue
        other = entry.fact[1]
        shared = len(set(points) & set(other))
        if 2 * shared >= len(set(points)):
            places = sum(a == b for a, b in zip(points, other, strict=False))
            ranked.append((-shared, -places, entry.id, print_term(entry.statement, "infix")))
    return tuple(text for *_, text in sorted(ranked)[:limit])


def _equations(state: State, statement: Call, limit: int) -> tuple[str, ...]:
    """What its quantities are known to be; else equations that speak of them."""
    found: dict[str, None] = {}
    wanted = []
    for term in quantities(statement):
        poly = state.equations.term(term)
        if isinstance(poly, str):
            continue
        wanted.append(set(poly.variables()))
        value = state.system.value(poly, 0)
        if value is not None:
            found[f"{print_term(term, 'infix')} = {value[0].to_text()}"] = None
    spoken = set().union(*wanted) if wanted else set()
    for entry in _told(state):
        if len(found) >= limit:
            break
        poly = state.equations.equation(entry.statement)
        if not isinstance(poly, str) and spoken & set(poly.variables()):
            found.setdefault(print_term(entry.statement, "infix"))
    return tuple(found)[:limit]


def _told(state: State) -> Iterator[Entry]:
    """Equations of the problem and of theorems, as they came."""
    for entry in list(state.store.entries):
        if entry.fact is None and entry.statement.head == "Equal" and entry.origin.kind in _TOLD:
            yield entry


def quantities(term: Term) -> tuple[Term, ...]:
    """The attributes of points and the free symbols in a term, each once, in reading order."""
    found: dict[Term, None] = {}
    for call in calls(term):
        if call.args and all(isinstance(argument, Points) for argument in call.args):
            found[call] = None
    for symbol in symbols(term):
        if symbol.name != "pi":
            found[Symbol(symbol.name)] = None
    return tuple(found)
