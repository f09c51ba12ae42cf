"""``fgps repl``: work on a problem step by step, in a terminal or from a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fgps.cli.exits import Exit
from fgps.cli.output import report, say
from fgps.cli.solving import PROBLEM, THEORY

if TYPE_CHECKING:
    from fgps.cli.repl_commands import Commands
    from fgps.interactive.session import Session

#: How to get what makes typing comfortable.
INSTALL = "pip install 'fgps[repl]'"


def repl(
    problem: Annotated[str, PROBLEM],
    theory: Annotated[str, THEORY] = "basic",
    seed: Annotated[int, typer.Option(help="For the figure and the search.")] = 0,
) -> None:
    """Apply theorems to a problem one by one, and ask why and why not.

    Lines may also come from a pipe; then the exit status is 0 if the goal was reached, else 1.
    """
    from rich.console import Console

    from fgps.cli.repl_commands import Commands
    from fgps.interactive.session import Session, load

    session = load(problem, theory, seed)
    if not isinstance(session, Session):
        report(session, say)
        raise typer.Exit(Exit.BAD_INPUT)
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    commands = Commands(session, Console(highlight=False, markup=False, emoji=False))
    if not terminal:
        _run_lines(commands)
        raise typer.Exit(Exit.YES if session.goal.reached else Exit.NO)
    commands.welcome()
    for line in _typed(session):
        try:
            if not commands.run(line):
                break
        except KeyboardInterrupt:
            say("interrupted")


def _run_lines(commands: Commands) -> None:
    """Run the lines of standard input, each shown before its result."""
    for line in sys.stdin:
        typer.echo(f"> {line.rstrip()}")
        if not commands.run(line):
            return


def _typed(session: Session) -> Iterator[str]:
    """Lines from the terminal until Ctrl-D; Ctrl-C drops a line."""
    ask = _prompt(session)
    while True:
        try:
            yield ask()
        except KeyboardInterrupt:
            continue
        except EOFError:
            return


def _prompt(session: Session) -> Any:
    """A function that asks for a line: with completion and history if prompt_toolkit is there."""
    try:
        from prompt_toolkit import PromptSession
        from prompt_toolkit.completion import Completer
        from prompt_toolkit.completion import Completion as Shown
        from prompt_toolkit.history import FileHistory, InMemoryHistory
    except ImportError:
        say(f"for completion and history: {INSTALL}")
        return lambda: input("fgps> ")

    from fgps.cli.repl_commands import COMMANDS
    from fgps.interactive.complete import complete

    class _Completer(Completer):
        def get_completions(self, document: Any, event: Any) -> Iterator[Any]:
            for found in complete(session, document.text_before_cursor, tuple(COMMANDS)):
                yield Shown(found.text, -found.replaces, display_meta=found.about)

    path = _history_file()
    asking: PromptSession[str] = PromptSession(
        history=InMemoryHistory() if path is None else FileHistory(str(path)),
        completer=_Completer(),
        complete_while_typing=False,
        bottom_toolbar=lambda: _status(session),
    )
    return lambda: asking.prompt("fgps> ")


def _status(session: Session) -> str:
    """The line below the prompt."""
    from fgps.lang.printer import print_term

    steps = len(session.history)
    asked = session.problem.goal
    text = "" if asked is None else print_term(asked.term, "infix")
    goal = session.goal
    reached = "open"
    if goal.reached:
        reached = "reached" if goal.value is None else f"= {goal.value.to_text()}"
    return f" {session.problem.name} | find {text}: {reached} | {steps} step{'' if steps == 1 else 's'}"


def _history_file() -> Path | None:
    """Where lines are remembered; None if nothing can be written there."""
    base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    folder = Path(base) / "fgps"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "repl_history"
        path.touch(mode=0o600)
    except OSError:
        return None
    return path
