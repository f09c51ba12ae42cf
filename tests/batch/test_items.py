"""Which problems a folder holds, and which of them a run takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fgps.batch.executor import BatchError
from fgps.batch.items import choose, items_of, read_ids
from fgps.batch.jobs import Item


def released(root: Path, numbers: list[int]) -> Path:
    folder = root / "problems"
    folder.mkdir(parents=True)
    for place, number in enumerate(numbers):
        problem = {
            "problem_id": number,
            "problem_level": place,
            "problem_answer": "2*pi",
            "goal_cdl": "Value(x)",
        }
        (folder / f"{place:03}.json").write_text(json.dumps(problem))
    return root


def test_the_released_layout_goes_by_the_files_own_ids(tmp_path: Path) -> None:
    items = items_of(str(released(tmp_path, [10, 9, 2])))
    assert [item.id for item in items] == [2, 9, 10]
    assert [item.level for item in items] == [2, 1, 0]
    assert items[0].expected == "2*pi"
    assert items_of(str(tmp_path / "problems")) == items


def test_unreadable_files_are_items_all_the_same(tmp_path: Path) -> None:
    released(tmp_path, [1])
    for name, text in [("a", "{"), ("b", "[]"), ("c", "\x00\xff"), ("d", "[" * 10**6)]:
        (tmp_path / "problems" / f"{name}.json").write_text(text)
    assert [item.id for item in items_of(str(tmp_path))] == [1, "a", "b", "c", "d"]


def test_fgl_files_hold_several_problems(tmp_path: Path) -> None:
    text = """
problem first:
    construct Shape(AB,BC,CA)
    given MeasureOfAngle(ABC) = 30
    find MeasureOfAngle(ABC)
    answer 30

problem second:
    meta level "4"
    construct Shape(AB,BC,CA)
    find MeasureOfAngle(ABC)
"""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "two.fgl").write_text(text)
    first, second = items_of(str(tmp_path))
    assert (first.id, first.expected) == ("first", "30")
    assert (second.id, second.level, second.expected) == ("second", 4, None)
    assert first.source.endswith("two.fgl#first")


def test_what_is_no_data_set(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(BatchError):
            items_of(str(folder))
    released(tmp_path / "twice", [1, 1])
    with pytest.raises(BatchError, match="two problems"):
        items_of(str(tmp_path / "twice"))


@pytest.mark.parametrize("text", ["3\n1\n3\n", "3, 1", "[3, 1]", '["3", "1"]', "# drawn by lot\n3 # a\n1"])
def test_lists_of_ids(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ids"
    path.write_text(text)
    assert read_ids(path) == ["3", "1"]


@pytest.mark.parametrize("text", ["", "# nothing", "[3, 1", "[]"])
def test_bad_lists_of_ids(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ids"
    path.write_text(text)
    with pytest.raises(BatchError):
        read_ids(path)


def test_the_draw_depends_on_the_seed_alone() -> None:
    items = [Item(number, "") for number in range(1000)]
    draw = choose(items, None, 20, seed=1)
    assert draw == choose(items, None, 20, seed=1) != choose(items, None, 20, seed=2)
    assert [item.id for item in draw] == sorted(item.id for item in draw)
    assert choose(items, ["7", "3"], None, 0) == [items[3], items[7]]
    assert len(choose(items, ["7", "3"], 50, 0)) == 2
    with pytest.raises(BatchError, match="nowhere"):
        choose(items, ["7", "nowhere"], None, 0)
