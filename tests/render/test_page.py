"""The page as text: complete, without network, everything escaped.  What it does is in test_browser.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from types import SimpleNamespace

from fgps.render.jupyter import load_ipython_extension
from fgps.render.reading import Reading
from fgps.render.show import Shown

Solved = Callable[[str], Shown]
HOSTILE = '</title><script>window.evil=1</script><img src=x onerror="evil()">{{script}}'


class Outline(HTMLParser):
    """Tags, ids and links of a page; complains about tags that do not match."""

    VOID = ("meta", "input", "link", "br", "img")

    def __init__(self) -> None:
        super().__init__()
        self.stack: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in self.VOID:
            self.stack.append(tag)
        for key, value in attrs:
            self.attributes.append(key)
            if key == "id":
                self.ids.append(value or "")
            if key in ("href", "xlink:href", "src"):
                self.links.append(value or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.stack and self.stack[-1] == tag, (tag, self.stack[-3:])
        self.stack.pop()


def outline(page: str) -> Outline:
    """The page, parsed."""
    parser = Outline()
    parser.feed(page)
    parser.close()
    assert parser.stack == []
    return parser


def hostile(reading: Reading) -> Reading:
    """The proof of a problem whose name and text are markup."""
    declaration = replace(reading.problem.declaration, texts=(("en", HOSTILE),))
    return replace(reading, problem=replace(reading.problem, name=HOSTILE, declaration=declaration))


def test_structure(proof_of: Solved, own_problem: str) -> None:
    shown = proof_of(own_problem)
    found = outline(shown.to("html"))
    assert len(found.ids) == len(set(found.ids))
    steps = [name for name in found.ids if name.startswith("step-")]
    assert steps == [f"step-{step.number}" for step in shown.reading.steps]
    assert found.links and all(link.removeprefix("#") in found.ids for link in found.links)


def test_a_run_is_one_list_with_a_heading(long_proof: Shown) -> None:
    shown = long_proof
    (run,) = shown.reading.runs
    page = shown.to("html")
    outline(page)
    inside = re.findall(r'<ol class="steps" id="run-\d+">(.*?)</ol></li>', page, re.DOTALL)
    assert len(inside) == 1
    numbers = re.findall(r'<li class="step \w+" id="step-(\d+)"', inside[0])
    assert numbers == [str(step.number) for step in run]


def test_the_theorem_is_not_told_twice(proof_of: Solved) -> None:
    page = proof_of("demo.fgl").to("html")
    steps = re.findall(
        r'<div class="reason">(.*?)</div>.*?id="more-\d+" hidden>(.*?)</div>\n</li>', page, re.DOTALL
    )
    quotes = 0
    for reason, details in steps:
        for quote in re.findall(r'<p class="quote">(.*?)</p>', details):
            quotes += 1
            assert quote.rstrip(".").casefold() not in reason.casefold()
    assert quotes  # where the reason is worded otherwise, the theorem is there


def test_language_of_the_text_and_title(proof_of: Solved) -> None:
    shown = proof_of("demo.fgl")
    problem = replace(shown.reading.problem, name="17")
    declared = replace(problem.declaration, texts=(("zh", "求角。"),))
    reading = replace(shown.reading, problem=replace(problem, declaration=declared))
    page = Shown(reading, "en", shown.diagram).to("html")
    assert '<p class="statement" lang="zh-Hans">求角。</p>' in page
    assert "<title>Problem 17</title>" in page
    assert "<title>题目17</title>" in Shown(reading, "zh", shown.diagram).to("html")


def test_verdict_in_words(proof_of: Solved) -> None:
    reading = replace(proof_of("demo.fgl").reading, verdict="valid in the diagram")
    assert "已检验：就所给图形成立" in Shown(reading, "zh").to("html")
    assert "Checked: valid in the diagram" in Shown(reading, "en").to("html")


def test_nothing_is_loaded(proof_of: Solved) -> None:
    page = proof_of("demo.fgl").to("html")
    assert not re.search(r"""(?:src|href|url\()\s*=?\s*["']?\s*(?:https?:)?//""", page)
    assert "default-src 'none'" in page
    assert "@import" not in page


def test_text_is_escaped(proof_of: Solved) -> None:
    shown = proof_of("demo.fgl")
    page = Shown(hostile(shown.reading), "en", shown.diagram).to("html")
    found = outline(page)
    assert "img" not in found.tags and found.tags.count("script") == 1
    assert not any(key.startswith("on") for key in found.attributes)
    assert page.count("{{script}}") >= 2  # as text; templates are not filled in twice


def test_a_problem_without_proof(proof_of: Solved) -> None:
    reading = proof_of("demo.fgl").reading
    page = Shown(Reading(reading.problem, missing="out <of> time")).to("html")
    assert "out &lt;of&gt; time" in page
    outline(page)


class Formatters(dict[str, "Formatters"]):
    """Stands for IPython: remembers what is registered for which type."""

    def for_type(self, kind: type, function: Callable[..., object]) -> None:
        self.found = (kind, function)


def test_notebook_extension(proof_of: Solved) -> None:
    problem = proof_of("demo.fgl").reading.problem
    formatters = Formatters({"image/svg+xml": Formatters(), "text/html": Formatters()})
    display = SimpleNamespace(formatters=formatters)
    load_ipython_extension(SimpleNamespace(display_formatter=display))
    kind, draw = formatters["image/svg+xml"].found
    assert isinstance(problem, kind) and str(draw(problem)).startswith("<svg")
    kind, page = formatters["text/html"].found
    assert isinstance(problem, kind) and str(page(problem)).startswith("<iframe")


def test_notebooks(proof_of: Solved) -> None:
    shown = proof_of("demo.fgl")
    frame = shown._repr_html_()
    assert frame.startswith('<iframe sandbox="allow-scripts"') and frame.count("<") == 2
    assert str(shown._repr_svg_()).startswith("<svg")
