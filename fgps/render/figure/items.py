"""What a figure is made of before it is written as SVG: items on layers, in pixels, y upwards."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Final

from fgps.render.figure.geometry import XY, along, bow
from fgps.render.figure.notation import Runs

#: From the bottom to the top.
LAYERS: Final = ("fills", "lines", "circles", "glow", "thin", "marks", "points", "labels", "targets")

Command = tuple[str | float, ...]
Obstacle = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Item:
    """One element.  ``css`` holds classes, ``data`` the ``data-`` attributes.

    ``commands`` of a path: ``("M", x, y)``, ``("L", x, y)``, ``("A", radius, large, left, x, y)`` (``left``:
    counter-clockwise), ``("Z",)``; of a dot: ``("C", x, y, radius)``; of a text: ``("T", x, y, size)`` with
    the middle of the text.
    """

    layer: str
    css: str
    commands: tuple[Command, ...]
    data: tuple[tuple[str, str], ...] = ()
    runs: Runs = ()


@dataclass
class Sheet:
    """Items collected, and the segments that labels should keep off."""

    items: list[Item] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)

    def add(self, item: Item, *obstacles: Obstacle) -> None:
        """Add an item with what it occupies."""
        self.items.append(item)
        self.obstacles += obstacles

    def line(self, layer: str, css: str, a: XY, b: XY, data: tuple[tuple[str, str], ...] = ()) -> None:
        """A segment, kept free of labels."""
        self.add(Item(layer, css, (("M", *a), ("L", *b)), data), (*a, *b))


def arc_commands(centre: XY, radius: float, start: float, sweep: float) -> tuple[Command, ...]:
    """A counter-clockwise arc; a whole circle in two halves."""
    if sweep > 2.0 * math.pi - 1e-6:
        a, b = along(centre, start, radius), along(centre, start + math.pi, radius)
        return ("M", *a), ("A", radius, 0, 1, *b), ("A", radius, 0, 1, *a), ("Z",)
    a, b = along(centre, start, radius), along(centre, start + sweep, radius)
    return ("M", *a), ("A", radius, int(sweep > math.pi), 1, *b)


def sector_commands(centre: XY, radius: float, start: float, sweep: float) -> tuple[Command, ...]:
    """A sector as a closed path."""
    arc = arc_commands(centre, radius, start, sweep)
    return ("M", *centre), ("L", *arc[0][1:]), *arc[1:], ("Z",)


def polygon_commands(corners: list[XY]) -> tuple[Command, ...]:
    """A closed polygon."""
    return ("M", *corners[0]), *(("L", *corner) for corner in corners[1:]), ("Z",)


def arc_obstacles(centre: XY, radius: float, start: float, sweep: float) -> list[Obstacle]:
    """The segments by which labels keep off an arc."""
    return bow(centre, radius, start, sweep)
