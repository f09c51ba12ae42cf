"""Forging certificates: every way to spoil a proof that we could think of.

`forgeries` spoils one certificate in many ways.  `meaning` is what a certificate claims (the evidence left out):
a forgery that the checker accepts must have the meaning of the original.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

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
    answer = certificate["answer"] and certificate["answer"]["text"]
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


def _step(rng: random.Random, forged: Json, *rules: str) -> Json | None:
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


def premise_dropped(rng: random.Random, forged: Json) -> bool:
    """A premise is not cited."""
    step = _step(rng, forged, "theorem", "algebra", "meaning")
    if step is None or not step["from"]:
        return False
    step["from"].pop(rng.randrange(len(step["from"])))
    return True


def premise_replaced(rng: random.Random, forged: Json) -> bool:
    """Another earlier step is cited instead."""
    step = _step(rng, forged, "theorem", "algebra", "meaning")
    if step is None or not step["from"] or step["id"] < 3:
        return False
    step["from"][rng.randrange(len(step["from"]))] = rng.randrange(1, step["id"])
    return True


def premises_swapped(rng: random.Random, forged: Json) -> bool:
    """Premises stand in another order."""
    step = _step(rng, forged, "theorem")
    if step is None or len(step["from"]) < 2:
        return False
    rng.shuffle(step["from"])
    return True


def later_step_cited(rng: random.Random, forged: Json) -> bool:
    """A step rests on itself or on a later one."""
    step = _step(rng, forged, "theorem", "algebra", "meaning")
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
    step = _step(rng, forged, "theorem")
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
    letters = [k for k, c in enumerate(step["says"]) if c.isupper() and (k == 0 or not step["says"][k - 1].islower())]
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
    step["says"] = step["says"][:k] + str((int(step["says"][k]) + rng.randrange(1, 9)) % 10) + step["says"][k + 1 :]
    return True


def answer_changed(rng: random.Random, forged: Json) -> bool:
    """Another answer, in text and value alike."""
    if forged["answer"] is None:
        return False
    number = str(Fraction(rng.randrange(1, 400), rng.choice((1, 1, 2, 3))))
    forged["answer"] = {"text": number, "value": number}
    return True


def answer_text_changed(rng: random.Random, forged: Json) -> bool:
    """The printed answer is not the proved one."""
    if forged["answer"] is None:
        return False
    forged["answer"]["text"] = rng.choice(["0", "1/0", "x", "", "9" * 5000, "sqrt(2)", forged["answer"]["text"] + "+1"])
    return True


def wrong_branch(rng: random.Random, forged: Json) -> bool:
    """Another branch, or another conclusion of it."""
    step = _step(rng, forged, "theorem", "meaning")
    if step is None:
        return False
    key = rng.choice([key for key in ("branch", "then", "means") if key in step])
    step[key] = rng.choice([step[key] + 1, step[key] - 1, 0, -1, 10**9, True, None, str(step[key])])
    return True


def wrong_theorem(rng: random.Random, forged: Json) -> bool:
    """The theorem of another step, or one that does not exist."""
    step, other = _step(rng, forged, "theorem"), _step(rng, forged, "theorem")
    if step is None or other is None:
        return False
    step["theorem"] = rng.choice([other["theorem"], "no_such_theorem", "", None])
    return True


def rule_changed(rng: random.Random, forged: Json) -> bool:
    """A derived step is called a given, or the other way round."""
    step = rng.choice(forged["steps"])
    rule = rng.choice(["given", "construction", "theorem", "meaning", "algebra", "diagram", "conclude", "__init__"])
    statement, number = step["says"], step["id"]
    kept = {key: value for key, value in step.items() if rule == step["rule"]}
    step.clear()
    step.update({"id": number, "rule": rule, "says": statement, **kept})
    if rule == "given":
        step["given"] = 0
    return True


def given_changed(rng: random.Random, forged: Json) -> bool:
    """Another given is cited."""
    step = _step(rng, forged, "given")
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
    step["id"] = rng.choice([rng.randrange(1, len(forged["steps"]) + 1), 0, -1, str(step["id"]), float(step["id"])])
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


def witness_number(rng: random.Random, forged: Json) -> bool:
    """A number of a witness is changed."""
    step = _step(rng, forged, "algebra")
    places = _paths(step["witness"], _is_number) if step else []
    if not places:
        return False
    container, key = rng.choice(places)
    value = Fraction(container[key])
    container[key] = str(rng.choice([value + 1, -value, value * 2, value + Fraction(1, 10**9), Fraction(0)]))
    return True


def witness_index(rng: random.Random, forged: Json) -> bool:
    """A variable, step or source that a witness names is changed."""
    step = _step(rng, forged, "algebra")
    places = _paths(step["witness"], lambda v: type(v) is int) if step else []
    if not places:
        return False
    container, key = rng.choice(places)
    container[key] = rng.choice([container[key] + 1, container[key] - 1, -1, 10**7, 0])
    return True


def witness_cut(rng: random.Random, forged: Json) -> bool:
    """A step of a witness is missing, or the witness is that of another step."""
    step, other = _step(rng, forged, "algebra"), _step(rng, forged, "algebra")
    if step is None or other is None or not step["witness"]:
        return False
    if rng.random() < 0.5:
        step["witness"].pop(rng.randrange(len(step["witness"])))
    else:
        step["witness"] = copy.deepcopy(other["witness"])
    return True


def witness_rule(rng: random.Random, forged: Json) -> bool:
    """A step of a witness follows another rule."""
    step = _step(rng, forged, "algebra")
    if step is None or not step["witness"]:
        return False
    rng.choice(step["witness"])["rule"] = rng.choice(
        ["given", "bound", "define", "combine", "product", "root", "value", "inverse", "positive", "equal", "run", 7]
    )
    return True


def range_for_model(rng: random.Random, forged: Json) -> bool:
    """A root is said to be excluded for another reason."""
    step = _step(rng, forged, "algebra")
    places = _paths(step["witness"], lambda v: v in ("range", "model")) if step else []
    if not places:
        return False
    container, key = rng.choice(places)
    container[key] = {"range": "model", "model": "range"}[container[key]]
    return True


def variable_changed(rng: random.Random, forged: Json) -> bool:
    """A variable stands for another quantity, or two for one."""
    table = forged["variables"]
    if len(table) < 2:
        return False
    i, j = rng.sample(range(len(table)), 2)
    if rng.random() < 0.5:
        table[i][1], table[j][1] = table[j][1], table[i][1]
    else:
        table[i][rng.randrange(2)] = table[j][rng.randrange(2)]
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
        points[rng.choice(sorted(points))] = rng.choice([["nan", "0"], ["inf", "0"], ["1e99", "0"], [0, 0], [], "AB", None])
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


MUTATORS: tuple[Mutator, ...] = (
    premise_dropped, premise_replaced, premises_swapped, later_step_cited, steps_in_a_circle, points_swapped,
    points_swapped_in_statement, number_in_statement, answer_changed, answer_text_changed, wrong_branch,
    wrong_theorem, rule_changed, given_changed, step_left_out, steps_swapped, number_twice, goal_swapped,
    digest_of_another, witness_number, witness_index, witness_cut, witness_rule, range_for_model,
    variable_changed, guard_omitted, coordinates_moved, rough_figure, givens_set_aside, polygon_forged,
    huge_number, deep_nesting, not_a_number, key_changed,
)  # fmt: skip
#: Forgeries of the evidence: what is claimed stays the same, so an accepted one is another proof of it.
EVIDENCE = {
    "witness_number", "witness_index", "witness_cut", "witness_rule", "range_for_model", "variable_changed",
    "coordinates_moved", "rough_figure", "huge_number", "deep_nesting", "not_a_number", "guard_omitted",
}  # fmt: skip
