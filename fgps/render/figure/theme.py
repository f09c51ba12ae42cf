"""Sizes and colours of figures, read from the files under ``viz/figure``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from fgps.resources import data_folder

#: The names that `load_theme` knows.  ``auto`` follows the reader's preference.
THEMES: Final = ("light", "dark", "auto")

_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{3,8}|[a-z]{1,30}")
_FONTS: Final = re.compile(r"[\w ,'-]{1,300}")


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours of one theme, as SVG colours."""

    background: str
    ink: str
    circle: str
    mark: str
    text: str
    thin: str
    goal: str
    goal_fill: str
    highlight: str
    highlight_fill: str


@dataclass(frozen=True, slots=True)
class Sizes:
    """All sizes in pixels; ``tallest`` is a ratio.  ``style.toml`` explains each."""

    point: float
    label: float
    goal: float
    narrowest: float
    widest: float
    tallest: float
    margin: float
    closest: float
    line: float
    circle: float
    mark: float
    thin: float
    goal_line: float
    highlight: float
    dot: float
    tick: float
    tick_gap: float
    angle: float
    angle_gap: float
    square: float
    arrow: float
    arrow_gap: float
    dimension: float
    gap: float
    room: float


@dataclass(frozen=True, slots=True)
class Theme:
    """How a figure looks.  ``dark`` is set if the reader's preference decides between two sets of colours."""

    name: str
    fonts: str
    sizes: Sizes
    colours: Colours
    dark: Colours | None = None


class ThemeError(ValueError):
    """A theme file is missing or wrong."""


@lru_cache(maxsize=8)
def load_theme(name: str = "auto", folder: Path | None = None) -> Theme:
    """The theme ``light``, ``dark`` or ``auto``.  Raises `ThemeError` for unknown names and bad files."""
    if name not in THEMES:
        raise ThemeError(f"there is no theme {name}; there are {', '.join(THEMES)}")
    place = folder or data_folder("viz") / "figure"
    style = _read(place / "style.toml")
    fonts = _section(style, "type").get("text")
    if not isinstance(fonts, str) or not _FONTS.fullmatch(fonts):
        raise ThemeError("style.toml: type.text is no list of fonts")
    first = _colours(place, "dark" if name == "dark" else "light")
    return Theme(name, fonts, _sizes(style), first, _colours(place, "dark") if name == "auto" else None)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise ThemeError(f"{path.name} cannot be read: {problem}") from problem


def _section(style: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = style.get(name)
    if not isinstance(section, dict):
        raise ThemeError(f"style.toml: there is no section [{name}]")
    return section


def _sizes(style: Mapping[str, Any]) -> Sizes:
    found: dict[str, Any] = {}
    for name in ("type", "page", "strokes", "marks", "labels"):
        for key, value in _section(style, name).items():
            found["goal_line" if (name, key) == ("strokes", "goal") else key] = value
    numbers: dict[str, float] = {}
    for field in fields(Sizes):
        value = found.get(field.name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10_000:
            raise ThemeError(f"style.toml: {field.name} is no positive number")
        numbers[field.name] = float(value)
    return Sizes(**numbers)


def _colours(place: Path, name: str) -> Colours:
    entries = _read(place / f"{name}.toml")
    for field in fields(Colours):
        value = entries.get(field.name)
        if not isinstance(value, str) or not _COLOUR.fullmatch(value):
            raise ThemeError(f"{name}.toml: {field.name} is no colour")
    return Colours(**{field.name: entries[field.name] for field in fields(Colours)})
