"""The tables of a report, free of any format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from fgps.batch.jobs import SUCCESS, Record
from fgps.batch.report.runs import Problems, Run, same_answer, times
from fgps.batch.summary import LEVELS, cause_of, is_success, is_wrong, level_of, percentile

#: Kinds of goals beyond so many go together.
MAX_GOALS: Final = 14
#: Longest lists of single problems.
MAX_ROWS: Final = 200
#: Ids that are listed for one cause.
MAX_IDS: Final = 120


@dataclass(frozen=True, slots=True)
class Cell:
    """One entry: its text, a share in [0, 1] that may be drawn as a bar, ``best`` or ``bad``, a detail."""

    text: str
    share: float | None = None
    mark: str = ""
    detail: str = ""

    @property
    def full(self) -> str:
        """The text with its detail."""
        return f"{self.text} ({self.detail})" if self.detail else self.text


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first column names the rows.

    ``words`` says that the other columns hold words and not figures; ``long``, that a page may fold it.
    """

    key: str
    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    words: bool = False
    long: bool = False


def seconds(value: float | None) -> str:
    """A time for people: ``48 ms``, ``1.33 s``."""
    if value is None:
        return "–"
    return (
        f"{1000 * value:.0f} ms" if value < 0.9995 else f"{value:.2f} s" if value < 100 else f"{value:.0f} s"
    )


def success_word(runs: Sequence[Run]) -> str:
    """How the task calls a success: solved, valid, exact."""
    return SUCCESS[runs[0].task]


def all_tables(runs: Sequence[Run], problems: Problems) -> list[Table]:
    """Every table that has something to say, in the order of a report."""
    found = [
        overview(runs),
        by_level(runs, problems),
        by_goal(runs, problems),
        by_cause(runs),
        times_by_level(runs, problems),
        only_there(runs, problems),
        differing_answers(runs, problems),
        wrong_answers(runs),
        sometimes_solved(runs, problems),
        failures(runs),
        settings(runs),
    ]
    return [table for table in found if table is not None and table.rows]


def overview(runs: Sequence[Run]) -> Table:
    """One row a run."""
    shares = _best([len(run.solved()) / len(run.records) for run in runs], _comparable(runs))
    rows = []
    for run, best in zip(runs, shares, strict=True):
        records = list(run.records.values())
        good = len(run.solved())
        spent, wrong = times(records), sum(map(is_wrong, records))
        nodes = sorted(row["nodes"] for row in records if isinstance(row.get("nodes"), int))
        middle = percentile(nodes, 0.5)
        rows.append(
            (
                Cell(run.name),
                Cell(str(len(records))),
                Cell(str(good)),
                Cell(f"{good / len(records):.2%}", good / len(records), best),
                Cell(str(wrong), mark="bad" if wrong else ""),
                Cell(seconds(percentile(spent, 0.5))),
                Cell(seconds(percentile(spent, 0.95))),
                Cell(seconds(spent[-1] if spent else None)),
                Cell(_total(sum(spent))),
                Cell("–" if middle is None else f"{middle:.0f}"),
            )
        )
    headings = ("run", "problems", success_word(runs), "share", "wrong", "median", "95 %", "worst", "total")
    note = "Times are those of single problems. Nodes: the median size of a search."
    return Table("overview", "Overview", (*headings, "nodes"), tuple(rows), note)


def by_level(runs: Sequence[Run], problems: Problems) -> Table:
    """Shares of successes by groups of levels."""

    def group(key: str) -> str:
        return level_of(problems.levels.get(key, {}))

    order = [*(name for name, _, _ in LEVELS), "unknown"]
    return _shares("level", "By level", "level", runs, group, order)


def by_goal(runs: Sequence[Run], problems: Problems) -> Table | None:
    """Shares of successes by what is asked for; None if no run knows."""
    if not problems.goals:
        return None
    counts = Counter(problems.goals.get(key, "unknown") for key in problems.ids)
    ranked = sorted(counts, key=lambda name: (name == "unknown", -counts[name], name))
    kept = ranked if len(ranked) <= MAX_GOALS else ranked[: MAX_GOALS - 1]

    def group(key: str) -> str:
        name = problems.goals.get(key, "unknown")
        return name if name in kept else "others"

    return _shares("goal", "By goal", "asked for", runs, group, [*kept, "others"])


def _shares(
    key: str, title: str, label: str, runs: Sequence[Run], group: Callable[[str], str], order: Sequence[str]
) -> Table:
    totals = [Counter(group(i) for i in run.records) for run in runs]
    good = [Counter(group(i) for i in run.solved()) for run in runs]
    rows = []
    for name in order:
        if not any(total[name] for total in totals):
            continue
        pairs = [(ok[name], total[name]) for ok, total in zip(good, totals, strict=True)]
        rows.append((Cell(name), *_row_of_shares(pairs, _comparable(runs))))
    whole = [(len(run.solved()), len(run.records)) for run in runs]
    rows.append((Cell("all"), *_row_of_shares(whole, _comparable(runs))))
    return Table(key, title, (label, *(run.name for run in runs)), tuple(rows))


def _row_of_shares(pairs: Sequence[tuple[int, int]], comparable: bool) -> list[Cell]:
    shares = [ok / total if total else 0.0 for ok, total in pairs]
    marks = _best(shares, comparable)
    return [
        Cell(f"{share:.1%}", share, mark, f"{ok}/{total}") if total else Cell("–")
        for (ok, total), share, mark in zip(pairs, shares, marks, strict=True)
    ]


def _best(shares: Sequence[float], comparable: bool) -> list[str]:
    """Marks for the highest of several shares, unless all are the same."""
    top = max(shares)
    if not comparable or len(shares) < 2 or min(shares) == top:
        return [""] * len(shares)
    return ["best" if share == top else "" for share in shares]


def _comparable(runs: Sequence[Run]) -> bool:
    """Whether all runs hold the same problems."""
    return len({frozenset(run.records) for run in runs}) == 1


def by_cause(runs: Sequence[Run]) -> Table:
    """How many problems failed for which cause."""
    counts = [Counter(cause_of(row) for row in _failed(run)) for run in runs]
    causes = sorted(set().union(*counts), key=lambda name: (-sum(c[name] for c in counts), name))
    rows = [(Cell(name), *(Cell(str(c[name]) if c[name] else "–") for c in counts)) for name in causes]
    return Table("cause", "By cause of failure", ("cause", *(run.name for run in runs)), tuple(rows))


def times_by_level(runs: Sequence[Run], problems: Problems) -> Table:
    """Median and 95th percentile by groups of levels."""
    rows = []
    for name in [*(name for name, _, _ in LEVELS), "unknown", "all"]:
        cells = []
        for run in runs:
            members = [
                row
                for key, row in run.records.items()
                if name in ("all", level_of(problems.levels.get(key, {})))
            ]
            spent = times(members)
            middle, high = percentile(spent, 0.5), percentile(spent, 0.95)
            cells.append(Cell(f"{seconds(middle)} · {seconds(high)}" if spent else "–"))
        if any(cell.text != "–" for cell in cells):
            rows.append((Cell(name), *cells))
    note = "Median · 95th percentile, failures included."
    return Table("times", "Times by level", ("level", *(run.name for run in runs)), tuple(rows), note)


def only_there(runs: Sequence[Run], problems: Problems) -> Table | None:
    """How many of the common problems one run did and another did not."""
    if len(runs) < 2 or not problems.common:
        return None
    common = set(problems.common)
    solved = [set(run.solved()) & common for run in runs]
    rows = [
        (Cell(run.name), *(Cell("·" if a is b else str(len(a - b))) for b in solved))
        for run, a in zip(runs, solved, strict=True)
    ]
    word = success_word(runs)
    note = (
        f"Of the {len(common)} problems in all runs: {word} by the run of the row, not by that of the column."
    )
    return Table("pairs", "One and not the other", ("run", *(run.name for run in runs)), tuple(rows), note)


def differing_answers(runs: Sequence[Run], problems: Problems) -> Table | None:
    """Problems for which two runs claim different answers."""
    if len(runs) < 2:
        return None
    rows = []
    for key in problems.ids:
        claims = [run.records.get(key) for run in runs]
        made = [row for row in claims if row is not None and _claims(row)]
        if any(not same_answer(made[0], row) for row in made[1:]):
            expected = next((row.get("expected") for row in made if row.get("expected")), None)
            rows.append((Cell(key), Cell(str(expected or "–")), *(_claim(row) for row in claims)))
    headings = ("problem", "expected", *(run.name for run in runs))
    return _listed("differ", "Answers that differ", headings, rows)


def wrong_answers(runs: Sequence[Run]) -> Table | None:
    """Answers that are known to be wrong."""
    rows = [
        (Cell(key), Cell(run.name), Cell(str(row.get("expected"))), _claim(row))
        for run in runs
        for key, row in run.records.items()
        if is_wrong(row)
    ]
    return _listed("wrong", "Wrong answers", ("problem", "run", "expected", "answer"), rows)


def sometimes_solved(runs: Sequence[Run], problems: Problems) -> Table | None:
    """Problems that some runs did and others did not."""
    if len(runs) < 2:
        return None
    rows = []
    for key in problems.common:
        good = [is_success(run.records[key]) for run in runs]
        if any(good) and not all(good):
            cells = (
                Cell(success_word(runs) if ok else cause_of(run.records[key]), mark="" if ok else "bad")
                for run, ok in zip(runs, good, strict=True)
            )
            rows.append((Cell(key), Cell(level_of(problems.levels.get(key, {}))), *cells))
    title = f"{success_word(runs).capitalize()} by some runs only"
    return _listed("some", title, ("problem", "level", *(run.name for run in runs)), rows, long=True)


def failures(runs: Sequence[Run]) -> Table | None:
    """The ids behind each cause of failure, to be run again with ``--ids``."""
    rows = []
    for run in runs:
        groups: dict[str, list[str]] = {}
        for key, row in run.records.items():
            if not is_success(row):
                groups.setdefault(cause_of(row), []).append(key)
        for cause, keys in sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0])):
            more = f" and {len(keys) - MAX_IDS} more" if len(keys) > MAX_IDS else ""
            rows.append((Cell(run.name), Cell(cause), Cell(" ".join(keys[:MAX_IDS]) + more)))
    title = f"Problems that are not {success_word(runs)}"
    return Table("failed", title, ("run", "cause", "problems"), tuple(rows), words=True, long=True)


def settings(runs: Sequence[Run]) -> Table | None:
    """How the runs were made, as their manifests say."""
    if not any(run.manifest for run in runs):
        return None
    rows = []
    for label, look in _SETTINGS:
        texts = [look(run.manifest) if run.manifest else "–" for run in runs]
        if any(text not in ("–", "") for text in texts):
            rows.append((Cell(label), *(Cell(text) for text in texts)))
    headings = ("", *(run.name for run in runs))
    return Table("settings", "How they were run", headings, tuple(rows), words=True, long=True)


def _at(manifest: dict[str, object], *path: str) -> str:
    found: object = manifest
    for key in path:
        if key == "last" and isinstance(found, list) and found:
            found = found[-1]
        elif isinstance(found, dict):
            found = found.get(key)
        else:
            return "–"
    return "–" if found is None else str(found)


_SETTINGS: Final[tuple[tuple[str, Callable[[dict[str, object]], str]], ...]] = (
    ("method", lambda m: f"{_at(m, 'job', 'method')} {_strategy(m)}".strip()),
    ("seconds a problem", lambda m: _at(m, "job", "timeout")),
    ("MiB a worker", lambda m: _at(m, "job", "memory_mb")),
    ("seed", lambda m: _at(m, "job", "seed")),
    ("executor", lambda m: f"{_at(m, 'runs', 'last', 'executor', 'kind')}, {_workers(m)}"),
    ("theory", lambda m: f"{_at(m, 'theory', 'name')} {_at(m, 'theory', 'digest')[:12]}"),
    ("data", lambda m: f"{_at(m, 'data', 'name')} {_at(m, 'data', 'sha256')[:12]}"),
    ("fgps", lambda m: _at(m, "runs", "last", "versions", "fgps")),
    ("Python", lambda m: _at(m, "runs", "last", "versions", "python")),
    ("processor", lambda m: _at(m, "runs", "last", "machine", "processor")),
    ("begun", lambda m: _at(m, "runs", "last", "started")),
    ("complete", lambda m: "yes" if m.get("complete") is True else "no"),
)


def _strategy(manifest: dict[str, object]) -> str:
    return "" if _at(manifest, "job", "method") == "auto" else _at(manifest, "job", "strategy")


def _workers(manifest: dict[str, object]) -> str:
    count = _at(manifest, "runs", "last", "executor", "workers")
    return "all processors" if count == "0" else f"{count} workers" if count != "1" else "1 worker"


def _failed(run: Run) -> Iterable[Record]:
    return (row for row in run.records.values() if not is_success(row))


def _claims(row: Record) -> bool:
    return row.get("status") == SUCCESS[str(row["task"])] and (
        row.get("answer") is not None or row.get("value") is not None
    )


def _claim(row: Record | None) -> Cell:
    if row is None:
        return Cell("–")
    if not _claims(row) and not is_wrong(row):
        return Cell(cause_of(row))
    text = row.get("answer") if row.get("answer") is not None else row.get("value")
    return Cell(str(text), mark="bad" if is_wrong(row) else "")


def _listed(
    key: str, title: str, headings: tuple[str, ...], rows: Sequence[tuple[Cell, ...]], long: bool = False
) -> Table:
    note = f"The first {MAX_ROWS} of {len(rows)}." if len(rows) > MAX_ROWS else ""
    return Table(key, f"{title} ({len(rows)})", headings, tuple(rows[:MAX_ROWS]), note, True, long)


def _total(value: float) -> str:
    minutes, rest = divmod(round(value), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"
