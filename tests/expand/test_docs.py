"""The commands and the example of docs/expand.md run."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "expand.md"


def run(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_commands(tmp_path: Path) -> None:
    commands = re.findall(r"^    fgps (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert [command.split()[0] for command in commands] == ["expand", "bench", "draw"]
    made = run(tmp_path, "-m", "fgps", *shlex.split(commands[0]))
    assert "new problems from 2 sources" in made
    text = (tmp_path / "new.fgl").read_text(encoding="utf-8")
    name = re.findall(r"^problem (\w+):", text, re.MULTILINE)[0]
    solved = run(tmp_path, "-m", "fgps", *shlex.split(commands[1].replace("DATASET", ".")), "--require", "1")
    assert "wrong answers: 0" in solved
    run(tmp_path, "-m", "fgps", *shlex.split(commands[2].replace("NAME", name)))
    assert (tmp_path / "figure.svg").read_text(encoding="utf-8").lstrip().startswith("<")


def test_the_example(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    script = tmp_path / "example.py"
    script.write_text(code, encoding="utf-8")
    lines = run(tmp_path, str(script)).splitlines()
    (expected,) = re.findall(r"print\(len\(expansion\.found\)\)  # (\d+)", code)
    assert lines[-1] == expected and len(lines) == int(expected) + 1
