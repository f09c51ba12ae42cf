"""Entry point of the ``fgps`` command."""

from __future__ import annotations

import typer

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)


@app.callback()
def _root() -> None:
    """A symbolic solver and proof checker for plane geometry."""


def main() -> None:
    """Run the command line."""
    app()
