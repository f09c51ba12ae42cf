"""A proof as a LaTeX document; the Chinese one needs ``ctex`` and XeLaTeX or LuaLaTeX."""

from __future__ import annotations

from collections.abc import Sequence

from fgps.diagram.model import Diagram
from fgps.render.dialects import Latex, join_formulas
from fgps.render.prose import Paragraph, compose
from fgps.render.reading import Reading
from fgps.render.wording import Wording
from fgps.resources import data_folder


def to_latex(reading: Reading, language: str = "en", diagram: Diagram | None = None) -> str:
    """The proof as a whole document.  All text of the problem is escaped."""
    story = compose(reading, Wording(reading.problem.theory, language, Latex()), diagram)
    body = [rf"\section*{{{story.title}}}"]
    if story.problem:
        body.append(rf"\begin{{quote}}{story.problem}\end{{quote}}")
    body += [rf"\emph{{{story.task}}}"] if story.task else []
    if story.givens:
        body += [rf"\subsection*{{{story.headings['given']}}}", _list(story.givens)]
    if story.steps:
        heading = story.headings["solution" if reading.answer else "proof"]
        body += [rf"\subsection*{{{heading}}}", _list(story.steps)]
    body.append(story.ending + (r" \hfill$\square$" if story.steps and not reading.answer else ""))
    template = (data_folder("viz") / "proof" / "document.tex").read_text(encoding="utf-8")
    packages = r"\usepackage{ctex}" if language == "zh" else ""
    text = template.replace("%LANGUAGE%", packages).replace("%BODY%", "\n\n".join(body))
    return join_formulas(text)


def _list(paragraphs: Sequence[Paragraph]) -> str:
    items = [r"\begin{steps}"]
    for paragraph in paragraphs:
        text = " ".join([paragraph.text, *paragraph.notes])
        number = paragraph.number
        items.append(rf"\item[({number})] \hypertarget{{step-{number}}}{{}}{text}")
        if paragraph.working:
            items.append(r"\begin{working}")
            items += [rf"\item {line}" for line in paragraph.working]
            items.append(r"\end{working}")
    return "\n".join([*items, r"\end{steps}"])
