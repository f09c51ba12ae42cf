"""The public functions: a problem and its models in, the text of an SVG out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fgps.diagram.model import Diagram
from fgps.lang.ast import Call, Term
from fgps.lang.printer import print_term
from fgps.problem.model import Problem
from fgps.render.figure.compose import Composed, compose
from fgps.render.figure.facts import Facts, read_facts
from fgps.render.figure.items import Item
from fgps.render.figure.notation import Run, Runs, number, write
from fgps.render.figure.parts import Part, Parts
from fgps.render.figure.pose import Pose, choose_pose
from fgps.render.figure.scene import scaled
from fgps.render.figure.svg import Window, document
from fgps.render.figure.theme import Sizes, Theme, load_theme

_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Options:
    """``width``: of the picture in pixels, None for the natural one; ``answer``: the goal's value in
    place of the question mark; ``targets``: statements whose parts a page will want to highlight, besides
    the givens."""

    width: float | None = None
    answer: bool = False
    targets: tuple[Call, ...] = ()


def figure_svg(
    problem: Problem,
    diagram: Diagram,
    theme: str | Theme = "auto",
    options: Options | None = None,
    highlights: Sequence[Call] = (),
) -> str:
    """The figure of a problem as SVG.

    ``diagram`` are its models (`readable_diagram`, or any of `fgps.diagram.synthesize`); ``theme`` is
    ``light``, ``dark``, ``auto`` or a `Theme`; the parts of ``highlights`` are drawn in a colour of their
    own.  The same problem, models and options give the same bytes.  Raises `ThemeError` for an unknown theme.
    """
    chosen = load_theme(theme) if isinstance(theme, str) else theme
    composed, window = arrange(problem, diagram, chosen.sizes, options or Options(), highlights)
    return document(composed.items, window, chosen, problem.name, _about(problem, highlights))


def draw_step(
    problem: Problem, diagram: Diagram, statements: Sequence[Call], theme: str | Theme = "auto"
) -> str:
    """The figure with what a step's statements speak of highlighted; all steps have one pose and scale."""
    return figure_svg(problem, diagram, theme, None, statements)


def arrange(
    problem: Problem, diagram: Diagram, sizes: Sizes, options: Options, highlights: Sequence[Call] = ()
) -> tuple[Composed, Window]:
    """Everything in its place: the items, and the window (left, bottom, right, top) that shows them."""
    parts = Parts(problem, diagram)
    answer = goal_text(problem, diagram) if options.answer else None
    facts = read_facts(problem, diagram, answer)
    pose = choose_pose(problem, diagram, [row for group in facts.parallel for row in group])
    lit = _known(pose, [part for statement in highlights for part in parts.of_statement(statement)])
    statements = [*(given.term for given in problem.givens), *options.targets]
    targets = [part for a, b in problem.construction.lines if (part := parts.segment(a, b)) is not None]
    targets += [part for statement in statements for part in parts.of_statement(statement)]
    targets = _known(pose, list(dict.fromkeys(targets)))
    facts = _drawable(pose, facts)
    width = options.width or _natural_width(pose, sizes)
    composed, window = _fit(pose, facts, lit, targets, sizes, width)
    if answer is None or problem.goal is None or any(label.part in facts.goal for label in facts.labels):
        return composed, window
    return _with_line(composed, window, _equation(problem.goal.term, answer), sizes)


def _equation(term: Term, answer: Runs) -> Runs:
    """``x = 40`` for a goal that no part of the figure shows; only the value if it cannot be written."""
    name = write(term)
    return (*name, Run(" = "), *answer) if name else answer


def _with_line(composed: Composed, window: Window, runs: Runs, sizes: Sizes) -> tuple[Composed, Window]:
    """The figure with a line of text below it."""
    left, bottom, right, top = window
    spot = ((left + right) / 2, bottom - 0.3 * sizes.goal)
    item = Item("labels", "label goal", (("T", *spot, sizes.goal),), (), runs)
    lower = bottom - 0.9 * sizes.goal - sizes.margin / 2
    return replace(composed, items=(*composed.items, item)), (left, lower, right, top)


def _fit(
    pose: Pose, facts: Facts, lit: Sequence[Part], targets: Sequence[Part], sizes: Sizes, width: float
) -> tuple[Composed, Window]:
    """Compose at the scale at which figure and labels fill the page: labels do not shrink with the figure."""
    outline = pose.outline()
    wide, tall = (max(float(side), 1e-9) for side in outline.max(axis=0) - outline.min(axis=0))
    room_x = max(width - 2 * sizes.margin, 40.0)
    room_y = max(sizes.tallest * width - 2 * sizes.margin, 40.0)
    scale = min((room_x - 30) / wide, (room_y - 30) / tall, 1e9)
    for turn in range(_ROUNDS):
        composed = compose(scaled(pose, scale, sizes), facts, lit, targets)
        left, bottom, right, top = composed.box
        over_x = right - left - wide * scale
        over_y = top - bottom - tall * scale
        if right - left <= room_x + 0.5 and top - bottom <= room_y + 0.5 and turn:
            break
        scale = min(max(room_x - over_x, 0.3 * room_x) / wide, max(room_y - over_y, 0.3 * room_y) / tall)
        scale *= 1.0 - 0.01 * turn
    middle = (left + right) / 2
    half = max(width / 2, (right - left) / 2 + sizes.margin)
    return composed, (middle - half, bottom - sizes.margin, middle + half, top + sizes.margin)


def _natural_width(pose: Pose, sizes: Sizes) -> float:
    """Wide enough that neighbouring points come apart, within the limits of the theme."""
    places = list(pose.places.values())
    gaps = [math.dist(p, q) for k, p in enumerate(places) for q in places[:k]]
    outline = pose.outline()
    wide, tall = (float(side) for side in outline.max(axis=0) - outline.min(axis=0))
    nearest = [gap for gap in gaps if gap > 1e-9]
    if not nearest:
        return sizes.narrowest
    needed = sizes.closest * max(wide, tall / sizes.tallest) / min(nearest) + 2 * sizes.margin + 30
    return round(min(max(needed, sizes.narrowest), sizes.widest))


def _known(pose: Pose, parts: Sequence[Part]) -> list[Part]:
    """Parts whose points are all in the figure, each once."""
    return [part for part in dict.fromkeys(parts) if _is_drawn(pose, part)]


def _is_drawn(pose: Pose, part: Part) -> bool:
    if part.kind in ("circle", "disc", "radius"):
        return part.points[0] in pose.circles
    if part.kind in ("arc", "sector"):
        return part.points[0] in pose.circles and all(name in pose.places for name in part.points[1:])
    return all(name in pose.places for name in part.points)


def _drawable(pose: Pose, facts: Facts) -> Facts:
    """The facts without those that speak of points which the models do not have."""
    return Facts(
        tuple(label for label in facts.labels if _is_drawn(pose, label.part)),
        tuple(group for group in facts.equal if all(_is_drawn(pose, part) for part in group)),
        tuple(_known(pose, facts.right)),
        tuple(group for group in facts.parallel if all(p in pose.places for row in group for p in row)),
        tuple(_known(pose, facts.goal)),
        facts.notes,
    )


def goal_text(problem: Problem, diagram: Diagram) -> Runs | None:
    """The goal's value as the models determine it; in the annotated form where that is this value."""
    goal = problem.goal
    if goal is None or goal.kind != "value":
        return None
    value = diagram.determined(goal.term)
    if value is None:
        return None
    degrees = _is_angle(problem, goal.term)
    if problem.expected is not None:
        annotated = diagram.value(problem.expected)
        exact = write(problem.expected, degrees)
        if annotated is not None and exact is not None:
            if abs(annotated[0] - value) < 1e-6 * max(1.0, abs(value)):
                return exact
    return number(value, degrees)


def _is_angle(problem: Problem, term: Term) -> bool:
    attribute = problem.theory.attributes.get(term.head) if isinstance(term, Call) else None
    return attribute is not None and attribute.kind == "angle"


def _about(problem: Problem, highlights: Sequence[Call]) -> str:
    """The description for those who cannot see the figure: wording, givens, goal, what is highlighted."""
    texts = dict(problem.declaration.texts)
    sentences = [texts.get("en") or next(iter(texts.values()), "")]
    givens = "; ".join(print_term(given.term, "infix") for given in problem.givens)
    if givens:
        sentences.append(f"Given: {givens}.")
    if problem.goal is not None:
        sentences.append(f"To find: {print_term(problem.goal.term, 'infix')}.")
    if highlights:
        sentences.append(f"Highlighted: {'; '.join(print_term(s, 'infix') for s in highlights)}.")
    return " ".join(sentence for sentence in sentences if sentence)
