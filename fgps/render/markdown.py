"""A proof as Markdown (CommonMark), formulas in Unicode."""

from __future__ import annotations

from fgps.diagram.model import Diagram
from fgps.render.dialects import Markdown
from fgps.render.prose import Paragraph, compose
from fgps.render.reading import Reading
from fgps.render.wording import Wording


def to_markdown(reading: Reading, language: str = "en", diagram: Diagram | None = None) -> str:
    """The proof as Markdown.  All text of the problem is escaped."""
    story = compose(reading, Wording(reading.problem.theory, language, Markdown()), diagram)
    blocks = [f"# {_line(story.title)}"]
    if story.problem:
        blocks.append("\n".join(f"> {_line(line)}" for line in story.problem.splitlines()))
    if story.task:
        blocks.append(f"**{story.task}**")
    if story.givens:
        blocks.append(f"## {story.headings['given']}")
        blocks.append("\n".join(_item(paragraph) for paragraph in story.givens))
    if story.steps:
        blocks.append(f"## {story.headings['solution' if reading.answer else 'proof']}")
        blocks.append("\n".join(_item(paragraph) for paragraph in story.steps))
    blocks.append(f"**{story.ending}**" if story.steps else story.ending)
    return "\n\n".join(blocks) + "\n"


def _item(paragraph: Paragraph) -> str:
    """A step as an item of a numbered list, the working as a list inside it."""
    head = f"{paragraph.number}. "
    lines = [head + " ".join([paragraph.text, *(f"_{note}_" for note in paragraph.notes)])]
    margin = " " * len(head)
    return "\n".join([*lines, *(f"{margin}- {working}" for working in paragraph.working)])


def _line(text: str) -> str:
    """A line of foreign text that begins no construct of Markdown by itself."""
    return text.strip().replace("\n", " ")
