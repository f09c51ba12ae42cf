"""A proof as plain text."""

from __future__ import annotations

import textwrap
from typing import Final

from fgps.diagram.model import Diagram
from fgps.render.prose import Paragraph, compose
from fgps.render.reading import Reading
from fgps.render.wording import Wording

_WIDTH: Final = 92


def to_text(reading: Reading, language: str = "en", diagram: Diagram | None = None) -> str:
    """The proof as plain text."""
    story = compose(reading, Wording(reading.problem.theory, language), diagram)
    lines = [story.title, "=" * len(story.title), ""]
    lines += [*_wrapped(story.problem, "", language), ""] if story.problem else []
    lines += [*_wrapped(story.task, "", language), ""] if story.task else []
    if story.givens:
        lines += [story.headings["given"], ""]
        for paragraph in story.givens:
            lines += _paragraph(paragraph, language)
        lines.append("")
    if story.steps:
        lines += [story.headings["solution" if reading.answer else "proof"], ""]
        for paragraph in story.steps:
            lines += _paragraph(paragraph, language)
        lines.append("")
    lines += _wrapped(story.ending, "", language)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _paragraph(paragraph: Paragraph, language: str) -> list[str]:
    head = f"{f'({paragraph.number})':>6} "
    space = "" if language == "zh" else " "
    text = space.join([paragraph.text, *paragraph.notes])
    lines = _wrapped(head + text, " " * 7, language)
    return [
        *lines,
        *(line for working in paragraph.working for line in _wrapped(working, " " * 11, language)),
    ]


def _wrapped(text: str, indent: str, language: str) -> list[str]:
    first = "" if text.lstrip().startswith("(") and text.startswith(" ") else indent
    if language == "zh":
        return _wrapped_wide(text, first, indent)
    wrap = textwrap.TextWrapper(
        _WIDTH, initial_indent=first, subsequent_indent=indent, break_long_words=False, drop_whitespace=True
    )
    lines = wrap.wrap(text.lstrip()) if not first and indent else wrap.wrap(text)
    if not first and indent and lines:
        lines[0] = " " * (len(text) - len(text.lstrip())) + lines[0]
    return lines


def _wrapped_wide(text: str, first: str, indent: str) -> list[str]:
    """Chinese text: a character is two columns wide, and a line may break behind each."""
    lines, current, width = [], first, len(first)
    for character in text:
        size = 2 if ord(character) > 0x2E80 else 1
        if width + size > _WIDTH and character not in "，。、；：）":
            lines.append(current)
            current, width = indent, len(indent)
        current += character
        width += size
    return [*lines, current]
