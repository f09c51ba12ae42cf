"""A problem with its proof as one HTML page that needs nothing else: no server, no network.

The templates are ``viz/proof/page.html``, ``page.css`` and ``page.js``.  The page carries all of its texts in
the markup, so it can be read and printed without its script; the script only shows and highlights.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from fgps.diagram.model import Diagram
from fgps.lang.ast import Call
from fgps.problem.model import Problem
from fgps.render.dialects import Html
from fgps.render.graph import GraphvizMissing, to_svg
from fgps.render.prose import Paragraph, Story, compose, problem_language
from fgps.render.reading import Reading, Step
from fgps.render.wording import Wording
from fgps.resources import data_folder
from fgps.theory.instantiate import instantiate

_PLACE: Final = re.compile(r"\{\{(\w+)\}\}")
_TAG: Final = re.compile(r"<[^>]*>")
#: With more premises than this, the algebra comes before them.
_MANY: Final = 6
#: Languages as browsers know them: which font Chinese text gets depends on it.
_TAGS: Final = {"zh": "zh-Hans"}
_ARROW: Final = '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M5 3l6 5-6 5"/></svg>'

_CORNERS: Final = (
    '<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M6 2H2v4M10 2h4v4M6 14H2v-4M10 14h4v-4"/></svg>'
)


def to_html(reading: Reading, language: str = "en", diagram: Diagram | None = None) -> str:
    """The page.  ``diagram`` are models of the problem; without it the page has no figure."""
    return _Page(reading, language, diagram).text()


@lru_cache(maxsize=8)
def _asset(name: str) -> str:
    return (data_folder("viz") / "proof" / name).read_text(encoding="utf-8")


class _Page:
    """One page in the making."""

    def __init__(self, reading: Reading, language: str, diagram: Diagram | None) -> None:
        self.reading = reading
        self.problem = reading.problem
        self.language = language
        self.diagram = diagram if diagram is not None and diagram.count else None
        self.wording = Wording(reading.problem.theory, language, Html())
        self.story = compose(reading, self.wording, self.diagram)
        self.marks = Marks(self.problem, self.diagram)

    def text(self) -> str:
        """Everything in its place."""
        say = self.wording.say
        places = {
            "lang": _TAGS.get(self.language, self.language),
            "title": self.story.title,
            "style": _asset("page.css"),
            "script": _asset("page.js"),
            "problem": self.head(self.story),
            "givens": self.section("given", self.story.givens),
            "steps": self.section("solution" if self.reading.answer else "proof", self.story.steps),
            "ending": f'<p class="ending">{self.story.ending}</p>',
            "figure": self.figure(),
            "graphs": self.graphs(),
            "verdict": self.verdict(),
            "keys": say("page", "keys"),
            **{key: say("page", key) for key in ("search", "hits", "expand", "theme")},
        }
        return _PLACE.sub(lambda found: places[found[1]], _asset("page.html"))

    def head(self, story: Story) -> str:
        """The problem's text and what is asked."""
        parts = [f"<h2>{self.wording.heading('problem')}</h2>"]
        if story.problem:
            language = problem_language(self.reading, self.language)
            language = html.escape(_TAGS.get(language, language))
            parts.append(f'<p class="statement" lang="{language}">{story.problem}</p>')
        if story.task:
            parts.append(f'<p class="task">{story.task}</p>')
        return "\n".join(parts)

    def verdict(self) -> str:
        """What the checker said, and how long the proof is."""
        if not self.reading.steps:
            return ""
        verdict = self.wording.verdict(self.reading.verdict)
        said = [self.wording.say("page", "verdict", verdict)] if verdict else []
        said.append(self.wording.say("page", "steps", str(len(self.reading.steps))))
        return "".join(f"<span>{text}</span>" for text in said)

    # Steps ----------------------------------------------------------------------------------

    def section(self, heading: str, paragraphs: Sequence[Paragraph]) -> str:
        """A heading and its steps."""
        if not paragraphs:
            return ""
        starts = {run[0].number: len(run) for run in self.reading.runs}
        items, rest = [], list(paragraphs)
        while rest:
            length = starts.get(rest[0].number)
            here = [self.step(paragraph) for paragraph in rest[: length or 1]]
            items.append(self.run(rest[:length], here) if length else here[0])
            rest = rest[length or 1 :]
        joined = "\n".join(items)
        return f'<h2>{self.wording.heading(heading)}</h2>\n<ol class="steps">\n{joined}\n</ol>'

    def run(self, paragraphs: Sequence[Paragraph], items: Sequence[str]) -> str:
        """A long row of facts of the figure, closed."""
        first, last = paragraphs[0].number, paragraphs[-1].number
        label = self.wording.say("page", "facts", str(first), str(last))
        joined = "\n".join(items)
        return (
            f'<li class="run" data-first="{first}"><button class="fold" type="button" aria-expanded="false" '
            f'aria-controls="run-{first}">{_ARROW}{label}</button>\n'
            f'<ol class="steps" id="run-{first}">\n{joined}\n</ol></li>'
        )

    def step(self, paragraph: Paragraph) -> str:
        """A step with its details, closed."""
        step = paragraph.step
        assert step is not None
        number = step.number
        kind = "goal" if step is self.reading.steps[-1] else step.kind
        marks = " ".join(self.marks.of((*step.statements, *step.meanings)))
        details = self.details(paragraph, step)
        searched = _plain(" ".join([f"({number})", paragraph.claim, paragraph.text, *paragraph.notes]))
        if step.application is not None:
            searched += f" {step.application}"
        label = self.wording.say("page", "details")
        return "\n".join(
            [
                f'<li class="step {kind}" id="step-{number}" data-step="{number}" '
                f'data-from="{" ".join(map(str, step.references))}" data-marks="{html.escape(marks)}" '
                f'data-text="{html.escape(searched)}">',
                f'<a class="no" href="#step-{number}">{number}</a>',
                f'<div class="claim">{paragraph.claim}</div>',
                f'<div class="reason">{paragraph.reason}</div>' if paragraph.reason else "",
                f'<button class="more" type="button" aria-expanded="false" aria-controls="more-{number}" '
                f'aria-label="{label} {number}">{_ARROW}</button>',
                f'<div class="details" id="more-{number}" hidden>\n{details}\n</div>',
                "</li>",
            ]
        )

    def details(self, paragraph: Paragraph, step: Step) -> str:
        """Premises, the theorem with the points of the step, the algebra, and who uses the step."""
        say = self.wording.statement
        parts: list[str] = []
        premises = [f"{say(p.statement)} {self._from([p.number])}" for p in step.premises]
        premises += [self.wording.say("step", "same", say(fact)) for fact in step.same]
        working = self.working(paragraph)
        if step.kind == "theorem":
            parts += self.theorem(step, paragraph.reason)
        elif len(premises) > _MANY:  # the lines name the premises that they use
            parts += [*working, *self._block("premises", premises, many=True)]
        else:
            parts += [*self._block("premises", premises), *working]
        if step.kind != "theorem":
            parts += self._block("construction", [say(fact) for fact in step.figure])
        parts += self._block("guards", [self.wording.guard(guard) for guard in step.guards], "guard")
        users = self.reading.users(step.number)
        if users:
            parts += self._block("uses", [self._from(users)])
        return "\n".join(parts)

    def working(self, paragraph: Paragraph) -> list[str]:
        """The algebra, line by line."""
        if not paragraph.working:
            return []
        lines = "".join(f"<li>{_with_source(line)}</li>" for line in paragraph.working)
        return [f"<h3>{self.wording.heading('algebra')}</h3>", f'<ol class="working">{lines}</ol>']

    def theorem(self, step: Step, reason: str) -> list[str]:
        """The theorem's sentence and its branch, filled in; each premise with the step that it is from.

        The sentence is left out where the reason of the step consists of it.
        """
        assert step.application is not None
        application = step.application
        theorem = self.problem.theory.theorems[application.theorem]
        names = dict(zip(theorem.letters, application.points, strict=True))
        branch = instantiate(theorem.branches[application.branch], names)
        sources = {premise.statement: premise.number for premise in step.premises}
        remaining = [p for p in step.premises if p.statement not in branch.given]
        given = []
        for fact in branch.given:
            number = sources.get(fact)
            text = self.wording.statement(fact)
            if number is None and fact not in (*step.figure, *step.same) and remaining:
                number = remaining.pop(0).number  # the same fact in another spelling
            given.append(f"{text} {self._from([number])}" if number is not None else text)
        sentence = self.wording.theorem(application)
        told = sentence.text in reason or sentence.clause in reason
        quote = self.wording.say("step", "close", sentence.text)
        then = [self.wording.statement(fact) for fact in branch.then]
        return [
            f"<h3>{self.wording.heading('theorem')}</h3>",
            *([] if told else [f'<p class="quote">{quote}</p>']),
            f'<div class="name">{html.escape(str(application))}</div>',
            *self._block("statement", given),
            *self._block("conclusion", then),
        ]

    def _block(self, heading: str, items: Iterable[str], css: str = "", many: bool = False) -> list[str]:
        listed = [f'<li class="{css}">{item}</li>' if css else f"<li>{item}</li>" for item in items]
        start = '<ul class="many">' if many else "<ul>"
        return (
            [f"<h3>{self.wording.heading(heading)}</h3>", f"{start}{''.join(listed)}</ul>"] if listed else []
        )

    def _from(self, numbers: Iterable[int]) -> str:
        links = ", ".join(self.wording.dialect.step(number) for number in numbers)
        return f'<span class="from">{links}</span>'

    # Pictures -------------------------------------------------------------------------------

    def figure(self) -> str:
        """The figure with parts to light up for every statement of the proof."""
        if self.diagram is None:
            return ""
        from fgps.render.figure import Options, figure_svg

        said = [s for step in self.reading.steps for s in (*step.statements, *step.meanings)]
        options = Options(targets=tuple(dict.fromkeys(said)))
        picture = figure_svg(self.problem, self.diagram, "light", options)
        return f'<div class="panel figure">{picture}</div>'

    def graphs(self) -> str:
        """Both views of the proof as a graph, or how to get Graphviz."""
        if not self.reading.steps:
            return ""
        views = ("proof", "hypertree")
        try:
            pictures = [_own_ids(to_svg(self.reading, view, self.language), view) for view in views]
        except GraphvizMissing as missing:
            return f'<div class="panel graphs"><p class="message">{html.escape(str(missing))}</p></div>'
        names = [self.wording.say("page", key) for key in ("graph", "hypertree")]
        tabs, panels = [], []
        for view, name, picture in zip(views, names, pictures, strict=True):
            first = view == views[0]
            tabs.append(
                f'<button type="button" role="tab" id="tab-{view}" aria-controls="graph-{view}" '
                f'aria-selected="{str(first).lower()}">{name}</button>'
            )
            hidden = "" if first else " hidden"
            panels.append(
                f'<div class="graph" role="tabpanel" id="graph-{view}" aria-labelledby="tab-{view}"{hidden}>'
                f"{picture}</div>"
            )
        wide = self.wording.say("page", "wide")
        return (
            f'<div class="panel graphs"><div class="tabs"><div role="tablist">{"".join(tabs)}</div>'
            f'<button type="button" id="wide" title="{wide} (g)" aria-label="{wide}" aria-pressed="false">'
            f"{_CORNERS}</button></div>{''.join(panels)}</div>"
        )


class Marks:
    """What statements speak of in the figure, as ``kind:points`` (the figure's ``data-`` attributes)."""

    def __init__(self, problem: Problem, diagram: Diagram | None) -> None:
        self._problem = problem
        self._diagram = diagram

    def of(self, statements: Iterable[Call]) -> tuple[str, ...]:
        """The marks of statements, each once."""
        if self._diagram is None:
            return ()
        from fgps.render.figure.marks import data_of
        from fgps.render.figure.parts import Parts

        parts = Parts(self._problem, self._diagram)
        found: dict[str, None] = {}
        for statement in statements:
            for part in parts.of_statement(statement):
                for kind, value in data_of(part):
                    found[f"{kind}:{value}"] = None
        return tuple(found)


def _own_ids(picture: str, view: str) -> str:
    """A graph of Graphviz for a page: no colours of its own, and ids that occur once."""
    cleaned = re.sub(r'\bid="(a_)?(node\d+|edge\d+|graph0|clust\d+)"', "", picture)
    if view != "proof":
        cleaned = re.sub(r'\bid="[^"]*"', "", cleaned)
    return re.sub(r'\bid="a_[^"]*"', "", cleaned)


def _with_source(line: str) -> str:
    """A line of the working, the numbers at its end set apart."""
    text, gap, sources = line.partition("  ")
    return f'{text}<span class="from">{sources}</span>' if gap else text


def _plain(markup: str) -> str:
    """The text of markup, for the search."""
    return html.unescape(_TAG.sub("", markup))
