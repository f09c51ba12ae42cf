"""Notebooks: ``%load_ext fgps.render.jupyter`` shows problems as their figures.

What `fgps.api` returns (`Loaded`, `Outcome`) shows itself without this.
"""

from __future__ import annotations

from typing import Any

from fgps.problem.model import Problem
from fgps.render.show import show


def problem_svg(problem: Problem) -> str | None:
    """The figure of a problem; None if no figure was found."""
    return show(problem)._repr_svg_()


def problem_html(problem: Problem) -> str:
    """The page of a problem without a proof."""
    return show(problem, verdict="not looked for")._repr_html_()


def load_ipython_extension(ipython: Any) -> None:
    """Called by IPython when the extension is loaded."""
    formatters = ipython.display_formatter.formatters
    formatters["image/svg+xml"].for_type(Problem, problem_svg)
    formatters["text/html"].for_type(Problem, problem_html)
