"""From a pose and facts to items: strokes, fills, marks, labels, and the targets that pages highlight."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fgps.render.figure import labels as candidates
from fgps.render.figure import marks
from fgps.render.figure.facts import Facts, Label
from fgps.render.figure.geometry import XY, along, direction, distance, free_sectors
from fgps.render.figure.items import (
    Item,
    Sheet,
    arc_commands,
    arc_obstacles,
    polygon_commands,
    sector_commands,
)
from fgps.render.figure.marks import AngleMark, Data, data_of
from fgps.render.figure.notation import Run, point_name
from fgps.render.figure.parts import Part
from fgps.render.figure.place import Placed, Wish, place
from fgps.render.figure.scene import Scene

#: What a page can highlight that is not drawn: at most so many angles and polygons.
_MOST_TARGETS = 400


@dataclass(frozen=True, slots=True)
class Composed:
    """The items of a figure, its labels in their places, and the box of it all."""

    items: tuple[Item, ...]
    placed: tuple[Placed, ...]
    box: tuple[float, float, float, float]


def compose(scene: Scene, facts: Facts, highlights: Sequence[Part], targets: Sequence[Part]) -> Composed:
    """Draw everything and place the labels."""
    sheet = Sheet()
    _strokes(sheet, scene)
    glow = [(part, "highlight") for part in highlights] + [
        (part, "goal") for part in facts.goal if part not in highlights
    ]
    angles = marks.plan_angles(scene, facts)
    for part, css in glow:
        _glow(sheet, scene, part, css, angles)
    marks.draw_right_angles(sheet, scene, facts.right)
    marks.draw_angles(sheet, scene, angles)
    taken = marks.draw_ticks(sheet, scene, facts)
    marks.draw_arrows(sheet, scene, facts, taken)
    wishes = _wishes(sheet, scene, facts, angles, {part for part, css in glow if css == "highlight"})
    for name, (x, y) in scene.places.items():
        lit = any(part.kind == "point" and name in part.points for part in highlights)
        css = "dot highlight" if lit else "dot"
        sheet.add(Item("points", css, (("C", x, y, scene.sizes.dot),), (("point", name),)))
    placed = _place(sheet, scene, wishes)
    _targets(sheet, scene, targets)
    return Composed(tuple(sheet.items), tuple(placed), _box(sheet, scene, placed))


def _strokes(sheet: Sheet, scene: Scene) -> None:
    for row in scene.strokes.rows:
        sheet.line("lines", "line", scene.places[row[0]], scene.places[row[-1]], (("line", "".join(row)),))
    for name in scene.strokes.circles:
        circle = scene.circles[name]
        commands = arc_commands(circle.centre, circle.radius, 0.0, 2 * math.pi)
        around = arc_obstacles(circle.centre, circle.radius, 0.0, 2 * math.pi)
        sheet.add(Item("circles", "circle", commands, (("circle", name),)), *around)
    for arc in scene.strokes.arcs:
        span = scene.span(arc)
        item = Item("circles", "arc", arc_commands(*span), (("arc", "".join(arc)),))
        sheet.add(item, *arc_obstacles(*span))


def _glow(sheet: Sheet, scene: Scene, part: Part, css: str, angles: Sequence[AngleMark]) -> None:
    """A part in the colour of the goal or of the highlights: thick strokes, filled regions."""
    data = data_of(part)
    names = part.points
    fill, line = f"{css}-fill", f"{css}-line"
    if part.kind == "segment":
        a, b = scene.places[names[0]], scene.places[names[1]]
        sheet.add(Item("glow", line, (("M", *a), ("L", *b)), data))
    elif part.kind == "angle":
        vertex, start, sweep = scene.sector(names)
        mark = next((mark for mark in angles if mark.part == part), None)
        radius = mark.radius + (mark.count - 1) * scene.sizes.angle_gap if mark else 1.2 * scene.sizes.angle
        sheet.add(Item("fills", fill, sector_commands(vertex, radius, start, sweep), data))
        if mark is None or css == "highlight":
            sheet.add(Item("marks", f"mark {css}", arc_commands(vertex, radius, start, sweep), data))
    elif part.kind == "arc":
        sheet.add(Item("glow", line, arc_commands(*scene.span(names)), data))
    elif part.kind == "sector":
        kind = ("glow", line) if part.size == "length" else ("fills", fill)
        sheet.add(Item(*kind, sector_commands(*scene.span(names)), data))
    elif part.kind in ("polygon", "outline"):
        kind = ("fills", fill) if part.kind == "polygon" else ("glow", line)
        sheet.add(Item(*kind, polygon_commands([scene.places[name] for name in names]), data))
    elif part.kind in ("disc", "circle", "radius"):
        circle = scene.circles[names[0]]
        kind = ("fills", fill) if part.kind == "disc" else ("glow", line)
        own = _radius_segment(scene, names[0]) if part.kind == "radius" else None
        if own is not None:
            sheet.add(Item("glow", line, (("M", *own[0]), ("L", *own[1])), data))
        elif part.kind != "radius":
            sheet.add(Item(*kind, arc_commands(circle.centre, circle.radius, 0.0, 2 * math.pi), data))


def _radius_segment(scene: Scene, name: str) -> tuple[XY, XY] | None:
    """A drawn radius of a circle: from its centre to the first of its points that a line joins to it."""
    circle = scene.circles[name]
    centres = [p for p, xy in scene.places.items() if distance(xy, circle.centre) < 1e-3 * circle.radius]
    for point, place_ in scene.places.items():
        on = abs(distance(place_, circle.centre) - circle.radius) < 1e-3 * circle.radius
        if on and any(scene.strokes.row_of(centre, point) for centre in centres):
            return circle.centre, place_
    return None


def _wishes(
    sheet: Sheet, scene: Scene, facts: Facts, angles: Sequence[AngleMark], lit: set[Part]
) -> list[Wish]:
    radii = {mark.part: mark.radius + (mark.count - 1) * scene.sizes.angle_gap for mark in angles}
    lines: list[tuple[XY, XY]] = []
    wishes = [candidates.point_label(scene, name) for name in scene.places]
    for label in facts.labels:
        css = "label goal" if label.goal else "label highlight" if label.part in lit else "label"
        wish = _label_wish(sheet, scene, label, css, radii, lines)
        if wish is not None:
            wishes.append(wish)
    return wishes


def _label_wish(
    sheet: Sheet, scene: Scene, label: Label, css: str, radii: dict[Part, float], lines: list[tuple[XY, XY]]
) -> Wish | None:
    """The label's candidates; draws the dimension line if it needs one."""
    part, runs, data = label.part, label.runs, data_of(label.part)
    size = scene.sizes.goal if label.goal and runs[0].text.startswith("?") else scene.sizes.label
    if part.kind == "segment":
        a, b = (scene.places[name] for name in part.points)
        if marks.divided(scene, part) and not label.goal:
            side = marks.empty_side(scene, a, b)
            if side:
                a, b = marks.draw_dimension(sheet, scene, part, side, lines)
                return candidates.beside(scene, a, b, runs, css, data, size, side)
            # There is no room for a dimension line inside a figure: the label says what it measures.
            runs = (*(run for name in part.points for run in point_name(name)), Run(" = "), *runs)
        return candidates.beside(scene, a, b, runs, css, data, size)
    if part.kind == "angle":
        return candidates.in_angle(scene, part.points, radii[part], runs, css, data, size)
    if part.kind == "arc":
        centre, radius, start, sweep = scene.span(part.points)
        if marks.divided(scene, part) and not label.goal:
            radius = marks.draw_arc_dimension(sheet, scene, part)
        return candidates.at_arc((centre, radius, start, sweep), scene.sizes.gap, runs, css, data, size)
    if part.kind == "radius":
        own = _radius_segment(scene, part.points[0]) or _thin_radius(sheet, scene, part)
        return candidates.beside(scene, *own, runs, css, data, size)
    return _region_wish(scene, label, css, data, size)


def _region_wish(scene: Scene, label: Label, css: str, data: Data, size: float) -> Wish | None:
    """An area's label in its region; given areas only where nothing divides the region."""
    part = label.part
    runs = (Run("S", "it"), Run(" = "), *label.runs)
    if part.size == "length":
        return None
    if part.kind == "polygon":
        corners = [scene.places[name] for name in part.points]
        return candidates.in_region(corners, runs, css, data, size)
    if part.kind == "sector":
        centre, radius, start, sweep = scene.span(part.points)
        bow = [along(centre, start + sweep * k / 16, radius) for k in range(17)]
        return candidates.in_region([centre, *bow], runs, css, data, size)
    if part.kind == "disc":
        circle = scene.circles[part.points[0]]
        ring = [along(circle.centre, 2 * math.pi * k / 32, circle.radius) for k in range(32)]
        return candidates.in_region(ring, runs, css, data, size)
    return None


def _thin_radius(sheet: Sheet, scene: Scene, part: Part) -> tuple[XY, XY]:
    """A thin radius where the figure has none, in the widest gap between the lines at the centre."""
    circle = scene.circles[part.points[0]]
    others = [xy for xy in scene.places.values() if distance(xy, circle.centre) > 1.0]
    taken = [direction(circle.centre, xy) for xy in others]
    start, extent = max(free_sectors(taken), key=lambda sector: round(sector[1], 6))
    end = along(circle.centre, start + extent / 2, circle.radius)
    sheet.line("thin", "thin dimension", circle.centre, end, data_of(part))
    return circle.centre, end


def _place(sheet: Sheet, scene: Scene, wishes: Sequence[Wish]) -> list[Placed]:
    segments = np.array(sheet.obstacles or np.zeros((0, 4)), dtype=float)
    radius = scene.sizes.dot + 0.5
    dots = np.array([(x - radius, y - radius, x + radius, y + radius) for x, y in scene.places.values()])
    placed = place(wishes, segments, dots.reshape(-1, 4), scene.sizes.room)
    for one in placed:
        wish = one.wish
        if one.led:
            end = _box_edge(one, wish.anchor)
            sheet.add(Item("thin", "thin leader", (("M", *wish.anchor), ("L", *end)), wish.data))
        sheet.add(Item("labels", wish.css, (("T", *one.centre, wish.size),), wish.data, wish.runs))
    return placed


def _box_edge(one: Placed, anchor: XY) -> XY:
    """The point of a label's box nearest to its anchor."""
    left, bottom, right, top = one.box
    return min(max(anchor[0], left), right), min(max(anchor[1], bottom), top)


def _targets(sheet: Sheet, scene: Scene, targets: Sequence[Part]) -> None:
    """Invisible parts that a page may show when a fact is pointed at."""
    drawn = {item.data for item in sheet.items if item.layer in ("glow", "fills")}
    for part in targets[:_MOST_TARGETS]:
        if data_of(part) in drawn:
            continue
        if part.kind == "segment":
            a, b = (scene.places[name] for name in part.points)
            commands: tuple[tuple[str | float, ...], ...] = (("M", *a), ("L", *b))
        elif part.kind == "angle":
            vertex, start, sweep = scene.sector(part.points)
            commands = sector_commands(vertex, 1.2 * scene.sizes.angle, start, sweep)
        elif part.kind in ("polygon", "outline"):
            commands = polygon_commands([scene.places[name] for name in part.points])
        elif part.kind in ("arc", "sector"):
            commands = arc_commands(*scene.span(part.points))
        else:
            continue
        sheet.items.append(Item("targets", "target", commands, data_of(part)))


def _box(sheet: Sheet, scene: Scene, placed: Sequence[Placed]) -> tuple[float, float, float, float]:
    ends = [end for a, b, c, d in sheet.obstacles for end in ((a, b), (c, d))]
    ends += scene.places.values()
    ends += [end for one in placed for end in (one.box[:2], one.box[2:])]
    if not ends:
        return 0.0, 0.0, 1.0, 1.0
    xs, ys = [p[0] for p in ends], [p[1] for p in ends]
    return min(xs), min(ys), max(xs), max(ys)
