"""A cactus plot as SVG: how many problems each run did within which time for each of them.

Colours come from the classes ``run0`` to ``run7`` (``viz/report/plot.css``); further runs repeat them with
dashes.
"""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from typing import Final

from fgps.batch.report.runs import Run, times
from fgps.batch.report.tables import success_word
from fgps.resources import data_folder

#: Colours in the style sheet, and points that a curve needs at most.
COLOURS: Final = 8
_POINTS: Final = 400
_DASHES: Final = ("", "7 4", "2 3", "9 3 2 3")
#: Room around the plot, in pixels: left, right, top, bottom.
_LEFT, _RIGHT, _TOP, _BOTTOM = 76.0, 14.0, 12.0, 44.0
_LEGEND: Final = 20.0


def curve(run: Run) -> list[float]:
    """The times of the successes in order: the k-th is the limit within which k problems are done."""
    return times(run.records[key] for key in run.solved())


def style() -> str:
    """The style sheet of the plot."""
    return (data_folder("viz") / "report" / "plot.css").read_text(encoding="utf-8")


def key_line(index: int) -> str:
    """A sample of a run's line, for a legend."""
    return f'<path class="curve run{index % COLOURS}"{_dash(index)} d="M1 6H25"/>'


def cactus(runs: Sequence[Run], width: float = 760, height: float = 400, alone: bool = False) -> str:
    """The plot; ``alone`` adds its style and a legend, for a file of its own."""
    curves = [curve(run) for run in runs]
    most = max((len(points) for points in curves), default=0)
    every = [t for points in curves for t in points if t > 0]
    low, high = _decades(every)
    frame = _Frame(width, height, max(1, most), low, high)
    body = [*frame.grid(), *frame.labels(success_word(runs))]
    for index, (run, points) in enumerate(zip(runs, curves, strict=True)):
        if points:
            said = html.escape(f"{run.name}: {len(points)} {success_word(runs)}")
            shape = f'class="curve run{index % COLOURS}"{_dash(index)} d="{frame.path(points)}"'
            body.append(f"<path {shape}><title>{said}</title></path>")
    total = height
    if alone:
        total += _LEGEND * len(runs) + 8
        body += _legend(runs, curves, height)
    kind = "cactus alone" if alone else "cactus"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{kind}" viewBox="0 0 {width:g} {total:g}"'
        f' width="{width:g}" height="{total:g}" role="img">'
        f"<title>Problems {success_word(runs)} within a time limit for each</title>"
    )
    sheet = f"<style>{style()}</style>" if alone else ""
    return "\n".join([head + sheet, *body, "</svg>"])


class _Frame:
    """The plot's axes: problems from left to right, time upwards with equal steps for equal factors."""

    def __init__(self, width: float, height: float, most: int, low: int, high: int) -> None:
        self.left, self.right = _LEFT, width - _RIGHT
        self.top, self.bottom = _TOP, height - _BOTTOM
        self.low, self.high = low, high
        self.step = _nice(most, 4 if width < 500 else 7)
        self.most = self.step * math.ceil(most / self.step)

    def x(self, count: float) -> float:
        return self.left + (self.right - self.left) * count / self.most

    def y(self, time: float) -> float:
        share = (math.log10(max(time, 10.0**self.low)) - self.low) / (self.high - self.low)
        return self.bottom - (self.bottom - self.top) * share

    def path(self, points: Sequence[float]) -> str:
        count = len(points)
        few = min(count, _POINTS)
        picked = sorted({round(i * (count - 1) / max(1, few - 1)) for i in range(few)})
        pairs = [f"{self.x(i + 1):.1f} {self.y(points[i]):.1f}" for i in picked]
        return f"M{self.x(0):.1f} {self.y(points[0]):.1f}L" + "L".join(pairs)

    def grid(self) -> list[str]:
        lines = []
        for power in range(self.low, self.high + 1):
            y = self.y(10.0**power)
            lines.append(f'<path class="grid" d="M{self.left:.1f} {y:.1f}H{self.right:.1f}"/>')
        for count in range(0, self.most + 1, self.step):
            x = self.x(count)
            lines.append(f'<path class="grid" d="M{x:.1f} {self.top:.1f}V{self.bottom:.1f}"/>')
        return lines

    def labels(self, word: str) -> list[str]:
        texts = []
        for power in range(self.low, self.high + 1):
            place = f'x="{self.left - 8:.1f}" y="{self.y(10.0**power) + 4:.1f}"'
            texts.append(f'<text {place} text-anchor="end">{_power(power)}</text>')
        for count in range(0, self.most + 1, self.step):
            place = f'x="{self.x(count):.1f}" y="{self.bottom + 17:.1f}"'
            anchor = "end" if count == self.most else "middle"
            texts.append(f'<text {place} text-anchor="{anchor}">{count}</text>')
        middle = (self.left + self.right) / 2
        place = f'x="{middle:.1f}" y="{self.bottom + 36:.1f}"'
        texts.append(f'<text class="axis" {place} text-anchor="middle">problems {word}</text>')
        middle = (self.top + self.bottom) / 2
        place = f'x="14" y="{middle:.1f}" transform="rotate(-90 14 {middle:.1f})"'
        texts.append(f'<text class="axis" {place} text-anchor="middle">time limit a problem</text>')
        return texts


def _legend(runs: Sequence[Run], curves: Sequence[Sequence[float]], start: float) -> list[str]:
    lines = []
    for index, (run, points) in enumerate(zip(runs, curves, strict=True)):
        y = start + _LEGEND * index
        text = html.escape(f"{run.name} ({len(points)} of {len(run.records)})")
        sample = f'<g transform="translate({_LEFT:g} {y:g})">{key_line(index)}'
        lines.append(f'{sample}<text x="34" y="10">{text}</text></g>')
    return lines


def _dash(index: int) -> str:
    dash = _DASHES[index // COLOURS % len(_DASHES)]
    return f' stroke-dasharray="{dash}"' if dash else ""


def _decades(values: Sequence[float]) -> tuple[int, int]:
    """Powers of ten below and above all values."""
    if not values:
        return -3, 1
    low = max(-6, math.floor(math.log10(min(values))))
    return low, max(low + 1, math.ceil(math.log10(max(values))))


def _nice(most: int, ticks: int) -> int:
    """A round step that makes at most so many ticks."""
    step = 1
    while most / step > ticks:
        step = step * 5 // 2 if str(step).startswith("2") else step * 2
    return step


def _power(power: int) -> str:
    if power < -3:
        return f"10^{power} s"
    return f"{10 ** (power + 3)} ms" if power < 0 else f"{10**power} s"
