"""The marks that the givens of a problem put into its figure, and what its goal asks for.

Everything is derived through the theory: a relation is replaced by what it means, and the equations and
numeric conditions that remain say which segments are equal, which angles are right, which lines are parallel.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from fgps.diagram.model import Diagram
from fgps.lang.ast import Call, Number, Points, Term, calls, letters, symbols
from fgps.problem.model import Problem
from fgps.render.figure.notation import Run, Runs, write
from fgps.render.figure.parts import Part, Parts

#: Classes of equal segments or angles beyond this many are not told apart by strokes.
_MOST_CLASSES = 4
_KINDS = ("segment", "angle", "arc")


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a part: its value as given, or the question mark.  ``goal``: in the goal's colour."""

    part: Part
    runs: Runs
    goal: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """``equal``: classes of equal segments, angles, arcs; ``right``: right angles; ``parallel``: pairs of
    segments, each from tail to head as the arrow runs; ``goal``: what is asked for; ``notes``: givens that
    cannot be shown."""

    labels: tuple[Label, ...]
    equal: tuple[tuple[Part, ...], ...]
    right: tuple[Part, ...]
    parallel: tuple[tuple[tuple[str, str], ...], ...]
    goal: tuple[Part, ...]
    notes: tuple[Call, ...]


@dataclass
class _Found:
    """What one given, or all of them, say."""

    values: dict[Part, list[Term]] = field(default_factory=dict)
    equal: list[tuple[Part, Part]] = field(default_factory=list)
    right: list[Part] = field(default_factory=list)
    parallel: list[tuple[tuple[str, str], tuple[str, str]]] = field(default_factory=list)

    def anything(self) -> bool:
        """Whether there is something to draw."""
        return bool(self.values or self.equal or self.right or self.parallel)


def read_facts(problem: Problem, diagram: Diagram, answer: Runs | None = None) -> Facts:
    """The marks of a problem.  ``answer`` replaces the question mark."""
    parts = Parts(problem, diagram)
    total = _Found()
    notes: list[Call] = []
    aliases = _aliases(parts)
    for given in problem.givens:
        found = _read(parts, given.term, aliases)
        if not found.anything():
            notes.append(given.term)
        for part, terms in found.values.items():
            known = total.values.setdefault(part, [])
            known += [term for term in terms if term not in known]
        total.equal += found.equal
        total.right += [part for part in found.right if part not in total.right]
        total.parallel += found.parallel
    labels, goal = _labels(problem, parts, total, aliases, answer)
    labelled = {label.part for label in labels}
    equal = [group for group in _classes(total.equal) if not all(part in labelled for part in group)]
    shown: list[tuple[Part, ...]] = []
    for kind in _KINDS:
        shown += [group for group in equal if group[0].kind == kind][:_MOST_CLASSES]
    return Facts(
        labels, tuple(shown), tuple(total.right), tuple(dict.fromkeys(total.parallel)), goal, tuple(notes)
    )


def _aliases(parts: Parts) -> dict[Call, Part]:
    """Quantities that by definition are those of a drawn part: a height is the length of the altitude."""
    found: dict[Call, Part] = {}
    for given in parts.problem.givens:
        for fact in parts.expand(given.term):
            if fact.head == "Equal" and len(fact.args) == 2:
                for one, two in (fact.args, fact.args[::-1]):
                    part = parts.quantity(two)
                    if isinstance(one, Call) and parts.quantity(one) is None and part is not None:
                        if one.head in parts.theory.attributes:
                            found[one] = part
    return found


def _read(parts: Parts, statement: Call, aliases: dict[Call, Part]) -> _Found:
    found = _Found()
    for fact in parts.expand(statement):
        if fact.head == "Equal" and len(fact.args) == 2:
            _equation(parts, found, fact, aliases)
        else:
            conditions = parts.conditions(fact)
            for condition in conditions:
                _condition(parts, found, condition, conditions)
    if statement.head in parts.theory.predicates:
        # The kinds of quadrilateral: arrows say nothing new beside right angles or equal sides.
        legs = {row for part in found.right for row in _legs(part)}
        ticked = {part.points for pair in found.equal for part in pair if part.kind == "segment"}
        if parts.theory.predicates[statement.head].declaration.means:
            found.parallel = [
                pair
                for pair in found.parallel
                if not any(all(_sorted(row) in known for row in pair) for known in (legs, ticked))
            ]
    return found


def _legs(angle: Part) -> tuple[tuple[str, str], tuple[str, str]]:
    a, v, b = angle.points
    return _sorted((a, v)), _sorted((v, b))


def _sorted(row: tuple[str, str]) -> tuple[str, str]:
    return row if row[0] < row[1] else (row[1], row[0])


def _equation(parts: Parts, found: _Found, fact: Call, aliases: dict[Call, Part]) -> None:
    sides = [(_part(parts, term, aliases), term) for term in fact.args]
    (one, first), (two, second) = sides
    if one is not None and two is not None:
        if one != two and one.kind == two.kind and one.kind in _KINDS and one.size == two.size:
            found.equal.append((one, two))
        return
    part, term = (one, second) if one is not None else (two, first)
    if part is None or any(call.head in parts.theory.attributes for call in calls(term)):
        return
    if part.kind == "angle":
        part = parts.as_drawn(part, term)
    if part.kind == "angle" and isinstance(term, Number) and term.value == 90:
        found.right.append(part)
    elif part.kind == "angle" and isinstance(term, Number) and term.value == 180:
        return
    else:
        found.values.setdefault(part, []).append(term)


def _part(parts: Parts, term: Term, aliases: dict[Call, Part]) -> Part | None:
    return parts.quantity(term) or (aliases.get(term) if isinstance(term, Call) else None)


def _condition(parts: Parts, found: _Found, condition: Call, others: Sequence[Call]) -> None:
    """Marks read off a numeric condition: equal distances or angles, products that vanish."""
    if condition.head != "Equal" or len(condition.args) != 2:
        return
    one, two = condition.args
    if not isinstance(one, Call):
        return
    if isinstance(two, Call) and one.head == two.head and one.head in ("distance", "angle"):
        if any(len(letters(word)) != 1 or isinstance(word, Call) for word in (*one.args, *two.args)):
            return
        make = parts.segment if one.head == "distance" else parts.angle
        pair = make(*letters(one)), make(*letters(two))
        if pair[0] is not None and pair[1] is not None and pair[0] != pair[1]:
            found.equal.append((pair[0], pair[1]))
    elif one.head in ("dot", "cross") and isinstance(two, Number) and two.value == 0:
        words = [word.names for word in one.args if isinstance(word, Points) and len(word) == 2]
        if len(words) == 2:
            _product(parts, found, one, (words[0][0], words[0][1]), (words[1][0], words[1][1]), others)


def _product(
    parts: Parts,
    found: _Found,
    product: Call,
    one: tuple[str, str],
    two: tuple[str, str],
    others: Sequence[Call],
) -> None:
    if parts.segment(*one) is None or parts.segment(*two) is None:
        return
    if product.head == "cross":
        same_way = Call("dot", product.args)
        if not set(one) & set(two) and any(c.head == "Greater" and c.args[0] == same_way for c in others):
            found.parallel.append((one, two))
        return
    shared = set(one) & set(two)
    if len(shared) == 1:
        (v,) = shared
        a, b = (row[0] if row[1] == v else row[1] for row in (one, two))
        for part in (parts.angle(a, v, b), parts.angle(b, v, a)):
            if part is not None and parts.diagram.holds(Call("Less", (_turn(part), Number(180)))):  # type: ignore[arg-type]
                if part not in found.right:
                    found.right.append(part)


def _turn(angle: Part) -> Call:
    return Call("angle", tuple(Points((name,)) for name in angle.points))


def _classes(pairs: Iterable[tuple[Part, Part]]) -> list[tuple[Part, ...]]:
    """Classes of things that are equal, in the order in which they are given."""
    classes: list[list[Part]] = []
    for pair in pairs:
        touched = [group for group in classes if any(part in group for part in pair)]
        merged = list(dict.fromkeys([part for group in touched for part in group] + list(pair)))
        place = classes.index(touched[0]) if touched else len(classes)
        classes = [group for group in classes if group not in touched]
        classes.insert(min(place, len(classes)), merged)
    return [tuple(group) for group in classes]


def _labels(
    problem: Problem, parts: Parts, found: _Found, aliases: dict[Call, Part], answer: Runs | None
) -> tuple[tuple[Label, ...], tuple[Part, ...]]:
    """Labels of the given values and of the goal, and the parts that the goal asks for."""
    wanted: list[Part] = []
    asked: set[str] = set()
    single: Part | None = None
    if problem.goal is not None:
        term = problem.goal.term
        single = _part(parts, term, aliases) if problem.goal.kind == "value" else None
        if problem.goal.kind == "value":
            asked = {symbol.name for symbol in symbols(term) if symbol.name != "pi"}
            found_in = [_part(parts, call, aliases) for call in calls(term)]
            wanted = [part for part in found_in if part is not None]
        elif isinstance(term, Call):
            wanted = parts.of_statement(term)
    labels: list[Label] = []
    for part, terms in found.values.items():
        degrees = "angle" in (part.kind, part.size)
        texts = [text for term in terms if (text := write(term, degrees))]
        runs = tuple(run for k, text in enumerate(texts) for run in ((Run(" = "),) if k else ()) + text)
        of_goal = any(symbol.name in asked for term in terms for symbol in symbols(term))
        if part == single:
            runs = (*runs, *((Run(" = "),) if runs else ()), *(answer or (Run("?"),)))
        if runs:
            labels.append(Label(part, runs, of_goal or part == single))
    if single is not None and single not in found.values:
        labels.append(Label(single, answer or (Run("?"),), True))
    return tuple(labels), tuple(dict.fromkeys(wanted))
