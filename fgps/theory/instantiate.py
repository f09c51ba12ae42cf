"""Points in place of letters: theorem applications, spellings of facts, consequences.

Used by engine, verifier and checker alike, so it depends on nothing but the theory.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fgps.lang.ast import Branch, Call, Points, letters, substitute
from fgps.lang.diagnostics import Diagnostic, error
from fgps.theory.model import Attribute, Predicate, Theorem, Theory
from fgps.theory.primitives import STRICT

Row = tuple[str, ...]


def bind(theorem: Theorem, arguments: Sequence[Sequence[str]]) -> Mapping[str, str] | Diagnostic:
    """The point for each letter of a theorem applied to ``arguments`` (one word of points each).

    Parameters ``(ABC, CBD)`` and words ``("XYZ", "ZYW")`` give A:X, B:Y, C:Z, D:W.  A diagnostic (code
    ``bad-arguments``) if the number or the length of the arguments is wrong, or if a letter that
    stands twice would mean two points.
    """
    shape = tuple(len(word) for word in arguments)
    shown = f"{theorem.name}({', '.join(_words(theorem.letters, theorem.groups))})"
    if shape != theorem.groups:
        if len(shape) != len(theorem.groups):
            headline = f"{theorem.name} takes {_plural(len(theorem.groups))}, not {len(shape)}"
        else:
            place = next(i for i, size in enumerate(shape) if size != theorem.groups[i])
            wanted = theorem.groups[place]
            headline = f"argument {place + 1} of {theorem.name} has {wanted} points, not {shape[place]}"
        return error("bad-arguments", headline, hint=f"it is declared as {shown}")
    mapping: dict[str, str] = {}
    for letter, point in zip(theorem.letters, (p for word in arguments for p in word), strict=True):
        if mapping.setdefault(letter, point) != point:
            headline = f"{letter} of {shown} stands for {mapping[letter]} and for {point}"
            return error("bad-arguments", headline, hint="a letter that is repeated means one point")
    return mapping


def canonical(declared: Predicate | Attribute, points: Sequence[str]) -> Row:
    """The least spelling of a fact or quantity under its symmetries.

    Of the variadic predicates, Collinear may be reversed, Polygon rotated, and Cocircular rotated
    behind its circle; a Shape is left as it is.
    """
    row = tuple(points)
    if declared.symmetries:
        return min(tuple(row[i] for i in symmetry) for symmetry in declared.symmetries)
    if declared.name == "Collinear":
        return min(row, row[::-1])
    if declared.name == "Polygon":
        return _least_rotation(row)
    if declared.name == "Cocircular":
        return row[:1] + _least_rotation(row[1:])
    return row


def canonical_in(theory: Theory) -> Callable[[str, Row], Row]:
    """`canonical` by name, remembering what it has seen (one table per call)."""
    tables: dict[str, dict[Row, Row]] = {}
    declared: dict[str, Predicate | Attribute] = {**theory.predicates, **theory.attributes}

    def least(name: str, points: Row) -> Row:
        table = tables.setdefault(name, {})
        found = table.get(points)
        if found is None:
            found = table[points] = canonical(declared[name], points)
        return found

    return least


def spell(declared: Predicate | Attribute, points: Sequence[str]) -> Call:
    """The fact or quantity as a term, points grouped into arguments as declared.

    What exceeds the declared groups (variadic predicates) belongs to the last argument.
    """
    row = tuple(points)
    words: list[Points] = []
    start = 0
    for position, size in enumerate(declared.groups):
        end = len(row) if position == len(declared.groups) - 1 else start + size
        if row[start:end]:
            words.append(Points(row[start:end]))
        start = end
    return Call(declared.name, tuple(words))


def instance(statement: Call, mapping: Mapping[str, str]) -> Call:
    """A statement of a declaration under a mapping of its letters."""
    renamed = substitute(statement, mapping)
    assert isinstance(renamed, Call)
    return renamed


def instantiate(branch: Branch, mapping: Mapping[str, str]) -> Branch:
    """A branch with premises, guards and conclusions under a mapping of its letters."""
    return Branch(
        branch.number,
        tuple(instance(fact, mapping) for fact in branch.given),
        tuple(instance(guard, mapping) for guard in branch.where),
        tuple(instance(fact, mapping) for fact in branch.then),
        branch.span,
    )


def meaning(declared: Predicate, points: Sequence[str]) -> tuple[Call, ...]:
    """The numeric conditions (`holds`) of a fact about these points; empty if it has none of its own."""
    mapping = dict(zip(declared.letters, points, strict=False))
    return tuple(instance(condition, mapping) for condition in declared.declaration.holds)


def orientation(theory: Theory, fact: Call) -> tuple[Call, ...]:
    """The strict inequalities in the numeric meaning of a relation: what a figure says about its order."""
    declared = theory.predicates.get(fact.head)
    if declared is None:
        return ()
    return tuple(c for c in meaning(declared, letters(fact)) if c.head in STRICT)


def consequences(
    theory: Theory, declared: Predicate, points: Sequence[str]
) -> tuple[tuple[Call, tuple[Call, ...]], ...]:
    """What follows from a fact by definition (`means`), each with the guards to read off the diagram.

    A consequence that names an orientation follows only where the figure agrees: the foot of an altitude
    may lie outside the side, and then one of the two right angles is a turn of 270 degrees.
    """
    mapping = dict(zip(declared.letters, points, strict=False))
    facts = (instance(fact, mapping) for fact in declared.declaration.means)
    return tuple((fact, orientation(theory, fact)) for fact in facts)


def _least_rotation(row: Row) -> Row:
    return min((row[i:] + row[:i] for i in range(len(row))), default=row)


def _words(names: Row, groups: Sequence[int]) -> list[str]:
    words, start = [], 0
    for size in groups:
        words.append("".join(names[start : start + size]))
        start += size
    return words


def _plural(count: int) -> str:
    return f"{count} argument{'s' if count != 1 else ''}"
