"""A whole run: choose the items, run them, append the records, sum up; `bench` is the way in from Python."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fgps.batch import manifest, table
from fgps.batch.executor import BatchError, Executor, InProcess
from fgps.batch.items import choose, items_of
from fgps.batch.jobs import TASKS, Item, Job, Record
from fgps.batch.pool import LocalPool
from fgps.batch.results import ResultsFile
from fgps.batch.summary import Summary, summarize

EXECUTORS: Final = ("pool", "ray", "inprocess")


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run ended.

    ``summary`` and ``records`` cover all items that are done, those of the run that was resumed included;
    ``complete`` says whether all are.  ``files`` are those that were written, ``notes`` what the user
    should know.
    """

    summary: Summary
    records: tuple[Record, ...]
    complete: bool
    files: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that is about to start: the records that are there already and the items still to do."""

    done: tuple[Record, ...]
    todo: tuple[Item, ...]


def bench(
    dataset: str | Path,
    task: str = "solve",
    *,
    ids: Sequence[str | int] | None = None,
    sample: int | None = None,
    seed: int = 0,
    method: str = "auto",
    strategy: str = "bfs",
    theory: str = "basic",
    timeout: float = 10.0,
    memory_mb: int = 4096,
    executor: str | Executor = "pool",
    workers: int | None = None,
    address: str | None = None,
    out: str | Path | None = None,
    resume: bool = False,
    progress: bool | Callable[[Record], None] = False,
    command: Sequence[str] = ("fgps.bench",),
) -> Finished:
    """Run a task over the problems of a data set; what ``fgps bench`` does.

    ``dataset`` is a folder (formalgeo layout or FGL files), ``task`` one of solve, replay, diagram.
    ``ids`` and a seeded ``sample`` choose problems.  ``timeout`` (seconds) and ``memory_mb`` (MiB) hold for
    one problem. ``executor``: ``pool`` (``workers`` processes, default 1), ``ray`` (see
    `fgps.batch.cluster.RayCluster`; default: the whole cluster), ``inprocess``, or one of your own.  With
    ``out`` every record is appended to that file as it comes, and Parquet and a manifest are written beside
    it; ``resume`` goes on with it. ``progress`` is True for a display on standard error, or called with
    each record.

    Ctrl-C ends the run in good order: the result then has ``complete`` False.  Raises `BatchError` if
    the run cannot go on as a whole, ValueError for arguments that make no sense.
    """
    if task not in TASKS:
        raise ValueError(f"unknown task {task!r}: one of {', '.join(TASKS)}")
    if resume and out is None:
        raise ValueError("to resume, a results file is needed")
    job = Job(task, theory, method, strategy, timeout, seed, memory_mb)
    runner = make_executor(executor, workers, address) if isinstance(executor, str) else executor
    chosen = choose(items_of(str(dataset)), None if ids is None else [str(i) for i in ids], sample, seed)
    about = About(str(dataset), tuple(command))
    path = None if out is None else Path(out)
    if progress is not True:
        each = progress or (lambda record: None)
        return run_batch(job, chosen, runner, path, resume, progress=each, about=about)
    from rich.console import Console

    from fgps.batch.progress import BatchProgress

    with BatchProgress(Console(stderr=True), len(chosen)) as bar:
        return run_batch(job, chosen, runner, path, resume, bar.started, bar.record, about)


def make_executor(kind: str, workers: int | None = None, address: str | None = None) -> Executor:
    """An executor by its name; ValueError for unknown names."""
    if kind == "inprocess":
        return InProcess()
    if kind == "pool":
        return LocalPool(workers or 1)
    if kind == "ray":
        from fgps.batch.cluster import RayCluster

        return RayCluster(workers or 0, address)
    raise ValueError(f"unknown executor {kind!r}: one of {', '.join(EXECUTORS)}")


@dataclass(frozen=True, slots=True)
class About:
    """What the manifest says about where a run came from."""

    dataset: str = ""
    command: tuple[str, ...] = ()


def run_batch(
    job: Job,
    items: Sequence[Item],
    executor: Executor,
    out: Path | None = None,
    resume: bool = False,
    started: Callable[[Plan], None] = lambda plan: None,
    progress: Callable[[Record], None] = lambda record: None,
    about: About | None = None,
) -> Finished:
    """Run ``job`` over ``items``; records go to ``out`` as they come, a manifest and Parquet beside it.

    With ``resume``, items that ``out`` already holds are skipped.  ``started`` is called once, ``progress``
    for each new record.  Ctrl-C ends the run cleanly: the result then has ``complete`` False.  Raises
    `BatchError` if the run cannot go on as a whole.
    """
    with nullcontext() if out is None else _Output(out, job, items, executor, resume, about) as output:
        wanted = {str(item.id) for item in items}
        earlier = output.earlier if output is not None else {}
        done = [row for key, row in earlier.items() if key in wanted]
        plan = Plan(tuple(done), tuple(item for item in items if str(item.id) not in earlier))
        started(plan)
        complete = True
        try:
            # Closed at once when the loop ends, however it ends: workers must not outlive it.
            with closing(executor.run(job, plan.todo)) as records:
                for record in records:
                    if output is not None:
                        output.append(record)
                    done.append(record)
                    progress(record)
        except KeyboardInterrupt:
            complete = False
        summary = summarize(job.task, done)
        files, notes = output.finish(summary, complete) if output is not None else ((), ())
    return Finished(summary, tuple(done), complete, files, notes)


class _Output:
    """The files of a run: records as they come, at the end Parquet and the manifest."""

    def __init__(
        self,
        out: Path,
        job: Job,
        items: Sequence[Item],
        executor: Executor,
        resume: bool,
        about: About | None,
    ) -> None:
        self._out = out
        self._order = {str(item.id): number for number, item in enumerate(items)}
        self._stack = ExitStack()
        said = about or About()
        with ExitStack() as stack:
            self._file = stack.enter_context(ResultsFile(out, job.task, resume))
            #: Records by id; of several for one id the last counts.
            self.earlier: dict[str, Record] = {str(row["id"]): row for row in self._file.done}
            self._all = dict(self.earlier)
            described = executor.describe()
            fresh = manifest.begin(job, items, described, said.dataset, said.command, len(self.earlier))
            before = manifest.read_manifest(out) if resume and self.earlier else None
            self._manifest = manifest.continued(fresh, before, out)
            _set_aside(out, keep=before is None and not resume)
            self._write()
            self._stack = stack.pop_all()

    def append(self, record: Record) -> None:
        self._file.append(record)
        self._all[str(record["id"])] = record

    def finish(self, summary: Summary, complete: bool) -> tuple[tuple[Path, ...], tuple[str, ...]]:
        """Write Parquet (of a complete run) and the manifest; the files, and what the user should know."""
        files = {"results": self._out}
        notes: list[str] = []
        last = len(self._order)
        rows = sorted(self._all.items(), key=lambda pair: (self._order.get(pair[0], last), pair[0]))
        if complete and table.available():
            files["parquet"] = manifest.table_path(self._out)
            note = manifest.ended(self._manifest, summary, complete, {})
            table.write_table(files["parquet"], [row for _, row in rows], note)
        elif complete:
            notes.append(f"no Parquet was written: {table.INSTALL}")
        self._manifest = manifest.ended(self._manifest, summary, complete, files)
        return (*files.values(), self._write()), tuple(notes)

    def _write(self) -> Path:
        try:
            return manifest.write_manifest(self._out, self._manifest)
        except OSError as problem:
            path = manifest.manifest_path(self._out)
            raise BatchError(f"cannot write {path}: {problem.strerror}") from problem

    def __enter__(self) -> _Output:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()


def _set_aside(out: Path, keep: bool) -> None:
    """The Parquet and the manifest of an earlier run would not fit the records to come."""
    for path in (manifest.table_path(out), manifest.manifest_path(out)):
        if not path.exists():
            continue
        if keep:
            path.replace(path.with_name(path.name + ".old"))
        elif path == manifest.table_path(out):
            path.unlink()
