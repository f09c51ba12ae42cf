"""One proof, every form: what ``fgps show`` and notebooks use."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fgps.diagram.model import Diagram
from fgps.problem.model import Problem
from fgps.render.graph import to_dot, to_svg
from fgps.render.latex import to_latex
from fgps.render.markdown import to_markdown
from fgps.render.page import to_html
from fgps.render.plain import to_text
from fgps.render.reading import Reading, read_proof

FORMATS: Final = ("text", "md", "tex", "svg", "dot", "html")


@dataclass
class Shown:
    """A problem with its proof, ready to be shown.

    In a notebook it shows as its page (``_repr_html_``) or its figure (``_repr_svg_``).
    """

    reading: Reading
    language: str = "en"
    diagram: Diagram | None = None
    _looked: bool = field(default=False, repr=False)

    def to(self, form: str, view: str = "proof", theme: str = "light") -> str:
        """The proof as one of `FORMATS` (ValueError otherwise).

        ``svg`` and ``dot`` show the graph: ``view`` is ``proof`` or ``hypertree``, ``theme`` ``light``,
        ``dark`` or ``print``.  ``svg`` may raise `GraphvizMissing`.
        """
        if form == "dot":
            return to_dot(self.reading, view, self.language, theme)
        if form == "svg":
            return to_svg(self.reading, view, self.language, theme)
        makers = {"text": to_text, "md": to_markdown, "tex": to_latex, "html": to_html}
        if form not in makers:
            raise ValueError(f"there is no form {form}; the forms are {', '.join(FORMATS)}")
        return makers[form](self.reading, self.language, self.figure_models())

    def figure_models(self) -> Diagram | None:
        """Models of the problem for its figure, looked for once; None if there are none."""
        if self.diagram is None and not self._looked:
            from fgps.render.figure import readable_diagram

            self._looked = True
            found = readable_diagram(self.reading.problem)
            self.diagram = found if found.count else None
        return self.diagram

    def _repr_html_(self) -> str:
        """The page in a frame of its own, so that its styles stay there."""
        page = html.escape(self.to("html"), quote=True)
        style = "width:100%;height:44rem;border:1px solid #8884;border-radius:8px"
        return f'<iframe sandbox="allow-scripts" style="{style}" srcdoc="{page}"></iframe>'

    def _repr_svg_(self) -> str | None:
        """The figure."""
        models = self.figure_models()
        return None if models is None else figure_of(self.reading.problem, models)


def show(
    problem: Problem,
    certificate: Mapping[str, Any] | None = None,
    verdict: str = "",
    language: str = "en",
    diagram: Diagram | None = None,
) -> Shown:
    """A problem, with the proof of a certificate that the checker has accepted.

    ``verdict`` is what the checker said, or without a certificate why there is no proof.  Raises ValueError
    if the certificate cannot be read.
    """
    return Shown(read_proof(problem, certificate, verdict), language, diagram)


def figure_of(problem: Problem, diagram: Diagram) -> str:
    """The figure of a problem in its models."""
    from fgps.render.figure import figure_svg

    return figure_svg(problem, diagram)
