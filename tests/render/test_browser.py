"""The page in a real browser: clicks, keys, colours, sizes, and a quiet console."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from browser import Browser, find_chromium  # noqa: E402

from fgps.render.reading import Step  # noqa: E402
from fgps.render.show import Shown  # noqa: E402

pytestmark = pytest.mark.skipif(
    find_chromium() is None, reason="Chromium is not installed (apt install chromium)"
)
Solved = Callable[[str], Shown]
CURRENT = "document.querySelector('.step.current')?.dataset.step ?? null"
OPEN = "[...document.querySelectorAll('.details:not([hidden])')].length"
LIT = "document.querySelectorAll('.figure .lit').length"
TARGET = "document.querySelector('.target[data-segment=\"AC\"]')"
CLICK_AC = TARGET + ".dispatchEvent(new Event('click', {bubbles: true}))"
SOURCE = "hard.fgl#tangent_at_the_end_of_a_diameter"


@pytest.fixture(scope="module")
def steps(proof_of: Solved) -> tuple[Step, ...]:
    """The steps of the proof on the page."""
    return proof_of(SOURCE).reading.steps


@pytest.fixture(scope="module")
def joint(steps: tuple[Step, ...]) -> Step:
    """A theorem that rests on two steps."""
    return next(step for step in steps if step.kind == "theorem" and len(step.references) == 2)


@pytest.fixture(scope="module")
def page_file(proof_of: Solved, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a long proof."""
    path = tmp_path_factory.mktemp("page") / "proof.html"
    path.write_text(proof_of(SOURCE).to("html"), "utf-8")
    return path


@pytest.fixture(scope="module")
def running() -> Iterator[Browser]:
    """One browser for all tests."""
    with Browser() as browser:
        yield browser


@pytest.fixture
def browser(running: Browser, page_file: Path) -> Iterator[Browser]:
    """The page freshly loaded; afterwards the console must be empty and nothing else loaded."""
    running.errors.clear()
    running.requests.clear()
    running.resize(1280, 860)
    running.prefer(False)
    running.open(page_file)
    yield running
    assert running.errors == []
    assert {url.split("#")[0] for url in running.requests} <= {page_file.as_uri(), "about:blank"}


def test_click_shows_details_and_lights_the_figure(browser: Browser, joint: Step) -> None:
    claim = f"#step-{joint.number} .claim"
    assert browser.run(OPEN) == 0
    browser.click(claim)
    assert browser.run(CURRENT) == str(joint.number)
    assert browser.run(OPEN) == 1
    assert browser.run(LIT) >= 1
    premises = browser.run("[...document.querySelectorAll('.step.premise')].map(s => s.dataset.step)")
    assert premises == [str(number) for number in joint.references]
    assert str(joint.application) in browser.run(f"document.querySelector('#more-{joint.number}').innerText")
    browser.click(claim)
    assert browser.run(OPEN) == 0


def test_algebra_is_worked_out(browser: Browser, steps: tuple[Step, ...]) -> None:
    browser.press("End")
    text = browser.run(f"document.querySelector('#more-{len(steps)} .working').innerText")
    assert "AD = 9 + 7 = 16" in text.replace("\u00a0", " ")


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed: the page has no graph")
def test_list_and_graph_are_linked(browser: Browser, joint: Step) -> None:
    browser.click(f"#step-{joint.number} .claim")
    assert browser.run(f"document.querySelector('#node-{joint.number}').classList.contains('current')")
    assert browser.run("document.querySelectorAll('#graph-proof .edge.current').length") == 2
    browser.click(f"#node-{joint.references[0]}")
    assert browser.run(CURRENT) == str(joint.references[0])
    browser.click("#tab-hypertree")
    assert browser.run("document.querySelector('#graph-hypertree .node.current') !== null")


def test_a_part_of_the_figure_leads_to_its_steps(browser: Browser) -> None:
    browser.run(CLICK_AC)
    first = browser.run(CURRENT)
    assert first is not None
    browser.run(CLICK_AC)
    assert browser.run(CURRENT) != first


def test_keys(browser: Browser, steps: tuple[Step, ...]) -> None:
    browser.press("j")
    browser.press("ArrowDown")
    assert browser.run(CURRENT) == "2"
    browser.press("k")
    assert browser.run(CURRENT) == "1"
    browser.press("End")
    assert browser.run(CURRENT) == str(len(steps))
    browser.press("Home")
    assert browser.run(CURRENT) == "1"
    browser.press("o")
    assert browser.run(OPEN) == 0
    browser.press("c")
    assert browser.run(OPEN) == len(steps)
    browser.press("c")
    assert browser.run(OPEN) == 0
    browser.press("Escape")
    assert browser.run(CURRENT) is None
    assert browser.run(LIT) == 0


def test_current_step_is_in_view(browser: Browser, steps: tuple[Step, ...]) -> None:
    for _ in steps:
        browser.press("j")
        box = browser.run(
            "(() => {const b = document.querySelector('.step.current').getBoundingClientRect();"
            "return [b.top, Math.min(b.bottom, b.top + 60), innerHeight]})()"
        )
        assert box[0] >= 40 and box[1] <= box[2]


def test_search(browser: Browser) -> None:
    browser.press("/")
    assert browser.run("document.activeElement.id") == "search"
    browser.type("SIMILAR")
    shown = browser.run("[...document.querySelectorAll('.step:not(.miss)')].map(s => s.dataset.step)")
    assert shown and "1" not in shown
    assert browser.run("document.getElementById('hits').textContent").startswith(f"{len(shown)} ")
    browser.press("Enter")
    assert browser.run(CURRENT) == shown[0]
    browser.press("Escape")
    assert browser.run("document.querySelectorAll('.step.miss').length") == 0


def test_letters_in_the_search_are_no_commands(browser: Browser) -> None:
    browser.press("/")
    for letter in "jck":
        browser.press(letter)
    assert browser.run("document.getElementById('search').value") == "jck"
    assert browser.run(CURRENT) is None


def test_every_step_has_its_link(browser: Browser, page_file: Path) -> None:
    browser.open(page_file, "#step-5")
    assert browser.run(CURRENT) == "5"
    browser.click("#step-7 .no")
    assert browser.run("location.hash") == "#step-7"
    browser.run("location.hash = '#step-9'")
    browser.wait(f"({CURRENT}) === '9'")
    browser.run("location.hash = '#step-999'")
    assert browser.run(CURRENT) == "9"


def test_light_and_dark(browser: Browser) -> None:
    background = "getComputedStyle(document.body).backgroundColor"
    light = browser.run(background)
    browser.prefer(True)
    dark = browser.run(background)
    assert light != dark
    browser.click("#theme")
    assert browser.run(background) == light
    browser.click("#theme")
    assert browser.run(background) == dark


def test_phone(browser: Browser) -> None:
    browser.resize(360, 740, phone=True)
    browser.press("c")
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    assert browser.run("innerWidth") == 360
    browser.press("End")
    top = browser.run("document.querySelector('.step.current').getBoundingClientRect().top")
    bottom = browser.run("document.querySelector('.figure').getBoundingClientRect().bottom")
    assert top >= bottom - 1


def test_print(browser: Browser) -> None:
    browser.prefer(False, "print")
    assert browser.run("getComputedStyle(document.querySelector('.tools')).display") == "none"
    assert browser.run("getComputedStyle(document.querySelector('.working')).display") == "block"
    assert browser.run("getComputedStyle(document.querySelector('#more-1')).display") == "block"
    assert browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_without_a_script(browser: Browser, page_file: Path) -> None:
    browser.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        browser.open(page_file)
        assert browser.run("getComputedStyle(document.querySelector('#more-1')).display") == "block"
    finally:
        browser.send("Emulation.setScriptExecutionDisabled", value=False)


# A long row of facts of the figure ------------------------------------------------------------

RUN = "document.querySelector('.run')"
HEIGHT = "document.querySelector('.run > .steps').getBoundingClientRect().height"


@pytest.fixture
def long_page(browser: Browser, long_proof: Shown, tmp_path: Path) -> Iterator[Browser]:
    """A page with a run."""
    path = tmp_path / "run.html"
    path.write_text(long_proof.to("html"), "utf-8")
    browser.open(path)
    yield browser
    browser.requests.clear()


def test_a_run_opens_and_closes(long_page: Browser) -> None:
    assert long_page.run(HEIGHT) == 0
    long_page.click(".fold")
    assert long_page.run(HEIGHT) > 100
    assert long_page.run("document.querySelector('.fold').getAttribute('aria-expanded')") == "true"
    long_page.click(".fold")
    assert long_page.run(HEIGHT) == 0


def test_keys_pass_a_closed_run(long_page: Browser) -> None:
    first = int(long_page.run(RUN + ".dataset.first"))
    long_page.click(f"#step-{first - 1} .claim")
    long_page.press("j")
    assert int(long_page.run(CURRENT)) > first
    assert long_page.run(HEIGHT) == 0
    long_page.press("c")
    assert long_page.run(HEIGHT) > 100
    long_page.press("c")
    assert long_page.run(HEIGHT) == 0


def test_a_closed_run_does_not_cover_the_figure(long_page: Browser) -> None:
    near = "document.querySelectorAll('.figure .near').length"
    long_page.press("End")
    assert long_page.run("document.querySelectorAll('.run .step.premise').length") > 0
    closed = long_page.run(near)
    long_page.press("Escape")
    long_page.click(".fold")
    long_page.press("End")
    assert long_page.run(near) > closed


def test_links_and_search_reach_into_a_run(long_page: Browser) -> None:
    first = long_page.run(RUN + ".dataset.first")
    long_page.press("/")
    long_page.type(f"({first})")
    assert long_page.run(HEIGHT) > 0
    long_page.press("Escape")
    assert long_page.run(HEIGHT) == 0
    long_page.run(f"location.hash = '#step-{first}'")
    long_page.wait(f"({CURRENT}) === '{first}'")
    assert long_page.run(HEIGHT) > 100


def test_a_run_is_printed(long_page: Browser) -> None:
    long_page.prefer(False, "print")
    assert long_page.run(HEIGHT) > 100


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed: the page has no graph")
def test_a_run_is_lit_in_the_graph(long_page: Browser) -> None:
    first = int(long_page.run(RUN + ".dataset.first"))
    long_page.run(f"location.hash = '#step-{first + 2}'")
    long_page.wait(f"({CURRENT}) === '{first + 2}'")
    assert long_page.run(f"document.querySelector('#node-{first}').classList.contains('current')")


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed: the page has no graph")
def test_graph_in_the_whole_window(browser: Browser) -> None:
    box = "document.querySelector('.graphs').getBoundingClientRect()"
    size = f"[{box}.width, {box}.height]"
    top = "document.elementFromPoint(innerWidth - 30, 20).closest('#wide') !== null"
    browser.click("#wide")
    assert browser.run(size) == [1280, 860]
    assert browser.run(top)  # nothing lies over the button
    browser.press("Escape")
    assert browser.run(size)[0] < 800
    browser.press("g")
    assert browser.run(size) == [1280, 860]
    browser.press("g")
    assert browser.run(size)[0] < 800


def test_print_cuts_nothing_off(browser: Browser) -> None:
    browser.resize(700, 1000)
    browser.prefer(False, "print")
    title = browser.run("document.querySelector('h1').getBoundingClientRect().bottom")
    assert browser.run("document.querySelector('.figure').getBoundingClientRect().top") >= title - 1
