"""Other names for points and symbols."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from fgps.lang.ast import Call, ProblemDeclaration, Symbol, Term, letters, substitute, symbols

_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_SYMBOLS: Final = "xyzabcmnpq"


def renamed(declaration: ProblemDeclaration, seed: str) -> ProblemDeclaration:
    """The declaration with its points and symbols renamed at random; circles keep their names.

    The letters are neighbours in the alphabet, as in most problems, dealt out in a random order.
    """
    rng = random.Random(seed)
    points, fixed, free = _names(declaration)
    pool = [letter for letter in _LETTERS if letter not in fixed]
    if len(points) > len(pool):
        return declaration
    first = rng.choice([0, rng.randrange(len(pool) - len(points) + 1)])
    drawn = pool[first : first + len(points)]
    rng.shuffle(drawn)
    names = dict(zip(points, drawn, strict=True))
    words = list(_SYMBOLS)
    rng.shuffle(words)
    signs = dict(zip(free, words, strict=False)) if len(free) <= len(words) else {}

    def put(statement: Term) -> Term:
        return _with_symbols(substitute(statement, names), signs)

    return replace(
        declaration,
        construct=tuple(_call(put(s)) for s in declaration.construct),
        given=tuple(_call(put(s)) for s in declaration.given),
        find=None if declaration.find is None else put(declaration.find),
    )


def _names(declaration: ProblemDeclaration) -> tuple[list[str], set[str], list[str]]:
    """Points to rename, names that stay, symbols; in order of appearance."""
    statements: list[Term] = [*declaration.construct, *declaration.given]
    statements += [declaration.find] if declaration.find is not None else []
    fixed = {letters(s)[0] for s in declaration.construct if s.head == "Cocircular" and letters(s)}
    points = dict.fromkeys(name for s in statements for name in letters(s) if name not in fixed)
    free = dict.fromkeys(s.name for term in statements for s in symbols(term) if s.name != "pi")
    return list(points), fixed, list(free)


def _with_symbols(term: Term, signs: Mapping[str, str]) -> Term:
    if isinstance(term, Symbol):
        return Symbol(signs.get(term.name, term.name))
    if isinstance(term, Call) and signs:
        return replace(term, args=tuple(_with_symbols(argument, signs) for argument in term.args))
    return term


def _call(term: Term) -> Call:
    assert isinstance(term, Call)
    return term
