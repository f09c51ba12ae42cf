"""How pieces of text and formulas are spelled: plain Unicode, Markdown, HTML, LaTeX.

A dialect spells single things (a point, a root, a piece of running text); what a formula consists
of is decided in ``formulas.py``, the same for all of them.
"""

from __future__ import annotations

import html
import re
from typing import Final

_NAME: Final = re.compile(r"([A-Za-z\u0370-\u03ff]+)_?(\d*)('*)")
_LOW: Final = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_HIGH: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_PRIMES: Final = {"'": "′"}


def _parts(name: str) -> tuple[str, str, str]:
    """Letters, index and primes of a name: ``A1'`` gives A, 1, '."""
    found = _NAME.fullmatch(name)
    return (name, "", "") if found is None else (found[1], found[2], found[3])


class Dialect:
    """Plain Unicode text; the other dialects change what differs."""

    name = "plain"
    #: Between the factors of a product, and around signs.
    times = "·"
    #: Between a function and its angle, where a line must not break.
    space = " "
    #: Whether fractions stand one above the other.
    stacks = False

    def text(self, text: str) -> str:
        """Running text."""
        return text

    def math(self, formula: str) -> str:
        """A formula within running text."""
        return formula

    def point(self, name: str) -> str:
        """The name of a point."""
        letters, index, primes = _parts(name)
        return letters + index.translate(_LOW) + "′" * len(primes)

    def symbol(self, name: str) -> str:
        """A free symbol."""
        return "π" if name == "pi" else self.point(name)

    def word(self, words: str) -> str:
        """A word inside a formula (``sin``)."""
        return words

    def number(self, digits: str) -> str:
        """A decimal or whole number."""
        return digits

    def sign(self, character: str) -> str:
        """A sign such as ∠ or ≤ inside a formula."""
        return character

    def arc(self, formula: str) -> str:
        """The arc between two points."""
        return f"⌒{formula}"

    def index(self, formula: str) -> str:
        """A subscript."""
        bare = formula[:1] in "△⊙⌒" and "," not in formula and ":" not in formula
        return formula if bare else f"({formula})"

    def power(self, base: str, exponent: str) -> str:
        """A power; the base stands in brackets already if it needs them."""
        if exponent.isdigit():
            return base + exponent.translate(_HIGH)
        return f"{base}^{exponent}" if exponent.isalpha() else f"{base}^({exponent})"

    def root(self, inside: str, single: bool) -> str:
        """A square root; ``single``: of one number or name."""
        return f"√{inside}" if single else f"√({inside})"

    def fraction(self, top: str, bottom: str, top_single: bool, bottom_single: bool) -> str:
        """A quotient; ``single``: that part needs no brackets on a line."""
        above = top if top_single else f"({top})"
        below = bottom if bottom_single else f"({bottom})"
        return f"{above}/{below}"

    def degrees(self, formula: str) -> str:
        """A number of degrees."""
        return f"{formula}°"

    def step(self, number: int) -> str:
        """The number of a step."""
        return str(number)


class Markdown(Dialect):
    """Markdown with Unicode formulas, so that it reads well as it stands."""

    name = "markdown"

    def text(self, text: str) -> str:
        # All punctuation that can begin or end a construct; what a line begins with is ours.
        return re.sub(r"([\\`*_\[\]<>#&|~$!])", r"\\\1", text)

    def math(self, formula: str) -> str:
        return re.sub(r"([\\*<>|~])", r"\\\1", formula)


class Html(Dialect):
    """HTML with fractions and roots that need a style sheet to look right, and none to be read."""

    name = "html"
    space = "\u00a0"
    stacks = True

    def text(self, text: str) -> str:
        return html.escape(text)

    def math(self, formula: str) -> str:
        return f'<span class="m">{formula.replace("</i><i>", "")}</span>'

    def point(self, name: str) -> str:
        letters, index, primes = _parts(name)
        below = f"<sub>{index}</sub>" if index else ""
        return f"<i>{html.escape(letters)}</i>{below}" + "′" * len(primes)

    def symbol(self, name: str) -> str:
        return "π" if name == "pi" else self.point(name)

    def word(self, words: str) -> str:
        return html.escape(words)

    def number(self, digits: str) -> str:
        return html.escape(digits)

    def sign(self, character: str) -> str:
        return html.escape(character)

    def arc(self, formula: str) -> str:
        return f'<span class="arc"><b>⌒</b>{formula}</span>'

    def index(self, formula: str) -> str:
        return f"<sub>{formula}</sub>"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}<sup>{exponent}</sup>"

    def root(self, inside: str, single: bool) -> str:
        return f'<span class="root">√<span>{inside}</span></span>'

    def fraction(self, top: str, bottom: str, top_single: bool, bottom_single: bool) -> str:
        # What one above the other does without is there for copies, searches and fractions in fractions.
        above = top if top_single else f"<b>(</b>{top}<b>)</b>"
        below = bottom if bottom_single else f"<b>(</b>{bottom}<b>)</b>"
        return f'<span class="frac"><span>{above}</span><b>/</b><span>{below}</span></span>'

    def step(self, number: int) -> str:
        return f'<a class="ref" href="#step-{number}" data-step="{number}">{number}</a>'


_LATEX_SIGNS: Final = {
    "∠": r"\angle{}",
    "∥": r"\parallel{}",
    "⊥": r"\perp{}",
    "≅": r"\cong{}",
    "∽": r"\sim{}",
    "∼": r"\sim{}",
    "△": r"\triangle{}",
    "⊙": r"\odot{}",
    "▱": r"\square{}",
    "⌒": r"\overset{\frown}{}",
    "ℓ": r"\ell{}",
    "≠": r"\neq{}",
    "≤": r"\leq{}",
    "≥": r"\geq{}",
    "·": r"\cdot{}",
    "×": r"\times{}",
    "−": "-",
    "°": r"^\circ{}",
    "²": "^2",
    "³": "^3",
    "√": r"\surd{}",
    "π": r"\pi{}",
    "½": r"\tfrac12{}",
    "→": r"\to{}",
    "′": "'",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "_": r"\_",
    "$": r"\$",
    "\\": r"\backslash{}",
    "^": r"\hat{}",
    "~": r"\sim{}",
}
_LATEX_TEXT: Final = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "{": r"\{",
    "}": r"\}",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "_": r"\_",
    "$": r"\$",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}
_GREEK: Final = dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΦΨΩ",
        "alpha beta gamma delta varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau "
        "upsilon varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega".split(),
        strict=True,
    )
)


class Latex(Dialect):
    """LaTeX; formulas stand in ``$...$``, and neighbouring formulas are joined (`join_formulas`)."""

    name = "latex"
    times = r" \cdot "
    stacks = True

    def text(self, text: str) -> str:
        result = []
        for character in text:
            if character in _LATEX_TEXT:
                result.append(_LATEX_TEXT[character])
            elif character in _LATEX_SIGNS or character in _GREEK:
                result.append(f"${self.sign(character)}$")
            else:
                result.append(character)
        return "".join(result)

    def math(self, formula: str) -> str:
        return f"${formula}$"

    def point(self, name: str) -> str:
        letters, index, primes = _parts(name)
        letters = "".join(f"\\{_GREEK[c]}{{}}" if c in _GREEK else c for c in letters)
        if not _NAME.fullmatch(name):
            letters = "".join(self.sign(character) for character in name)
        return letters + (f"_{{{index}}}" if index else "") + primes

    def symbol(self, name: str) -> str:
        return r"\pi{}" if name == "pi" else self.point(name)

    def word(self, words: str) -> str:
        return rf"\{words} " if words in ("sin", "cos", "tan") else rf"\mathrm{{{words}}}"

    def number(self, digits: str) -> str:
        return digits

    def sign(self, character: str) -> str:
        if character in _GREEK:
            return f"\\{_GREEK[character]}{{}}"
        return _LATEX_SIGNS.get(character, character)

    def arc(self, formula: str) -> str:
        return rf"\overset{{\frown}}{{{formula}}}"

    def index(self, formula: str) -> str:
        return f"_{{{formula}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def root(self, inside: str, single: bool) -> str:
        return rf"\sqrt{{{inside}}}"

    def fraction(self, top: str, bottom: str, top_single: bool, bottom_single: bool) -> str:
        return rf"\frac{{{top}}}{{{bottom}}}"

    def degrees(self, formula: str) -> str:
        return rf"{formula}^\circ{{}}"

    def step(self, number: int) -> str:
        return rf"\hyperlink{{step-{number}}}{{{number}}}"


def join_formulas(text: str) -> str:
    """LaTeX text in which formulas that touch are one: ``$\\angle{}$$ABC$`` becomes one formula."""
    return re.sub(r"(?<!\\)\$\$", "", text)
