"""An export: records of a batch run, put together as Parquet tables with a manifest.

While it runs, the folder holds ``run.json`` (what was asked for) and ``records.jsonl`` (one record for each
problem that is done); both go at the end, and a run that was cut off resumes from them.  The tables depend on
the data set, the theory, the options and the seed alone, not on the number of workers or the order in which
they finished.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import fgps
from fgps.batch.executor import BatchError, Executor
from fgps.batch.jobs import Item, Job, Record
from fgps.batch.results import ResultsFile
from fgps.learn.renaming import SPLITS, SplitBy, split_of
from fgps.learn.rows import rows_of
from fgps.learn.schema import EXAMPLES, PROBLEMS, VERSION, Column
from fgps.learn.tables import TableWriter, parquet
from fgps.learn.vocabulary import vocabulary_of
from fgps.learn.worker import PREPARE, TASK, unpacked
from fgps.theory.load import load_theory
from fgps.theory.model import Theory

RUN: Final = "run.json"
RECORDS: Final = "records.jsonl"
MANIFEST: Final = "manifest.json"
VOCABULARY: Final = "vocabulary.json"
KIND: Final = "fgps examples"


@dataclass(frozen=True, slots=True)
class Options:
    """What to export.

    ``proofs`` is a method of search or ``annotated``; ``timeout`` in seconds, for the proof and again for
    going through it; ``shares`` of train, val and test add up to 1; ``max_candidates`` caps the candidates of
    an example.
    """

    dataset: str
    theory: str = "basic"
    proofs: str = "auto"
    timeout: float = 10.0
    seed: int = 0
    memory_mb: int = 4096
    shares: tuple[float, float, float] = (0.8, 0.1, 0.1)
    split_by: SplitBy = "problem"
    max_candidates: int = 512

    @property
    def job(self) -> Job:
        """The job that workers run."""
        return Job(
            task=TASK,
            theory=self.theory,
            method=self.proofs,
            timeout=self.timeout,
            seed=self.seed,
            memory_mb=self.memory_mb,
            prepare=PREPARE,
        )


@dataclass(frozen=True, slots=True)
class Exported:
    """How an export ended: the manifest, None if it was interrupted after ``done`` problems."""

    done: int
    manifest: dict[str, Any] | None


def export(
    options: Options,
    items: Sequence[Item],
    executor: Executor,
    folder: Path,
    resume: bool = False,
    started: Callable[[int], None] = lambda done: None,
    progress: Callable[[Record], None] = lambda record: None,
) -> Exported:
    """Export ``items`` to ``folder``; ``started`` is told how many an earlier run has done.

    Ctrl-C ends it cleanly, and ``resume`` goes on.  Raises `BatchError` if the folder is in use by another
    export, or if the run cannot go on as a whole.
    """
    parquet()  # Say what is missing before the work, not after it.
    loaded = load_theory(options.theory)
    if loaded.theory is None:
        raise BatchError("; ".join(str(diagnostic) for diagnostic in loaded.diagnostics[:3]))
    asked = _asked(options, items, loaded.theory)
    _prepare(folder, asked, resume)
    wanted = {str(item.id) for item in items}
    done: set[str] = set()
    with ExitStack() as stack:
        file = stack.enter_context(ResultsFile(folder / RECORDS, TASK, resume=True))
        done.update(str(record["id"]) for record in file.done)
        file.done.clear()
        started(len(done & wanted))
        todo = [item for item in items if str(item.id) not in done]
        try:
            with closing(executor.run(options.job, todo)) as records:
                for record in records:
                    file.append(record)
                    done.add(str(record["id"]))
                    progress(record)
        except KeyboardInterrupt:
            return Exported(len(done & wanted), None)
    manifest = _assemble(options, items, loaded.theory, folder)
    (folder / RECORDS).unlink()
    (folder / RUN).unlink()
    return Exported(len(items), manifest)


def _asked(options: Options, items: Sequence[Item], theory: Theory) -> dict[str, Any]:
    """What a resumed run must agree on."""
    ids = hashlib.sha256("\n".join(str(item.id) for item in items).encode()).hexdigest()
    asked = {**asdict(options), "theory_digest": theory.digest, "version": VERSION, "ids": ids}
    known: dict[str, Any] = json.loads(json.dumps(asked))
    return known


def _prepare(folder: Path, asked: dict[str, Any], resume: bool) -> None:
    """Make the folder, or see that it holds a run that this one goes on with."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        run = folder / RUN
        if (folder / MANIFEST).exists():
            raise BatchError(f"{folder} holds a finished export; name another folder")
        if not run.exists():
            run.write_text(json.dumps(asked, indent=1) + "\n", encoding="utf-8")
            return
        if not resume:
            raise BatchError(
                f"{folder} holds an unfinished export; go on with --resume, or name another folder"
            )
        before = json.loads(run.read_text(encoding="utf-8"))
    except OSError as problem:
        raise BatchError(f"cannot write {folder}: {problem.strerror}") from problem
    except ValueError as problem:
        raise BatchError(f"{folder / RUN} is damaged: {problem}") from problem
    differ = [name for name in asked if not isinstance(before, dict) or before.get(name) != asked[name]]
    if differ:
        raise BatchError(f"{folder} was begun with other options ({', '.join(differ)})")


def _assemble(options: Options, items: Sequence[Item], theory: Theory, folder: Path) -> dict[str, Any]:
    """Write tables, vocabulary and manifest."""
    vocabulary = vocabulary_of(theory)
    metadata = {"fgps_examples": str(VERSION), "vocabulary": vocabulary.digest, "theory": theory.digest}
    statuses: Counter[str] = Counter()
    counts = {split: {"problems": 0, "examples": 0} for split in SPLITS}
    with ExitStack() as stack:
        tables = {
            split: stack.enter_context(TableWriter(folder / f"{split}.parquet", EXAMPLES, metadata))
            for split in SPLITS
        }
        index = stack.enter_context(TableWriter(folder / "problems.parquet", PROBLEMS, metadata))
        for item, record in zip(items, _records(folder / RECORDS, items), strict=True):
            statuses[str(record["status"])] += 1
            split = _split(record, options)
            examples = 0
            if split is not None:
                digest, traced = str(record["digest"]), unpacked(record["trace"])
                for row in rows_of(traced, str(item.id), digest, options.max_candidates, options.seed):
                    tables[split].write(row)
                    examples += 1
                counts[split]["problems"] += 1
                counts[split]["examples"] += examples
            index.write(_problem_row(item, record, split, examples))
    text = json.dumps(vocabulary.to_json(), indent=1, ensure_ascii=False) + "\n"
    (folder / VOCABULARY).write_text(text, encoding="utf-8")
    manifest = {
        "kind": KIND,
        "version": VERSION,
        "fgps": fgps.__version__,
        "theory": {"name": theory.name, "digest": theory.digest},
        "vocabulary": vocabulary.digest,
        "dataset": Path(options.dataset).name,
        "options": {k: v for k, v in asdict(options).items() if k not in ("dataset", "theory", "memory_mb")},
        "problems": len(items),
        "statuses": dict(sorted(statuses.items())),
        "splits": counts,
        "files": {name: _file(folder / name) for name in _files()},
        "columns": {"examples": _columns(EXAMPLES), "problems": _columns(PROBLEMS)},
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def _split(record: Record, options: Options) -> str | None:
    if record.get("trace") is None:
        return None
    key = record["digest"] if options.split_by == "problem" else record["construction"]
    return split_of(str(key), options.seed, options.shares)


def _problem_row(item: Item, record: Record, split: str | None, examples: int) -> dict[str, Any]:
    same = {name: record.get(name) for name in ("digest", "construction", "status", "message", "answer")}
    return {"problem": str(item.id), "split": split, "level": item.level, "examples": examples, **same}


def _records(path: Path, items: Sequence[Item]) -> Iterator[Record]:
    """The records in the order of the items, one in memory at a time."""
    places: dict[str, int] = {}
    with path.open("rb") as stream:
        place = 0
        for line in stream:
            places[str(json.loads(line)["id"])] = place
            place += len(line)
        for item in items:
            stream.seek(places[str(item.id)])
            yield json.loads(stream.readline())


def _files() -> tuple[str, ...]:
    return (*(f"{split}.parquet" for split in SPLITS), "problems.parquet", VOCABULARY)


def _file(path: Path) -> dict[str, Any]:
    raw = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            raw.update(chunk)
    return {"bytes": path.stat().st_size, "sha256": raw.hexdigest()}


def _columns(columns: tuple[Column, ...]) -> dict[str, str]:
    return {column.name: column.type for column in columns}
