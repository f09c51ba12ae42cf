"""The summary's figures, checked on records made by hand."""

from __future__ import annotations

from fgps.batch.summary import percentile, summarize


def row(
    status: str, correct: bool | None, level: int | None, seconds: float, cause: str | None = None
) -> dict:
    return {
        "id": 0,
        "task": "solve",
        "status": status,
        "correct": correct,
        "level": level,
        "seconds": seconds,
        "cause": cause,
    }


ROWS = [
    row("solved", True, 1, 0.1),
    row("solved", False, 2, 0.2),
    row("solved", None, 3, 0.3),
    row("saturated", None, 12, 0.4, "goal not derived"),
    row("timeout", None, None, 10.0),
]


def test_a_wrong_answer_is_no_success() -> None:
    summary = summarize("solve", ROWS)
    assert (summary.total, summary.success, summary.wrong) == (5, 2, 1)
    assert summary.share == 0.4
    assert dict(summary.causes) == {"wrong value": 1, "goal not derived": 1, "timeout": 1}
    assert dict(summary.statuses) == {"solved": 3, "saturated": 1, "timeout": 1}


def test_levels_and_times() -> None:
    summary = summarize("solve", reversed(ROWS))
    assert [(r.level, r.total, r.success, r.wrong) for r in summary.levels] == [
        ("0-2", 2, 1, 1),
        ("3-4", 1, 1, 0),
        ("11+", 1, 0, 0),
        ("unknown", 1, 0, 0),
    ]
    assert (summary.median, summary.p95, summary.worst) == (0.3, 10.0, 10.0)


def test_percentile_is_the_nearest_rank() -> None:
    assert percentile([], 0.5) is None
    assert percentile([7.0], 0.95) == 7.0
    assert percentile([float(n) for n in range(1, 101)], 0.95) == 95.0
    assert percentile([1.0, 2.0], 0.5) == 1.0


def test_no_records() -> None:
    summary = summarize("replay", [])
    assert (summary.total, summary.share, summary.median) == (0, 0.0, None)


def test_a_figure_of_clashing_data_claims_no_value() -> None:
    rows = [
        {**row(status, False, 1, 0.1), "task": "diagram"} for status in ("exact", "rounded", "inconsistent")
    ]
    assert summarize("diagram", rows).wrong == 1
