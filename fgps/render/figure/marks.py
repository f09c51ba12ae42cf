"""Marks of the givens: right angles, arcs of angles, ticks, arrows, dimension lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fgps.render.figure.facts import Facts
from fgps.render.figure.geometry import XY, along, direction, distance, distance_to_segment
from fgps.render.figure.items import Item, Sheet, arc_commands, arc_obstacles
from fgps.render.figure.parts import Part
from fgps.render.figure.scene import Scene

_DATA_NAMES: Final = {"sector": "arc", "outline": "polygon", "disc": "circle", "radius": "circle"}

Data = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AngleMark:
    """An angle with ``count`` arcs; the innermost has this radius."""

    part: Part
    count: int
    radius: float
    goal: bool


def data_of(part: Part) -> Data:
    """The ``data-`` attributes by which a page finds a part."""
    return ((_DATA_NAMES.get(part.kind, part.kind), "".join(part.points)),)


def draw_right_angles(sheet: Sheet, scene: Scene, right: Sequence[Part]) -> None:
    """A small square for each right angle; one for each pair of lines at a point."""
    seen: set[tuple[str, int]] = set()
    for part in right:
        a, v, b = part.points
        vertex, start, sweep = scene.sector(part.points)
        key = (v, round(math.degrees(start) % 90.0) % 90)
        if key in seen:
            continue
        seen.add(key)
        if sweep > math.pi:
            start, sweep = start + sweep, 2.0 * math.pi - sweep
        side = min(scene.sizes.square, 0.3 * min(scene.reach(v, a), scene.reach(v, b)))
        one, two = along(vertex, start, side), along(vertex, start + sweep, side)
        corner = (one[0] + two[0] - vertex[0], one[1] + two[1] - vertex[1])
        path = (("M", *one), ("L", *corner), ("L", *two))
        item = Item("marks", "mark right-angle", path, data_of(part))
        sheet.add(item, (*one, *corner), (*corner, *two))


def plan_angles(scene: Scene, facts: Facts) -> list[AngleMark]:
    """The angles to be marked, with radii such that overlapping ones can be told apart."""
    counts: dict[Part, int] = {}
    labelled = [label.part for label in facts.labels if label.part.kind == "angle"]
    classes = [group for group in facts.equal if group[0].kind == "angle"]
    in_class = {part for group in classes for part in group}
    # Beside angles with a value, a single arc would look like theirs; but four arcs are too many.
    plain = any(part not in in_class for part in labelled if part not in facts.goal)
    first = 2 if plain and len(classes) < 3 else 1
    for number, group in enumerate(classes):
        for part in group:
            counts.setdefault(part, number + first)
    goal = [part for part in facts.goal if part.kind == "angle"]
    for part in (*labelled, *goal):
        counts.setdefault(part, 1)
    done: list[AngleMark] = []
    # Narrow angles inside, wide ones round them.
    for part in sorted(counts, key=lambda p: (round(scene.sector(p.points)[2], 4), p.points)):
        radius = max(_radius(scene, part), _beyond_square(scene, part, facts.right))
        for other in done:
            equal = any(part in group and other.part in group for group in classes)
            if other.part.points[1] == part.points[1] and _clash(scene, part, other, equal):
                outer = other.radius + (other.count - 1) * scene.sizes.angle_gap
                radius = max(radius, outer + 1.9 * scene.sizes.angle_gap)
        done.append(AngleMark(part, counts[part], radius, part in goal))
    return done


def _radius(scene: Scene, part: Part) -> float:
    """The natural radius: thin angles get a larger one, short rays a smaller one."""
    a, v, b = part.points
    _, _, sweep = scene.sector(part.points)
    base = scene.sizes.angle
    wanted = min(max(base, 0.55 * base / max(sweep, 0.05)), 2.4 * base)
    return max(min(wanted, 0.42 * min(scene.reach(v, a), scene.reach(v, b))), 0.45 * base)


def _beyond_square(scene: Scene, part: Part, right: Sequence[Part]) -> float:
    """The radius at which an arc clears the square of a right angle inside it; 0 if there is none."""
    _, start, sweep = scene.sector(part.points)
    for square in right:
        if square.points[1] == part.points[1] and square != part:
            _, begin, width = scene.sector(square.points)
            offset = (begin - start) % (2.0 * math.pi)
            if offset < sweep - 1e-3 or offset + width > 2.0 * math.pi + 1e-3:
                return 1.75 * scene.sizes.square
    return 0.0


def _clash(scene: Scene, part: Part, other: AngleMark, equal: bool) -> bool:
    """Whether two angles at one vertex overlap, or touch and are not marked as equals."""
    _, start, sweep = scene.sector(part.points)
    _, begin, width = scene.sector(other.part.points)
    slack = 1e-3 if equal else -1e-3
    for one, size, two, extent in ((start, sweep, begin, width), (begin, width, start, sweep)):
        offset = (two - one) % (2.0 * math.pi)
        if offset < size - slack or offset + extent > 2.0 * math.pi + slack:
            return True
    return False


def draw_angles(sheet: Sheet, scene: Scene, marks: Sequence[AngleMark]) -> None:
    """One to four arcs at each marked angle."""
    for mark in marks:
        vertex, start, sweep = scene.sector(mark.part.points)
        css = "mark angle goal" if mark.goal else "mark angle"
        for k in range(mark.count):
            radius = mark.radius + k * scene.sizes.angle_gap
            arc = (vertex, radius, start, sweep)
            sheet.add(Item("marks", css, arc_commands(*arc), data_of(mark.part)), *arc_obstacles(*arc))


def draw_ticks(sheet: Sheet, scene: Scene, facts: Facts) -> list[XY]:
    """One to four ticks on equal segments, and on equal arcs; returns where they stand."""
    spots: list[XY] = []
    for kind in ("segment", "arc"):
        for number, group in enumerate(group for group in facts.equal if group[0].kind == kind):
            for part in group:
                spots.append(_tick(sheet, scene, part, number + 1))
    return spots


def _tick(sheet: Sheet, scene: Scene, part: Part, count: int) -> XY:
    sizes = scene.sizes
    if part.kind == "segment":
        a, b = part.points
        spot, _ = scene.spot(a, b, 14.0 + 0.5 * count * sizes.tick_gap)
        heading = direction(scene.places[a], scene.places[b])
    else:
        spot, middle = scene.spot_on_arc(part.points, 10.0 + 0.5 * count * sizes.tick_gap)
        heading = middle + math.pi / 2
    for k in range(count):
        here = along(spot, heading, (k - 0.5 * (count - 1)) * sizes.tick_gap)
        one = along(here, heading + math.pi / 2, 0.5 * sizes.tick)
        two = along(here, heading - math.pi / 2, 0.5 * sizes.tick)
        sheet.line("marks", "mark tick", one, two, data_of(part))
    return spot


def draw_arrows(sheet: Sheet, scene: Scene, facts: Facts, taken: Sequence[XY]) -> None:
    """Arrow heads on parallel lines: one, two or three for each class, one mark for each line."""
    sizes = scene.sizes
    for number, group in enumerate(_parallel_lines(scene, facts)):
        for tail, head in group:
            room = 26.0 + 0.5 * number * sizes.arrow_gap
            spot, _ = scene.spot(tail, head, room, taken)
            heading = direction(scene.places[tail], scene.places[head])
            for k in range(number + 1):
                tip = along(spot, heading, (k - 0.5 * number) * sizes.arrow_gap + 0.35 * sizes.arrow)
                ends = [along(tip, heading + math.pi + s * 0.52, sizes.arrow) for s in (1.0, -1.0)]
                path = (("M", *ends[0]), ("L", *tip), ("L", *ends[1]))
                data = data_of(Part("segment", (tail, head) if tail < head else (head, tail)))
                sheet.add(Item("marks", "mark arrow", path, data), (*ends[0], *tip), (*ends[1], *tip))


def _parallel_lines(scene: Scene, facts: Facts) -> list[list[tuple[str, str]]]:
    """Classes of parallels with one segment for each drawn line; classes that share a line are one."""
    classes: list[dict[tuple[str, ...], tuple[str, str]]] = []
    for group in facts.parallel:
        lines: dict[tuple[str, ...], tuple[str, str]] = {}
        for tail, head in group:
            lines.setdefault(scene.strokes.row_of(tail, head) or (tail, head), (tail, head))
        for known in [known for known in classes if known.keys() & lines.keys()]:
            classes.remove(known)
            shared = next(line for line in known if line in lines)
            against = not _same_way(scene, known[shared], lines[shared])
            turned = {line: (b, a) if against else (a, b) for line, (a, b) in lines.items()}
            lines = {**turned, **known}
        classes.append(lines)
    return [list(lines.values()) for lines in classes[:3]]


def _same_way(scene: Scene, one: tuple[str, str], two: tuple[str, str]) -> bool:
    (a, b), (c, d) = ((scene.places[row[0]], scene.places[row[1]]) for row in (one, two))
    return (b[0] - a[0]) * (d[0] - c[0]) + (b[1] - a[1]) * (d[1] - c[1]) > 0


def empty_side(scene: Scene, a: XY, b: XY) -> float:
    """The side of a segment on which no point of the figure lies (1 left, -1 right); 0 if there is none."""
    heading = direction(a, b)
    spots = list(scene.places.values())
    for name in (*scene.strokes.circles, *(arc[0] for arc in scene.strokes.arcs)):
        circle = scene.circles[name]
        spots += [along(circle.centre, heading + s * math.pi / 2, circle.radius) for s in (1.0, -1.0)]
    heights = [(y - a[1]) * math.cos(heading) - (x - a[0]) * math.sin(heading) for x, y in spots]
    if all(height < 1.0 for height in heights):
        return 1.0
    return -1.0 if all(height > -1.0 for height in heights) else 0.0


def draw_dimension(
    sheet: Sheet, scene: Scene, part: Part, side: float, taken: list[tuple[XY, XY]]
) -> tuple[XY, XY]:
    """A thin line beside a segment that other points divide, so that its length is not read as a part's.

    It stands farther out if another one is there; returns its ends.
    """
    a, b = (scene.places[name] for name in part.points)
    heading = direction(a, b)
    offset = scene.sizes.dimension
    while True:
        ends = tuple(along(end, heading + side * math.pi / 2, offset) for end in (a, b))
        middle = ((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2)
        free = all(distance_to_segment(middle, *line) > 8.0 for line in taken)
        if free or offset > 6 * scene.sizes.dimension:
            break
        offset += 1.6 * scene.sizes.dimension
    bar = 3.0
    sheet.line("thin", "thin dimension", ends[0], ends[1], data_of(part))
    for end in ends:
        one, two = along(end, heading + math.pi / 2, bar), along(end, heading - math.pi / 2, bar)
        sheet.line("thin", "thin dimension", one, two, data_of(part))
    taken.append((ends[0], ends[1]))
    return ends[0], ends[1]


def draw_arc_dimension(sheet: Sheet, scene: Scene, part: Part) -> float:
    """A thin arc outside an arc that other points divide; returns its radius."""
    centre, radius, start, sweep = scene.span(part.points)
    outer = radius + scene.sizes.dimension
    item = Item("thin", "thin dimension", arc_commands(centre, outer, start, sweep), data_of(part))
    sheet.add(item, *arc_obstacles(centre, outer, start, sweep))
    for angle in (start, start + sweep):
        ends = [along(centre, angle, outer + side) for side in (-3.0, 3.0)]
        sheet.line("thin", "thin dimension", ends[0], ends[1], data_of(part))
    return outer


def divided(scene: Scene, part: Part) -> bool:
    """Whether other points lie inside a segment or arc."""
    if part.kind == "segment":
        return bool(scene.strokes.between(*part.points))
    centre, radius, start, sweep = scene.span(part.points)
    for name, place in scene.places.items():
        if name not in part.points[1:] and abs(distance(centre, place) - radius) < 1e-3 * radius:
            if (direction(centre, place) - start) % (2.0 * math.pi) < sweep:
                return True
    return False
