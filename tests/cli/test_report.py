"""``fgps report``: formats, files, and what it says to bad input."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    path = tmp_path / "results.jsonl"
    rows = [
        {
            "id": n,
            "task": "replay",
            "status": "valid" if n % 3 else "invalid",
            "seconds": 0.01 * n,
            "level": n,
        }
        for n in range(1, 10)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + '{"id": 10, "ta')
    return path


def test_markdown_and_json_on_standard_output(fgps: Run, results: Path) -> None:
    done = fgps("report", results, "--title", "Two thirds")
    assert done.status == 0 and done.out.startswith("# Two thirds\n") and "66.67%" in done.out
    tables = fgps("report", results, "--json").json["tables"]
    assert tables["cause"]["rows"] == [["invalid", "3"]]


def test_files(fgps: Run, results: Path, tmp_path: Path) -> None:
    done = fgps("report", results, results, "--name", "one", "--name", "other", "-o", tmp_path / "r.md")
    assert done.status == 0 and "r.svg" in done.err and "| other" in (tmp_path / "r.md").read_text()
    assert fgps("report", results, "-o", tmp_path / "page", "--to", "html").status == 0
    assert (tmp_path / "page").read_text().startswith("<!doctype html>")


def test_bad_input(fgps: Run, results: Path, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("no results\nat all\n")
    for arguments, said in [
        ([tmp_path / "absent.jsonl"], "cannot read"),
        ([tmp_path / "other.txt"], "not a record"),
        ([results, "--name", "a", "--name", "b"], "2 names for 1"),
        ([results, "-o", tmp_path / "r.pdf"], "no format"),
    ]:
        done = fgps("report", *arguments)
        assert done.status == 2 and said in done.err
