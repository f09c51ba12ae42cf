"""Marks of the givens: right angles, arcs of angles, ticks, arrows, dimension lines."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from fgps.render.figure.facts import Facts
from fgps.render.figure.geometry import XY, along, direction, distance, distance_to_segment
from fgps.render.figure.items import Item, Sheet, arc_commands, arc_obstacles
from fgps.render.figure.parts import Part
from fgps.render.figure.scene import Scene

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
    name = {"sector": "arc", "outline": "polygon", "disc": "circle", "radius": "circle"}.get(part.kind, part.kind)
    return ((name, "".join(part.points)),)


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
    first = 2 if any(part not in in_class for part in labelled if part not in facts.goal) else 1
    for number, group in enumerate(classes):
        for part in group:
            counts.setdefault(part, number + first)
    goal = [part for part in facts.goal if part.kind == "angle"]
    for part in (*labelled, *goal):
        counts.setdefault(part, 1)
    done: list[AngleMark] = []
    # Narrow angles inside, wide ones round them.
    for part in sorted(counts, key=lambda p: (round(scene.sector(p.points)[2], 4), p.points)):
        radius = _radius(scene, part)
        for other in done:
            if other.part.points[1] == part.points[1] and _clash(scene, part, counts[part], other):
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


def _clash(scene: Scene, part: Part, count: int, other: AngleMark) -> bool:
    """Whether two angles at one vertex overlap, or touch and are not marked as equals."""
    _, start, sweep = scene.sector(part.points)
    _, begin, width = scene.sector(other.part.points)
    for one, size, two, extent in ((start, sweep, begin, width), (begin, width, start, sweep)):
        offset = (two - one) % (2.0 * math.pi)
        slack = -1e-3 if count != other.count or count == 1 else 1e-3
        if offset < size - slack or (offset + extent > 2.0 * math.pi + slack):
            return True
    return False


def draw_angles(sheet: Sheet, scene: Scene, marks: Sequence[AngleMark]) -> None:
    """One to four arcs at each marked angle."""
    for mark in marks:
        vertex, start, sweep = scene.sector(mark.part.points)
        css = "mark angle goal" if mark.goal else "mark angle"
        for k in range(mark.count):
            radius = mark.radius + k * scene.sizes.angle_gap
            commands = arc_commands(vertex, radius, start, sweep)
            sheet.add(Item("marks", css, commands, data_of(mark.part)), *arc_obstacles(vertex, radius, start, sweep))


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
        spot, _ = scene.spot(a, b, 9.0 + 0.5 * count * sizes.tick_gap)
        heading = direction(scene.places[a], scene.places[b])
    else:
        centre, radius, start, sweep = scene.span(part.points)
        spot = along(centre, start + 0.5 * sweep, radius)
        heading = start + 0.5 * sweep + math.pi / 2
    for k in range(count):
        here = along(spot, heading, (k - 0.5 * (count - 1)) * sizes.tick_gap)
        one = along(here, heading + math.pi / 2, 0.5 * sizes.tick)
        two = along(here, heading - math.pi / 2, 0.5 * sizes.tick)
        sheet.line("marks", "mark tick", one, two, data_of(part))
    return spot


def draw_arrows(sheet: Sheet, scene: Scene, facts: Facts, taken: Sequence[XY]) -> None:
    """Arrow heads on parallel lines: one, two or three for each class, one mark for each line."""
    sizes = scene.sizes
    for number, group in enumerate(facts.parallel):
        marked: set[tuple[str, ...]] = set()
        for tail, head in group:
            row = scene.strokes.row_of(tail, head) or (tail, head)
            if row in marked:
                continue
            marked.add(row)
            room = 14.0 + 0.5 * number * sizes.arrow_gap
            spot, _ = scene.spot(tail, head, room, taken)
            heading = direction(scene.places[tail], scene.places[head])
            for k in range(number + 1):
                tip = along(spot, heading, (k - 0.5 * number) * sizes.arrow_gap + 0.35 * sizes.arrow)
                ends = [along(tip, heading + math.pi + s * 0.52, sizes.arrow) for s in (1.0, -1.0)]
                path = (("M", *ends[0]), ("L", *tip), ("L", *ends[1]))
                data = data_of(Part("segment", (tail, head) if tail < head else (head, tail)))
                sheet.add(Item("marks", "mark arrow", path, data), (*ends[0], *tip), (*ends[1], *tip))


def draw_dimension(sheet: Sheet, scene: Scene, part: Part, taken: list[tuple[XY, XY]]) -> tuple[XY, XY]:
    """A thin line beside a segment that other points divide, so that its length is not read as a part's.

    It stands on the emptier side, farther out if another one is there; returns its ends.
    """
    a, b = (scene.places[name] for name in part.points)
    heading = direction(a, b)
    sides = {side: 0 for side in (1.0, -1.0)}
    for place in scene.places.values():
        height = (place[1] - a[1]) * math.cos(heading) - (place[0] - a[0]) * math.sin(heading)
        if abs(height) > 1.0:
            sides[1.0 if height > 0 else -1.0] += 1
    side = 1.0 if sides[1.0] < sides[-1.0] else -1.0
    offset = scene.sizes.dimension
    while True:
        ends = tuple(along(end, heading + side * math.pi / 2, offset) for end in (a, b))
        middle = ((ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2)
        if all(distance_to_segment(middle, *line) > 8.0 for line in taken) or offset > 6 * scene.sizes.dimension:
            break
        offset += scene.sizes.dimension
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
        sheet.line("thin", "thin dimension", along(centre, angle, outer - 3), along(centre, angle, outer + 3), data_of(part))
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
