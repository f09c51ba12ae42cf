"""Forging certificates: every way to spoil a proof that we could think of.

`forgeries` spoils a certificate in many ways.  `meaning` is what a certificate claims, without the evidence:
a forgery that the checker accepts must have the meaning of the original.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

from evidence import (
    coordinates_moved,
    deep_nesting,
    figure_for_sign,
    guard_omitted,
    huge_number,
    key_changed,
    not_a_number,
    pick,
    rough_figure,
    variable_changed,
    witness_cut,
    witness_index,
    witness_number,
    witness_rule,
)  # fmt: skip

from fgps.lang.ast import Call, letters
from fgps.lang.parse import parse_statement
from fgps.theory.instantiate import canonical
from fgps.theory.model import Theory

Json = dict[str, Any]
Mutator = Callable[[random.Random, Json], bool]


def meaning(certificate: Json, theory: Theory) -> Any:
    """What a certificate claims: problem, theory, answer, and for each step its statement, rule and premises.

    Equivalent spellings of a relation (a line read backwards) are one statement.
    """
    says = {step["id"]: _canonical(step["says"], theory) for step in certificate["steps"]}
    steps = []
    for step in certificate["steps"]:
        premises = sorted(says.get(source, "?") for source in step.get("from", ()))
        instance = [step.get(key) for key in ("theorem", "branch", "points", "then", "means")]
        steps.append([step["rule"], says[step["id"]], premises, instance])
    polygons = sorted([_rotated(corners), sorted(cells)] for corners, cells in certificate["polygons"])
    answer = certificate["answer"]
    marks = [sorted(certificate[key]) for key in ("set_aside", "left_out")]
    return [certificate["problem"], certificate["theory"], answer, steps, polygons, marks]


def _canonical(text: str, theory: Theory) -> str:
    statement = parse_statement(text)
    declared = theory.predicates.get(statement.head) if isinstance(statement, Call) else None
    return text if declared is None else f"{declared.name} {canonical(declared, letters(statement))}"


def _rotated(row: list[str]) -> list[str]:
    return min(row[k:] + row[:k] for k in range(len(row)))


def forgeries(certificate: Json, rng: random.Random, count: int) -> Iterator[tuple[str, Json]]:
    """``count`` forgeries (fewer where a kind does not apply), kinds in turn."""
    order = list(MUTATORS)
    rng.shuffle(order)
    made = 0
    for attempt in range(3 * count):
        mutator = order[attempt % len(order)]
        forged = copy.deepcopy(certificate)
        if mutator(rng, forged) and forged != certificate:
            yield mutator.__name__, forged
            made += 1
        if made == count:
            return


def premise_dropped(rng: random.Random, forged: Json) -> bool:
    """A premise is not cited."""
    step = pick(rng, forged, "theorem", "algebra", "meaning")
    if step is None or not step["from"]:
        return False
    step["from"].pop(rng.randrange(len(step["from"])))
    return True


def premise_replaced(rng: random.Random, forged: Json) -> bool:
    """Another earlier step is cited instead."""
    step = pick(rng, forged, "theorem", "algebra", "meaning")
    if step is None or not step["from"] or step["id"] < 3:
        return False
    step["from"][rng.randrange(len(step["from"]))] = rng.randrange(1, step["id"])
    return True


def premises_swapped(rng: random.Random, forged: Json) -> bool:
    """Premises stand in another order."""
    step = pick(rng, forged, "theorem")
    if step is None or len(step["from"]) < 2:
        return False
    rng.shuffle(step["from"])
    return True


def later_step_cited(rng: random.Random, forged: Json) -> bool:
    """A step rests on itself or on a later one."""
    step = pick(rng, forged, "theorem", "algebra", "meaning")
    if step is None or not step["from"]:
        return False
    step["from"][0] = rng.randrange(step["id"], len(forged["steps"]) + 1)
    return True


def steps_in_a_circle(rng: random.Random, forged: Json) -> bool:
    """Two steps rest on each other."""
    steps = [step for step in forged["steps"] if step.get("from")]
    if len(steps) < 2:
        return False
    one, two = rng.sample(steps, 2)
    one["from"][0], two["from"][0] = two["id"], one["id"]
    return True


def points_swapped(rng: random.Random, forged: Json) -> bool:
    """Two points of a theorem's arguments change places."""
    step = pick(rng, forged, "theorem")
    if step is None:
        return False
    places = [(word, k) for word in step["points"] for k in range(len(word))]
    if len(places) < 2:
        return False
    (one, i), (two, j) = rng.sample(places, 2)
    one[i], two[j] = two[j], one[i]
    return True


def points_swapped_in_statement(rng: random.Random, forged: Json) -> bool:
    """Two points of a statement change places."""
    step = rng.choice(forged["steps"])
    letters = [
        k for k, c in enumerate(step["says"]) if c.isupper() and (k == 0 or not step["says"][k - 1].islower())
    ]
    if len(letters) < 2:
        return False
    i, j = rng.sample(letters, 2)
    text = list(step["says"])
    text[i], text[j] = text[j], text[i]
    step["says"] = "".join(text)
    return True


def number_in_statement(rng: random.Random, forged: Json) -> bool:
    """A number of a statement is changed."""
    step = rng.choice(forged["steps"])
    digits = [k for k, c in enumerate(step["says"]) if c.isdigit()]
    if not digits:
        return False
    k = rng.choice(digits)
    step["says"] = (
        step["says"][:k] + str((int(step["says"][k]) + rng.randrange(1, 9)) % 10) + step["says"][k + 1 :]
    )
    return True


def answer_changed(rng: random.Random, forged: Json) -> bool:
    """Another answer, in text and value alike."""
    if forged["answer"] is None:
        return False
    number = str(Fraction(rng.randrange(1, 400), rng.choice((1, 1, 2, 3))))
    forged["answer"] = number
    return True


def answer_text_changed(rng: random.Random, forged: Json) -> bool:
    """The printed answer is not the proved one."""
    if forged["answer"] is None:
        return False
    forged["answer"] = rng.choice(["0", "1/0", "x", "", "9" * 5000, "sqrt(2)", forged["answer"] + "+1"])
    return True


def wrong_branch(rng: random.Random, forged: Json) -> bool:
    """Another branch, or another conclusion of it."""
    step = pick(rng, forged, "theorem", "meaning")
    if step is None:
        return False
    key = rng.choice([key for key in ("branch", "then", "means") if key in step])
    step[key] = rng.choice([step[key] + 1, step[key] - 1, 0, -1, 10**9, True, None, str(step[key])])
    return True


def wrong_theorem(rng: random.Random, forged: Json) -> bool:
    """The theorem of another step, or one that does not exist."""
    step, other = pick(rng, forged, "theorem"), pick(rng, forged, "theorem")
    if step is None or other is None:
        return False
    step["theorem"] = rng.choice([other["theorem"], "no_such_theorem", "", None])
    return True


def rule_changed(rng: random.Random, forged: Json) -> bool:
    """A derived step is called a given, or the other way round."""
    step = rng.choice(forged["steps"])
    rule = rng.choice(
        ["given", "construction", "theorem", "meaning", "algebra", "diagram", "conclude", "__init__"]
    )
    statement, number = step["says"], step["id"]
    kept = {key: value for key, value in step.items() if rule == step["rule"]}
    step.clear()
    step.update({"id": number, "rule": rule, "says": statement, **kept})
    if rule == "given":
        step["given"] = 0
    return True


def given_changed(rng: random.Random, forged: Json) -> bool:
    """Another given is cited."""
    step = pick(rng, forged, "given")
    if step is None:
        return False
    step["given"] = rng.choice([step["given"] + 1, step["given"] - 1, -1, 10**6, True, 0.0])
    return True


def step_left_out(rng: random.Random, forged: Json) -> bool:
    """A step is missing; the others keep their numbers or are numbered anew."""
    gone = forged["steps"].pop(rng.randrange(len(forged["steps"])))
    if rng.random() < 0.5:
        for step in forged["steps"]:
            step["id"] -= step["id"] > gone["id"]
            step["from"] = [k - (k > gone["id"]) for k in step.get("from", [])]
            if not step["from"] and step["rule"] in ("given", "construction"):
                del step["from"]
    return True


def steps_swapped(rng: random.Random, forged: Json) -> bool:
    """Two steps change places."""
    if len(forged["steps"]) < 2:
        return False
    i, j = rng.sample(range(len(forged["steps"])), 2)
    forged["steps"][i], forged["steps"][j] = forged["steps"][j], forged["steps"][i]
    return True


def number_twice(rng: random.Random, forged: Json) -> bool:
    """Two steps have one number."""
    step = rng.choice(forged["steps"])
    step["id"] = rng.choice(
        [rng.randrange(1, len(forged["steps"]) + 1), 0, -1, str(step["id"]), float(step["id"])]
    )
    return True


def goal_swapped(rng: random.Random, forged: Json) -> bool:
    """The proof ends with another statement."""
    last = forged["steps"][-1]
    if rng.random() < 0.5:
        last["says"] = rng.choice(forged["steps"])["says"]
    else:
        forged["steps"].pop()
    return True


def digest_of_another(rng: random.Random, forged: Json) -> bool:
    """The certificate claims to belong to another problem, theory or version."""
    key = rng.choice(["problem", "theory", "version"])
    text = forged[key]
    if key == "problem":
        forged[key] = text[:-1] + ("0" if text[-1] != "0" else "1")
    elif key == "theory":
        forged[key] = rng.choice([[text[0], "0" * 64], ["imo", text[1]], [], None])
    else:
        forged[key] = rng.choice([0, 2, "1", None, True and 1.5])
    return True


def givens_set_aside(rng: random.Random, forged: Json) -> bool:
    """A given is left out, or said to be read the other way round."""
    forged[rng.choice(["set_aside", "left_out"])].append(rng.choice([0, 1, -1, 10**6]))
    return True


def polygon_forged(rng: random.Random, forged: Json) -> bool:
    """A polygon of other cells, or with its corners the other way round."""
    if not forged["polygons"]:
        return False
    polygon, how = rng.choice(forged["polygons"]), rng.randrange(3)
    if how == 0:
        polygon[0] = polygon[0][::-1]
    elif how == 1:
        polygon[1] = [rng.choice([k, k + 1]) for k in polygon[1]] + rng.choice([[], [0]])
    else:
        i, j = rng.sample(range(len(polygon[0])), 2)
        polygon[0][i], polygon[0][j] = polygon[0][j], polygon[0][i]
    return True


MUTATORS: tuple[Mutator, ...] = (
    premise_dropped, premise_replaced, premises_swapped, later_step_cited, steps_in_a_circle, points_swapped,
    points_swapped_in_statement, number_in_statement, answer_changed, answer_text_changed, wrong_branch,
    wrong_theorem, rule_changed, given_changed, step_left_out, steps_swapped, number_twice, goal_swapped,
    digest_of_another, witness_number, witness_index, witness_cut, witness_rule, figure_for_sign,
    variable_changed, guard_omitted, coordinates_moved, rough_figure, givens_set_aside, polygon_forged,
    huge_number, deep_nesting, not_a_number, key_changed,
)  # fmt: skip
