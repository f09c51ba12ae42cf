"""A whole run: choose the items, run them, append the records, sum up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

from fgps.batch.executor import Executor
from fgps.batch.jobs import Item, Job, Record
from fgps.batch.results import ResultsFile
from fgps.batch.summary import Summary, summarize


@dataclass(frozen=True, slots=True)
class Finished:
    """How a run ended: the summary of all records (resumed ones included), and whether all items are done."""

    summary: Summary
    records: tuple[Record, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A run that is about to start: the records that are there already and the items still to do."""

    done: tuple[Record, ...]
    todo: tuple[Item, ...]


def run_batch(
    job: Job,
    items: Sequence[Item],
    executor: Executor,
    out: Path | None = None,
    resume: bool = False,
    started: Callable[[Plan], None] = lambda plan: None,
    progress: Callable[[Record], None] = lambda record: None,
) -> Finished:
    """Run ``job`` over ``items``; records go to ``out`` as they come.

    With ``resume``, items that ``out`` already holds are skipped.  ``started`` is called once, ``progress``
    for each new record.  Ctrl-C ends the run cleanly: the result then has ``complete`` False.  Raises
    `BatchError` if the run cannot go on as a whole.
    """
    with ExitStack() as stack:
        file = stack.enter_context(ResultsFile(out, job.task, resume)) if out is not None else None
        wanted = {str(item.id) for item in items}
        done = [row for row in file.done if str(row["id"]) in wanted] if file is not None else []
        known = {str(row["id"]) for row in done}
        plan = Plan(tuple(done), tuple(item for item in items if str(item.id) not in known))
        started(plan)
        complete = True
        try:
            # Closed at once when the loop ends, however it ends: workers must not outlive it.
            with closing(executor.run(job, plan.todo)) as records:
                for record in records:
                    done.append(record)
                    if file is not None:
                        file.append(record)
                    progress(record)
        except KeyboardInterrupt:
            complete = False
    return Finished(summarize(job.task, done), tuple(done), complete)
