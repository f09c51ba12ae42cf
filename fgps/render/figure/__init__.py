"""Figures of problems as SVG, such as a textbook prints.

`figure_svg` draws a problem, `draw_step` the same figure with the facts of one step highlighted.  The
chain: `facts` (what the givens mark), `pose` (which model, which way up), `compose` (strokes, marks,
labels), `svg` (the text).  Sizes and colours are in ``viz/figure``.
"""

from fgps.render.figure.draw import Options, draw_step, figure_svg, goal_text
from fgps.render.figure.models import readable_diagram
from fgps.render.figure.theme import THEMES, Theme, ThemeError, load_theme

__all__ = [
    "THEMES",
    "Options",
    "Theme",
    "ThemeError",
    "draw_step",
    "figure_svg",
    "goal_text",
    "load_theme",
    "readable_diagram",
]
