"""Renamed copies share a digest and so a split; different problems do not."""

from __future__ import annotations

import random
from dataclasses import replace

from fgps import api
from fgps.batch.items import items_of
from fgps.lang.ast import Call, ProblemDeclaration, Symbol, Term, substitute
from fgps.learn.renaming import SPLITS, renaming_digest, split_of
from fgps.problem.build import build_problem
from fgps.problem.model import Problem
from fgps.theory.model import Theory


def renamed(term: Term, points: dict[str, str], symbols: dict[str, str]) -> Term:
    term = substitute(term, points)

    def walk(part: Term) -> Term:
        if isinstance(part, Symbol):
            return Symbol(symbols.get(part.name, part.name))
        if isinstance(part, Call):
            return Call(part.head, tuple(map(walk, part.args)), part.notation)
        return part

    return walk(term)


def copy(problem: Problem, seed: int) -> Problem:
    """The problem with other names, its statements in another order, lines and shapes spelled otherwise."""
    draw = random.Random(seed)
    told = problem.declaration
    names = [*dict.fromkeys((*problem.construction.points, *problem.construction.circles))]
    fresh = draw.sample([f"{letter}{k}" for letter in "ABCDXYZ" for k in range(1, 9)], len(names))
    points = dict(zip(names, fresh, strict=True))
    symbols = {name: f"{name}z" for name in "abcdefghxyztmnk"}

    def row(statements: tuple[Call, ...]) -> tuple[Call, ...]:
        turned = []
        for statement in statements:
            new = renamed(statement, points, symbols)
            assert isinstance(new, Call)
            if new.head == "Shape":
                cut = draw.randrange(len(new.args))
                new = Call(new.head, new.args[cut:] + new.args[:cut])
            elif new.head == "Equal" and draw.random() < 0.5:
                new = Call(new.head, new.args[::-1])
            turned.append(new)
        return tuple(draw.sample(turned, len(turned)))

    changed = replace(
        told,
        name="copy",
        construct=row(told.construct),
        given=row(told.given),
        image=row(told.image),
        find=None if told.find is None else renamed(told.find, points, symbols),
    )
    assert isinstance(changed, ProblemDeclaration)
    return build_problem(changed, problem.theory)


def test_copies_agree_and_others_differ(theory: Theory) -> None:
    digests: dict[str, str] = {}
    for item in items_of("own"):
        problem = api.load(item.source, theory).problem
        assert problem is not None
        digest = renaming_digest(problem)
        assert digests.setdefault(digest, str(item.id)) == str(item.id)
        for seed in range(2):
            again = copy(problem, seed)
            assert again.valid, again.diagnostics
            assert renaming_digest(again) == digest, item.id
            whole, part = renaming_digest(again, "construction"), renaming_digest(problem, "construction")
            assert whole == part


def test_a_number_or_a_goal_changes_the_problem_but_not_its_construction(theory: Theory) -> None:
    problem = api.load(items_of("own")[0].source, theory).problem
    assert problem is not None
    told = problem.declaration
    other = build_problem(replace(told, given=told.given[:-1], image=()), theory)
    assert renaming_digest(other) != renaming_digest(problem)
    assert renaming_digest(other, "construction") == renaming_digest(problem, "construction")


def test_the_split_goes_by_digest_and_seed_alone() -> None:
    shares = (0.6, 0.3, 0.1)
    drawn = [split_of(f"digest {i}", 5, shares) for i in range(4000)]
    assert drawn == [split_of(f"digest {i}", 5, shares) for i in range(4000)]
    for split, share in zip(SPLITS, shares, strict=True):
        assert abs(drawn.count(split) / 4000 - share) < 0.03
    assert drawn != [split_of(f"digest {i}", 6, shares) for i in range(4000)]
    assert {split_of(f"digest {i}", 5, (1.0, 0.0, 0.0)) for i in range(100)} == {"train"}
