"""``fgps export`` as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fgps.learn.reader import open_export


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fgps", "export", *arguments]
    environment = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def test_an_export_and_what_it_says(tmp_path: Path) -> None:
    arguments = ("own", "-o", "made", "--sample", "4", "--seed", "2", "--split", "50,0,50")
    done = run(tmp_path, *arguments)
    assert done.returncode == 0, done.stderr
    assert "made: 4 problems (solved 4)" in done.stdout
    with open_export(tmp_path / "made") as opened:
        assert opened.count("val") == 0 and opened.count("train") + opened.count("test") > 0
    again = run(tmp_path, *arguments, "--json")
    assert again.returncode == 2
    assert "finished export" in json.loads(again.stdout)["message"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("own", "-o", "x", "--split", "50,20,20"), "add up to 100"),
        (("own", "-o", "x", "--split", "nothing"), "three shares"),
        (("absent", "-o", "x"), "absent is not a folder"),
        (("own", "-o", "x", "--address", "auto"), "--executor ray"),
        (("own", "-o", "x", "--theory", "absent"), "absent"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run(tmp_path, *arguments)
    assert done.returncode == 2 and said in done.stderr
    assert not (tmp_path / "x" / "manifest.json").exists()
