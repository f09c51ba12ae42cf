"""Reports of runs: the tables say what the records say, in every format, whatever the names hold."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import fgps
from fgps.batch.executor import BatchError
from fgps.batch.jobs import Item, Job, Record, record_for
from fgps.batch.report.show import Report, report
from fgps.batch.table import write_table


def row(number: int, status: str = "solved", **fields: Any) -> Record:
    item = Item(number, "", level=fields.pop("level", 1 + number % 8), expected=fields.pop("expected", None))
    given = {"answer": str(number), "value": float(number), "seconds": 0.01 * (number + 1), "correct": True}
    if status != "solved":
        given = {"seconds": 2.0, "cause": status}
    return record_for(Job("solve"), item, status, **{**given, **fields})


def write(path: Path, rows: list[Record]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    return path


@pytest.fixture
def two(tmp_path: Path) -> list[Path]:
    """Two runs over problems 0 to 19: the second fails at 3, differs at 5 and is wrong at 7."""
    first = [row(n, goal="LengthOfLine" if n % 2 else "symbol", nodes=10 * n) for n in range(20)]
    second = [row(n) for n in range(20)]
    second[3] = row(3, "timeout")
    second[5] = row(5, value=55.0, answer="55", correct=None)
    second[7] = row(7, value=8.0, answer="8", expected="7", correct=False)
    return [write(tmp_path / "a" / "run.jsonl", first), write(tmp_path / "b" / "run.jsonl", second)]


def texts(made: Report, key: str) -> list[list[str]]:
    return [[cell.full for cell in cells] for cells in made.table(key).rows]


def test_the_tables(two: list[Path]) -> None:
    made = report(two)
    assert [run.name for run in made.runs] == ["a/run", "b/run"]
    first, second = texts(made, "overview")
    assert first == "a/run 20 20 100.00% 0".split() + ["100 ms", "190 ms", "200 ms", "0:00:02", "90"]
    assert second[:5] == ["b/run", "20", "18", "90.00%", "1"]
    levels = {cells[0]: cells[1:] for cells in texts(made, "level")}
    assert levels["3-4"] == ["100.0% (6/6)", "83.3% (5/6)"]
    assert levels["all"] == ["100.0% (20/20)", "90.0% (18/20)"]
    # The second file does not know the kinds of goals: they are those of the problems.
    goals = {cells[0]: cells[1:] for cells in texts(made, "goal")}
    assert goals["LengthOfLine"] == ["100.0% (10/10)", "80.0% (8/10)"]
    assert texts(made, "cause") == [["timeout", "–", "1"], ["wrong value", "–", "1"]]
    assert texts(made, "pairs") == [["a/run", "·", "2"], ["b/run", "0", "·"]]
    assert texts(made, "differ") == [["5", "–", "5", "55"], ["7", "7", "7", "8"]]
    assert texts(made, "wrong") == [["7", "b/run", "7", "8"]]
    assert [cells[0] for cells in texts(made, "some")] == ["3", "7"]
    assert texts(made, "failed") == [["b/run", "timeout", "3"], ["b/run", "wrong value", "7"]]


def test_values_that_agree_are_no_difference(tmp_path: Path) -> None:
    one = write(tmp_path / "one.jsonl", [row(1, answer="sqrt(2)", value=2**0.5)])
    other = write(tmp_path / "other.jsonl", [row(1, answer="2*sqrt(2)/2", value=2**0.5 * (1 + 1e-14))])
    assert "differ" not in {table.key for table in report([one, other]).tables}


def test_runs_over_different_problems(tmp_path: Path) -> None:
    one = write(tmp_path / "one.jsonl", [row(n) for n in range(5)])
    other = write(tmp_path / "other.jsonl", [row(n, "saturated") for n in range(3, 9)])
    made = report([one, other])
    assert made.table("pairs").note.startswith("Of the 2 problems in all runs")
    assert texts(made, "pairs")[0] == ["one", "·", "2"]
    # No best one where the problems are not the same.
    assert all(cell.mark != "best" for cells in made.table("level").rows for cell in cells)


def test_markdown_lines_up_and_names_cannot_break_it(two: list[Path]) -> None:
    made = report(two, names=["a|b", "*c*\n# d"])
    lines = made.to("md").splitlines()
    header = next(line for line in lines if line.startswith("| level"))
    assert r"a\|b" in header and r"\*c\* # d" in header
    table = lines[lines.index(header) :][:3]
    assert len({len(line) for line in table}) == 1
    assert not any(line.startswith("# d") for line in lines)
    assert "**100.00%**" in made.to("md")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]


def test_the_page_needs_nothing_else_and_names_cannot_break_it(two: list[Path]) -> None:
    name = '<script>alert(1)</script>{{style}}"&'
    page = report(two, names=[name, "b"], title="<b>t</b>").to("html")
    parsed = _Page()
    parsed.feed(page)
    assert parsed.tags.count("script") == 1 and "b" not in parsed.tags
    assert all(address.startswith("#") for address in parsed.addresses)
    assert "{{style}}" in page and "<title>&lt;b&gt;t&lt;/b&gt;</title>" in page
    ids = set(re.findall(r'<section id="(\w+)"', page))
    assert {address[1:] for address in parsed.addresses} <= ids and "plot" in ids


def test_the_plot_shows_each_success(two: list[Path]) -> None:
    root = ElementTree.fromstring(report(two, names=["<a>", "b&"]).to("svg"))
    space = "{http://www.w3.org/2000/svg}"
    curves = [p for p in root.iter(f"{space}path") if p.find(f"{space}title") is not None]
    assert [p.get("d", "").count("L") for p in curves] == [20, 18]
    heights = [float(pair.split()[1]) for pair in curves[0].get("d", "")[1:].split("L")]
    # Upwards is slower: the y coordinate falls.
    assert heights == sorted(heights, reverse=True)


def test_a_run_without_a_success_has_a_report(tmp_path: Path) -> None:
    made = report([write(tmp_path / "r.jsonl", [row(1, "timeout")])])
    for kind in ("md", "html", "svg", "json"):
        assert made.to(kind)
    assert json.loads(made.to("json"))["curves"] == {"r": []}


def test_parquet_gives_the_same_report(two: list[Path], tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    rows = [json.loads(line) for line in two[0].read_text().splitlines()]
    write_table(tmp_path / "run.parquet", rows, {"format": "x"})
    before, after = report([two[0]]), report([tmp_path / "run.parquet"])
    assert [t for t in before.tables if t.key != "settings"] == [
        t for t in after.tables if t.key != "settings"
    ]


def test_files_that_do_not_go_together(two: list[Path], tmp_path: Path) -> None:
    replay = write(tmp_path / "replay.jsonl", [{**row(1), "task": "replay"}])
    with pytest.raises(BatchError, match="different tasks.*replay, solve"):
        report([two[0], replay])
    with pytest.raises(BatchError, match="holds no records"):
        report([write(tmp_path / "empty.jsonl", [])])
    with pytest.raises(BatchError, match="cannot read"):
        report([tmp_path / "absent.jsonl"])
    with pytest.raises(BatchError, match="mixes tasks"):
        report([write(tmp_path / "mixed.jsonl", [row(1), {**row(2), "task": "replay"}])])
    (tmp_path / "junk.parquet").write_bytes(b"junk")
    with pytest.raises(BatchError):
        report([tmp_path / "junk.parquet"])
    with pytest.raises(BatchError, match="1 names for 2"):
        report(two, names=["x"])


def test_it_is_written_by_suffix(two: list[Path], tmp_path: Path) -> None:
    made = fgps.report(two)
    assert made.write(tmp_path / "out" / "r.md") == (tmp_path / "out" / "r.md", tmp_path / "out" / "r.svg")
    assert "](r.svg)" in (tmp_path / "out" / "r.md").read_text()
    assert made.write(tmp_path / "r.html") == (tmp_path / "r.html",)
    with pytest.raises(BatchError, match="no format"):
        made.write(tmp_path / "r.docx")
