"""The report in a browser: wide and narrow, light and dark."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from fgps.batch.jobs import Item, Job, record_for
from fgps.batch.report.runs import Run
from fgps.batch.report.show import Report, problems_of
from fgps.batch.report.tables import all_tables


def _browser() -> ModuleType:
    path = Path(__file__).resolve().parents[2] / "render" / "browser.py"
    spec = importlib.util.spec_from_file_location("report_browser", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


browser = _browser()
pytestmark = pytest.mark.skipif(browser.find_chromium() is None, reason="no Chromium")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    runs = []
    for number in range(9):
        rows = {}
        for n in range(40):
            status = "solved" if n % (number + 2) else "timeout"
            item = Item(n, "", level=n % 12)
            rows[str(n)] = record_for(
                Job("solve"), item, status, seconds=0.01 * (n + 1), answer=str(n), value=n
            )
        runs.append(Run(f"backward-strategy-{number}", rows))
    path = tmp_path / "report.html"
    path.write_text(Report("Nine runs", tuple(runs), tuple(all_tables(runs, problems_of(runs)))).to("html"))
    return path


def test_the_page_in_a_browser(page: Path) -> None:
    with browser.Browser(1200, 800) as view:
        view.open(page)
        assert not view.errors and len([url for url in view.requests if url.startswith("http")]) == 0
        style = "getComputedStyle(document.querySelector({}))"
        light = view.run(style.format("'body'") + ".backgroundColor")
        assert view.run(style.format("'.wide'") + ".display") == "block"
        view.click("#theme")
        assert view.run(style.format("'body'") + ".backgroundColor") != light
        view.prefer(dark=True)
        view.open(page)
        assert view.run(style.format("'body'") + ".backgroundColor") != light
        assert (
            len(
                set(
                    view.run(
                        "[...document.querySelectorAll('.wide .curve')].map("
                        "e => getComputedStyle(e).stroke + e.getAttribute('stroke-dasharray'))"
                    )
                )
            )
            == 9
        )
        view.resize(390, 844, phone=True)
        view.open(page, "#failed")
        # Tables scroll in their boxes, the page does not; the plot is the narrow one; the link unfolds.
        assert view.run("document.documentElement.scrollWidth") <= 390
        assert view.run(style.format("'.narrow'") + ".display") == "block"
        assert view.run(style.format("'.wide'") + ".display") == "none"
        assert view.run("document.querySelector('#failed details').open") is True
        assert not view.errors
