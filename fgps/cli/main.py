"""Entry point of the ``fgps`` command: puts the groups of commands together.

The modules of the commands import only what parsing their arguments needs; the program proper is
imported when a command runs, so that help and small commands start fast.
"""

from __future__ import annotations

import os
import sys
from typing import NoReturn

import typer

import fgps
from fgps.cli import (
    annotating,
    bench,
    checking,
    converting,
    drawing,
    expanding,
    exporting,
    formalizing,
    formatting,
    linting,
    repl,
    reporting,
    serving,
    showing,
    solving,
    theories,
    training,
    verifying,
)
from fgps.cli.exits import Exit
from fgps.cli.output import emit_json

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

for command in (
    solving.solve,
    solving.replay,
    verifying.verify,
    formalizing.check_problem,
    serving.serve,
    serving.mcp,
    checking.check,
    drawing.draw,
    showing.show,
    formatting.fmt,
    linting.lint,
    converting.convert,
    repl.repl,
    annotating.annotate,
    training.train,
    bench.bench,
    reporting.report,
    exporting.export,
    expanding.expand,
):
    app.command()(command)
app.add_typer(theories.app, name="theory")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"fgps {fgps.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version."
    ),
) -> None:
    """A symbolic solver and proof checker for plane geometry.

    Exit status: 0 yes, 1 no, 2 bad input, 3 out of time or memory.
    """


def main() -> None:
    """Run the command line; an internal error is one line, with a traceback if FGPS_DEBUG is set."""
    # The matrices of figures are small: more threads only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except BrokenPipeError:
        # The reader of our output has gone (``| head``): nothing is left to say.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(Exit.YES)
    except MemoryError:
        _end("out of memory", "memory", Exit.OUT_OF_BUDGET)
    except Exception as error:
        if os.environ.get("FGPS_DEBUG"):
            raise
        message = f"internal error: {type(error).__name__}: {error}"
        _end(f"{message[:1000]} (set FGPS_DEBUG=1 to see where)", "error", Exit.NO)


def _end(message: str, status: str, code: Exit) -> NoReturn:
    """The last words of a command that broke off: a line, and a JSON object where one is awaited."""
    if "--json" in sys.argv:
        emit_json({"status": status, "message": message})
    print(message, file=sys.stderr)
    sys.exit(code)
