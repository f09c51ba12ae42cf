"""Items as an SVG document: no scripts, no links, all text escaped, the same bytes for the same figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from fgps.render.figure.items import LAYERS, Item
from fgps.render.figure.notation import Run
from fgps.render.figure.theme import Colours, Theme

#: What XML 1.0 does not allow even escaped.
_UNPRINTABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Half the height of capitals, over the size of the type: from a label's middle down to its base line.
_HALF_CAPITAL = 0.33

Window = tuple[float, float, float, float]


def document(items: Iterable[Item], window: Window, theme: Theme, title: str, about: str) -> str:
    """The SVG text.  ``window`` is (left, bottom, right, top) of the page, y upwards."""
    left, bottom, right, top = window
    wide, tall = right - left, top - bottom
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="fgps-figure fgps-{theme.name}" role="img" '
        f'width="{_n(wide)}" height="{_n(tall)}" viewBox="0 0 {_n(wide)} {_n(tall)}">',
        f"<title>{_text(title)}</title>",
        f"<desc>{_text(about)}</desc>",
        f"<style>{stylesheet(theme)}</style>",
        f'<rect class="page" width="{_n(wide)}" height="{_n(tall)}"/>',
    ]
    everything = list(items)
    for layer in LAYERS:
        here = [item for item in everything if item.layer == layer]
        if here:
            lines.append(f'<g class="{layer}">')
            lines += [_element(item, left, top) for item in here]
            lines.append("</g>")
    lines.append("</svg>")
    return "\n".join(lines) + "\n"


def stylesheet(theme: Theme) -> str:
    """The rules of a theme, confined to its figures."""
    sizes = theme.sizes
    root = f".fgps-{theme.name}"
    rules = [
        f"{root}{{font-family:{theme.fonts}}}",
        f"{root} path{{fill:none;stroke-linecap:round;stroke-linejoin:round}}",
        f"{root} .line{{stroke-width:{_n(sizes.line)}}}",
        f"{root} .circle,{root} .arc{{stroke-width:{_n(sizes.circle)}}}",
        f"{root} .mark{{stroke-width:{_n(sizes.mark)}}}",
        f"{root} .thin{{stroke-width:{_n(sizes.thin)}}}",
        f"{root} .goal-line{{stroke-width:{_n(sizes.goal_line)}}}",
        f"{root} .highlight-line{{stroke-width:{_n(sizes.highlight)}}}",
        f"{root} .target{{stroke-width:9;stroke:transparent}}",
        f"{root} text{{text-anchor:middle}}",
        f"{root} .it{{font-style:italic}}",
        *_colour_rules(root, theme.colours),
    ]
    if theme.dark is not None:
        dark = "".join(_colour_rules(root, theme.dark))
        rules.append(f"@media (prefers-color-scheme:dark){{{dark}}}")
    return "".join(rules)


def _colour_rules(root: str, colours: Colours) -> list[str]:
    return [
        f"{root} .page{{fill:{colours.background}}}",
        f"{root} .line{{stroke:{colours.ink}}}",
        f"{root} .circle,{root} .arc{{stroke:{colours.circle}}}",
        f"{root} .mark{{stroke:{colours.mark}}}",
        f"{root} .thin{{stroke:{colours.thin}}}",
        f"{root} .dot{{fill:{colours.ink}}}",
        f"{root} text{{fill:{colours.text}}}",
        f"{root} .goal{{stroke:{colours.goal}}}",
        f"{root} .goal-line{{stroke:{colours.goal}}}",
        f"{root} .goal-fill{{fill:{colours.goal_fill}}}",
        f"{root} text.goal{{fill:{colours.goal};stroke:none}}",
        f"{root} .highlight{{stroke:{colours.highlight}}}",
        f"{root} .highlight-line{{stroke:{colours.highlight}}}",
        f"{root} .highlight-fill{{fill:{colours.highlight_fill}}}",
        f"{root} .dot.highlight{{fill:{colours.highlight};stroke:none}}",
        f"{root} text.highlight{{fill:{colours.highlight};stroke:none}}",
    ]


def _element(item: Item, left: float, top: float) -> str:
    data = "".join(f" data-{key}={quoteattr(_clean(value))}" for key, value in item.data)
    first = item.commands[0]
    if first[0] == "T":
        return _label(item, left, top, data)
    if first[0] == "C":
        x, y, radius = (float(value) for value in first[1:])
        return f'<circle class="{item.css}"{data} cx="{_n(x - left)}" cy="{_n(top - y)}" r="{_n(radius)}"/>'
    return f'<path class="{item.css}"{data} d="{_path(item.commands, left, top)}"/>'


def _path(commands: Sequence[tuple[str | float, ...]], left: float, top: float) -> str:
    words: list[str] = []
    for command in commands:
        name, *numbers = command
        values = [float(number) for number in numbers]
        if name == "A":
            radius, large, leftward, x, y = values
            # The page runs downwards: what turns left in the figure has sweep flag 0.
            flags = f"{int(large)} {int(not leftward)}"
            words.append(f"A{_n(radius)} {_n(radius)} 0 {flags} {_n(x - left)} {_n(top - y)}")
        elif name == "Z":
            words.append("Z")
        else:
            words.append(f"{name}{_n(values[0] - left)} {_n(top - values[1])}")
    return "".join(words)


def _label(item: Item, left: float, top: float, data: str) -> str:
    _, x, y, size = item.commands[0]
    down = top - float(y) + _HALF_CAPITAL * float(size)
    place = f'x="{_n(float(x) - left)}" y="{_n(down)}" font-size="{_n(float(size))}"'
    return f'<text class="{item.css}"{data} {place}>{_runs(item.runs, float(size))}</text>'


def _runs(runs: Sequence[Run], size: float) -> str:
    """Runs as spans; sub- and superscripts are shifted, and what follows them is shifted back."""
    parts: list[str] = []
    level = 0.0
    for run in runs:
        raised = {"sub": 0.18, "sup": -0.36}.get(run.style, 0.0)
        shift = f' dy="{_n((raised - level) * size)}"' if raised != level else ""
        level = raised
        small = f' font-size="{_n(0.7 * size)}"' if raised else ""
        slanted = ' class="it"' if run.style == "it" else ""
        text = _text(run.text)
        parts.append(f"<tspan{slanted}{shift}{small}>{text}</tspan>" if shift or small or slanted else text)
    return "".join(parts)


def _text(text: str) -> str:
    return escape(_clean(text))


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _n(value: float) -> str:
    """A number with two decimals, trailing zeros left out; never ``-0``."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
