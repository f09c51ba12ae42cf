"""Results files: appended, resumed, torn, kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgps.batch.executor import BatchError
from fgps.batch.results import ResultsFile, read_results


def record(number: int, task: str = "solve") -> dict[str, object]:
    return {"id": number, "task": task, "status": "solved"}


def write(path: Path, numbers: list[int], resume: bool = False) -> ResultsFile:
    with ResultsFile(path, "solve", resume=resume) as file:
        for number in numbers:
            file.append(record(number))
    return file


@pytest.mark.parametrize("torn", ['{"id": 3, "ta', '{"id": 3, "task": "solve"}', "\x00\x00", "{"])
def test_resume_tolerates_a_torn_last_line(tmp_path: Path, torn: str) -> None:
    path = tmp_path / "results.jsonl"
    write(path, [1, 2])
    with path.open("a") as file:
        file.write(torn)
    assert [row["id"] for row in read_results(path)] == [1, 2]
    resumed = write(path, [3], resume=True)
    assert [row["id"] for row in resumed.done] == [1, 2]
    assert [row["id"] for row in read_results(path)] == [1, 2, 3]


def test_a_bad_line_in_the_middle_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    path.write_text('{"id": 1}\nnonsense\n{"id": 2}\n')
    with pytest.raises(BatchError, match="line 2"):
        read_results(path)


def test_another_task_is_not_resumed(tmp_path: Path) -> None:
    path = tmp_path / "results.jsonl"
    write(path, [1])
    with pytest.raises(BatchError, match="task"):
        ResultsFile(path, "replay", resume=True)


def test_an_earlier_file_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "results.jsonl"
    write(path, [1, 2])
    again = write(path, [5])
    assert again.kept is not None
    assert [row["id"] for row in read_results(again.kept)] == [1, 2]
    assert [row["id"] for row in read_results(path)] == [5]


def test_a_folder_is_no_results_file(tmp_path: Path) -> None:
    with pytest.raises(BatchError):
        ResultsFile(tmp_path, "solve", resume=True)
