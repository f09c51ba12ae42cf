"""Forging the evidence of a certificate: witnesses, variables, coordinates, and data of the wrong kind."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

Json = dict[str, Any]


def pick(rng: random.Random, forged: Json, *rules: str) -> Json | None:
    steps = [step for step in forged["steps"] if step["rule"] in rules]
    return rng.choice(steps) if steps else None


def _paths(data: Any, wanted: Callable[[Any], bool]) -> list[tuple[Any, Any]]:
    """All (container, key) whose value is wanted."""
    found, stack = [], [data]
    while stack:
        here = stack.pop()
        items = here.items() if isinstance(here, dict) else enumerate(here)
        for key, value in items:
            if wanted(value):
                found.append((here, key))
            if isinstance(value, dict | list):
                stack.append(value)
    return found


def _is_number(value: Any) -> bool:
    try:
        return isinstance(value, str) and Fraction(value) is not None
    except ValueError:
        return False


def witness_number(rng: random.Random, forged: Json) -> bool:
    """A number of a witness is changed."""
    step = pick(rng, forged, "algebra")
    places = _paths(step["witness"], _is_number) if step else []
    if not places:
        return False
    container, key = rng.choice(places)
    value = Fraction(container[key])
    container[key] = str(rng.choice([value + 1, -value, value * 2, value + Fraction(1, 10**9), Fraction(0)]))
    return True


def witness_index(rng: random.Random, forged: Json) -> bool:
    """A variable, step or source that a witness names is changed."""
    step = pick(rng, forged, "algebra")
    places = _paths(step["witness"], lambda v: type(v) is int) if step else []
    if not places:
        return False
    container, key = rng.choice(places)
    container[key] = rng.choice([container[key] + 1, container[key] - 1, -1, 10**7, 0])
    return True


def witness_cut(rng: random.Random, forged: Json) -> bool:
    """A step of a witness is missing, or the witness is that of another step."""
    step, other = pick(rng, forged, "algebra"), pick(rng, forged, "algebra")
    if step is None or other is None or not step["witness"]:
        return False
    if rng.random() < 0.5:
        step["witness"].pop(rng.randrange(len(step["witness"])))
    else:
        step["witness"] = copy.deepcopy(other["witness"])
    return True


def witness_rule(rng: random.Random, forged: Json) -> bool:
    """A step of a witness follows another rule."""
    step = pick(rng, forged, "algebra")
    if step is None or not step["witness"]:
        return False
    rng.choice(step["witness"])["rule"] = rng.choice(
        [
            "given",
            "bound",
            "define",
            "combine",
            "positive",
            "sine",
            "sum",
            "angles",
            "run",
            7,
        ]
    )
    return True


def figure_for_sign(rng: random.Random, forged: Json) -> bool:
    """A factor is said to be other than zero for another reason."""
    step = pick(rng, forged, "algebra")
    places = _paths(step["witness"], lambda v: v in ("", "figure")) if step else []
    if not places:
        return False
    container, key = rng.choice(places)
    container[key] = {"": "figure", "figure": ""}[container[key]]
    return True


def variable_changed(rng: random.Random, forged: Json) -> bool:
    """A variable stands for another quantity, or two for one."""
    table = forged["variables"]
    if len(table) < 2:
        return False
    i, j = rng.sample(range(len(table)), 2)
    if rng.random() < 0.5:
        table[i], table[j] = table[j], table[i]
    else:
        table[i] = copy.deepcopy(table[j])
    return True


def guard_omitted(rng: random.Random, forged: Json) -> bool:
    """The coordinates are missing, all or some."""
    if forged["model"] is None:
        return False
    if rng.random() < 0.5:
        forged["model"] = None
    else:
        points = forged["model"]["points"]
        del points[rng.choice(sorted(points))]
    return True


def coordinates_moved(rng: random.Random, forged: Json) -> bool:
    """A point lies elsewhere, two change places, or the figure is a mirror image."""
    if forged["model"] is None:
        return False
    points, how = forged["model"]["points"], rng.randrange(3)
    name, other = rng.choice(sorted(points)), rng.choice(sorted(points))
    if how == 0:
        size = max(abs(float(x)) for row in points.values() for x in row) + 1
        points[name] = [repr(float(x) + size * rng.choice((-0.3, -0.01, 0.02, 0.5))) for x in points[name]]
    elif how == 1:
        points[name], points[other] = points[other], points[name]
    else:
        for row in (*points.values(), *forged["model"]["circles"].values()):
            row[0] = repr(-float(row[0]))
    return True


def rough_figure(rng: random.Random, forged: Json) -> bool:
    """The figure claims too much or too little precision, or the coordinates are no numbers."""
    if forged["model"] is None:
        return False
    if rng.random() < 0.5:
        forged["model"]["precision"] = rng.choice(["1", "0", "-1", "1e9", "0.5", "nan", 0.001, None])
    else:
        points = forged["model"]["points"]
        points[rng.choice(sorted(points))] = rng.choice(
            [["nan", "0"], ["inf", "0"], ["1e99", "0"], [0, 0], [], "AB", None]
        )
    return True


def huge_number(rng: random.Random, forged: Json) -> bool:
    """A number that takes for ever."""
    places = _paths(forged["steps"], _is_number) or _paths(forged, lambda v: isinstance(v, str))
    container, key = rng.choice(places)
    container[key] = rng.choice(["1e999999999", "9" * 100_000, "1/0", f"1/{'7' * 399}", "١", " 1", "1_0"])
    return True


def deep_nesting(rng: random.Random, forged: Json) -> bool:
    """A value nested thousands of times."""
    places = _paths(forged, lambda v: True)
    container, key = rng.choice(places)
    nest: Any = []
    for _ in range(rng.choice((50, 2000))):
        nest = [nest]
    container[key] = rng.choice([nest, "(" * 3000, "Equal(" * 200])
    return True


def not_a_number(rng: random.Random, forged: Json) -> bool:
    """NaN, infinity, null, booleans, objects where something else belongs."""
    places = _paths(forged, lambda v: not isinstance(v, dict | list))
    container, key = rng.choice(places)
    container[key] = rng.choice([float("nan"), float("inf"), None, True, {}, [], 1.5, -1])
    return True


def key_changed(rng: random.Random, forged: Json) -> bool:
    """A key is missing, or there is one too many."""
    target = rng.choice([forged, rng.choice(forged["steps"])])
    if rng.random() < 0.5:
        del target[rng.choice(sorted(target))]
    else:
        target[rng.choice(["extra", "given", "assumed", "verdict"])] = 0
    return True
