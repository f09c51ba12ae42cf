"""The tutorial of the documentation runs as it stands, and its predictor has learned something."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

from learn_sample import PAGE


def run(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_tutorial(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    (command,) = re.findall(r"^    fgps (export own .*)$", text, re.MULTILINE)
    run(tmp_path, "-m", "fgps", *shlex.split(command))
    reading, acting, training = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    script = tmp_path / "script.py"
    script.write_text(reading.replace('"DIR"', '"EXPORT"').replace("range(32)", "range(8)"))
    run(tmp_path, str(script))
    script.write_text(acting)
    assert "candidates:" in run(tmp_path, str(script))
    script.write_text(training)
    printed = run(tmp_path, str(script))
    found = re.search(r"^train: .* in (\d+)%, a random one in (\d+)%$", printed, re.MULTILINE)
    assert found is not None
    hits, chance = int(found[1]), int(found[2])
    assert hits > 5 * chance
    solved = re.findall(r"^(?:breadth first|linear): (\d+) of (\d+) in ", printed, re.MULTILINE)
    assert len(solved) == 2 and int(solved[0][1]) >= 4
    assert int(solved[1][0]) >= int(solved[0][0]) - 1
