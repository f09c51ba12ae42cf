"""What to tell somebody whose text does not parse.

`explain` looks at the place where the parser stopped, what stands around it and what could have
stood there; `_RULES` is the table of common mistakes, tried from top to bottom.  Where no
rule fits, the diagnostic lists what was expected, in words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from lark import Token

from fgps.lang.ast import Span
from fgps.lang.build import MAX_DIGITS, span_of
from fgps.lang.diagnostics import Diagnostic, Severity, did_you_mean
from fgps.lang.grammar import MAX_DEPTH, Failure
from fgps.lang.scan import CLAUSES, HEADS, KEYWORDS

#: What people write in texts and what FGL writes.
_SPELLINGS: Final = {
    "，": ",", "、": ",", "；": ",", "。": ".", "．": ".", "：": ":", "（": "(", "）": ")",
    "＝": "=", "＋": "+", "－": "-", "−": "-", "–": "-", "—": "-", "×": "*", "·": "*", "∙": "*",
    "⋅": "*", "＊": "*", "÷": "/", "／": "/", "≤": "<=", "≥": ">=", "≠": "!=", "＜": "<", "＞": ">",
    "²": "**2", "³": "**3", "√": "sqrt(...)", "½": "1/2", "“": '"', "”": '"', "’": "'", "′": "'",
    "‘": "'", "…": "...", "^": "**", "[": "(", "]": ")", "{": "(", "}": ")", "【": "(", "】": ")",
    ";": ",", "&": ",", "\\": "/",
}  # fmt: skip

#: Signs of other notations, and what to write instead.
_SIGNS: Final = {
    "°": "leave the sign out: angles are in degrees",
    "∠": "a measure is an attribute of points, written as a call",
    "△": "a figure is named by a predicate of its points, written as a call",
    "⊥": "relations are predicates, written as calls",
    "∥": "relations are predicates, written as calls",
    "∽": "relations are predicates, written as calls",
    "≌": "relations are predicates, written as calls",
    "≅": "relations are predicates, written as calls",
    "!": "`different` is written `!=`",
    "|": "write the cases as branches of their own",
    "~": "there is no negation; a strict inequality may stand in a `where` clause",
    "$": "formulas are written plainly, without $",
}

#: Terminal -> words.  Terms and operators are put together in `_expected`.
_WORDS: Final = {
    "OPEN": "`(`",
    "CLOSE": "`)`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "ELLIPSIS": "`...`",
    "COMPARE": "a comparison (`=`, `<`, ...)",
    "POINTS": "points",
    "NUMBER": "a number",
    "SYMBOL": "a word",
    "STRING": "a text in quotes",
    "NAME": "a name with arguments in brackets",
    "SYMBOL_KEYWORD": "`symbol`",
    "$END": "the end",
}
_TERM: Final = frozenset(("POINTS", "NUMBER", "SYMBOL", "NAME", "OPEN", "MINUS"))
_OPERATORS: Final = frozenset(("PLUS", "MINUS", "TIMES", "DIVIDE", "RAISE"))
_TERM_STARTS: Final = _TERM | {"STRING"}
_TERM_ENDS: Final = frozenset(("POINTS", "NUMBER", "SYMBOL", "CLOSE", "STRING"))


@dataclass(frozen=True, slots=True)
class _Place:
    """A failure with what the rules look at."""

    failure: Failure
    text: str
    end: int
    family: str
    opened: tuple[Token, ...]

    @property
    def token(self) -> Token | None:
        return self.failure.token

    @property
    def kind(self) -> str:
        return self.token.type if self.token is not None else "$END"

    @property
    def word(self) -> str:
        return str(self.token) if self.token is not None else ""

    @property
    def previous(self) -> Token | None:
        return self.failure.previous

    @property
    def before(self) -> str:
        """The terminal of the token before; empty at the beginning."""
        return self.previous.type if self.previous is not None else ""

    @property
    def accepts(self) -> frozenset[str]:
        return self.failure.accepts

    @property
    def adjacent(self) -> bool:
        """Whether no white space stands between the two tokens."""
        return (
            self.token is not None
            and self.previous is not None
            and self.previous.end_pos == self.token.start_pos
        )

    @property
    def behind(self) -> str:
        """The text behind the token, as far as it was to be parsed."""
        return self.text[(self.token.end_pos or 0) if self.token is not None else self.end : self.end].strip()

    @property
    def first_on_line(self) -> bool:
        """Whether the token begins a line (not the first line of the text)."""
        return (
            self.token is not None
            and (self.token.line or 0) > 1
            and (self.previous is None or self.token.line != self.previous.line)
        )


#: A finding of a rule: headline, hint, and places to show beside the main one.
_Finding = tuple[str, str] | tuple[str, str, Token]
_Rule = Callable[[_Place], _Finding | None]


def explain(failure: Failure, text: str, end: int, family: str = "") -> Diagnostic:
    """The diagnostic for a failed parse.

    ``end`` is where the text (or the part of it that was parsed) ends; ``family`` is the family of
    the declaration, empty for a single statement.
    """
    opened: list[Token] = []
    for token in failure.tokens[: failure.index]:
        if token.type == "OPEN":
            opened.append(token)
        elif token.type == "CLOSE" and opened:
            opened.pop()
    place = _Place(failure, text, end, family, tuple(opened))
    span = _span(place)
    if failure.limit:
        return _limit(failure.limit, span)
    for rule in _RULES:
        finding = rule(place)
        if finding is not None:
            headline, hint = finding[:2]
            related = ((span_of(finding[2]), "opened here"),) if len(finding) == 3 else ()
            return Diagnostic("syntax", Severity.ERROR, headline, span, "", (), hint, related)
    headline = f"unexpected {_quoted(place)}" if place.token is not None else "the text ends too early"
    expected = _expected(place.accepts)
    hint = f"expected {expected}" if expected else ""
    return Diagnostic("syntax", Severity.ERROR, headline, span, "", (), hint)


def _limit(limit: str, span: Span) -> Diagnostic:
    if limit == "depth":
        headline = f"brackets may be nested {MAX_DEPTH} levels deep at most"
        return Diagnostic("too-deep", Severity.ERROR, headline, span, hint="split the term into shorter ones")
    return Diagnostic("too-long", Severity.ERROR, f"a number may have {MAX_DIGITS} digits at most", span)


def _span(place: _Place) -> Span:
    """The offending token; at the end, the place behind the last token (or the last character)."""
    if place.token is not None:
        return span_of(place.token)
    last = place.previous
    if last is None:
        return Span(0, 0, 1, 1)
    at = last.end_pos or 0
    return Span(at, at + 1, last.line or 1, (last.column or 1) + at - (last.start_pos or 0))


def _quoted(place: _Place) -> str:
    word = place.word if len(place.word) <= 30 else place.word[:30] + "..."
    if place.kind == "STRING":
        return "text in quotes"
    return f"`{word}`" if word.isprintable() else f"character U+{ord(word[0]):04X}"


def _expected(accepts: frozenset[str]) -> str:
    """What could stand there, in words."""
    rest = set(accepts)
    words = []
    if rest >= _TERM:
        words.append("a term (points, a number, a symbol, a call such as Angle(ABC))")
        rest -= _TERM | {"STRING"}
    if rest >= _OPERATORS:
        words.append("an operator")
        rest -= _OPERATORS
    if rest >= {"STRING", "SYMBOL"} and len(rest) > 3:  # a sentence fits between clauses: not worth a word
        rest -= {"STRING", "SYMBOL"}
    clauses = sorted(t for t in rest if t not in _WORDS)
    words += [_WORDS[terminal] for terminal in _WORDS if terminal in rest]
    words += [f"`{terminal.lower()}`" for terminal in clauses]
    return " or ".join(words) if len(words) < 3 else ", ".join(words[:-1]) + " or " + words[-1]


def _empty(place: _Place) -> _Finding | None:
    if place.token is None and place.previous is None:
        return "the text is empty", "write a fact such as Collinear(ABC), or a term"
    return None


def _other_spelling(place: _Place) -> _Finding | None:
    """Full-width signs, mathematical signs, other brackets."""
    if place.kind != "JUNK":
        return None
    sign = place.word[0]
    if sign in _SPELLINGS:
        return f"`{sign}` is not a sign of FGL", f"write `{_SPELLINGS[sign]}`"
    if sign in _SIGNS:
        return f"`{sign}` is not a sign of FGL", _SIGNS[sign]
    return None


def _unclosed_quote(place: _Place) -> _Finding | None:
    if place.kind == "JUNK" and place.word == '"':
        hint = 'close the text with `"` on the same line; write \\" for quotes inside'
        return "the quotes are not closed", hint
    if place.kind == "JUNK" and place.word == "'":
        return "`'` does not fit here", "texts stand in `\"`; primes belong to a capital letter, such as O'"
    return None


def _dot(place: _Place) -> _Finding | None:
    if place.word not in (".", "...") or place.kind not in ("JUNK", "ELLIPSIS"):
        return None
    if place.before == "NUMBER":
        return "a decimal number needs digits after the dot", "write 6.5 or 6"
    if place.opened:
        return "a dot where a comma is needed", "separate arguments with `,`"
    return "a dot does not fit here", "statements end without a dot; several are separated by `,`"


def _junk(place: _Place) -> _Finding | None:
    if place.kind == "JUNK":
        hint = "remove it, or write the fact with predicates and operators"
        return f"{_quoted(place)} is not a sign of FGL", hint
    return None


def _double_equals(place: _Place) -> _Finding | None:
    if place.kind == "COMPARE" and place.before == "COMPARE" and place.adjacent:
        signs = f"{place.previous}{place.word}"
        if signs == "==":
            return "`==` is not a sign of FGL", "equality is written with a single `=`"
        return f"`{signs}` is not a sign of FGL", "comparisons are = != < > <= >="
    return None


def _chain(place: _Place) -> _Finding | None:
    if place.kind != "COMPARE" or place.before not in _TERM_ENDS:
        return None
    before = [token.type for token in place.failure.tokens[: place.failure.index]]
    signs = [kind for kind in before if kind in ("COMPARE", "COMMA")]
    if signs and signs[-1] == "COMPARE":
        return "comparisons cannot be chained", "write two comparisons: a = b, b = c"
    return None


def _trailing_comma(place: _Place) -> _Finding | None:
    if place.kind == "COMMA" and not place.family and not place.opened and place.before in _TERM_ENDS:
        if not place.behind:
            return "the statement ends with a comma", "remove the comma"
        return "a comma after a complete statement", "write one statement only"
    if place.before != "COMMA":
        return None
    if place.kind == "CLOSE":
        return "a comma before `)`", "remove the comma, or write the argument that is missing"
    if place.kind == "COMMA":
        return "two commas in a row", "remove one, or write the argument that is missing"
    if place.token is None:
        what = "clause" if place.family else "text"
        return f"the {what} ends with a comma", "remove the comma, or write what should follow"
    return None


def _empty_brackets(place: _Place) -> _Finding | None:
    if place.kind == "CLOSE" and place.before == "OPEN":
        return "empty brackets", "write at least one argument"
    return None


def _extra_close(place: _Place) -> _Finding | None:
    if place.kind == "CLOSE" and not place.opened:
        return "`)` without a `(`", "remove it, or open the bracket before"
    return None


def _unclosed(place: _Place) -> _Finding | None:
    if not place.opened:
        return None
    starts_clause = place.first_on_line and place.word in KEYWORDS.get(place.family, {})
    at_colon = place.kind == "COLON"
    if place.token is None or starts_clause or at_colon:
        return "a bracket is not closed", "add `)`", place.opened[-1]
    return None


def _missing_colon(place: _Place) -> _Finding | None:
    if "COLON" in place.accepts and place.kind != "JUNK" and (place.first_on_line or place.token is None):
        return "`:` is missing after the head", "end the head of the declaration with a colon"
    return None


def _lower_case_points(place: _Place) -> _Finding | None:
    if place.accepts <= {"POINTS", "ELLIPSIS"} and place.kind in ("SYMBOL", "NAME"):
        capital = place.word.upper()
        return f"`{place.word}` is no word of points", f"points are capital letters: write {capital}"
    return None


def _misspelt_keyword(place: _Place) -> _Finding | None:
    """A word at the start of a line that is nearly a clause keyword; or one that belongs elsewhere."""
    if place.family not in CLAUSES or place.token is None or place.kind not in ("SYMBOL", "NAME", "POINTS"):
        return None
    words = CLAUSES[place.family]
    begins = place.first_on_line or place.previous is None
    candidates = [place.token] if begins else []
    if place.previous is not None and place.failure.index == 1:
        candidates.append(place.previous)  # the parser took the word for a symbol, and stumbled behind it
    for token in candidates:
        word = str(token)
        hint = did_you_mean(word, words) if word not in words else ""
        if hint:
            return f"unknown clause `{word}`", hint
        elsewhere = sorted(family for family, others in CLAUSES.items() if word in others)
        if elsewhere and place.family not in elsewhere:
            hint = f"its clauses are {', '.join(words) or 'sentences'}"
            return f"`{word}` is no clause of a {place.family}", hint
        if word in HEADS and word not in words:
            return f"`{word}` begins a declaration", "a declaration begins at the start of a line"
    return None


def _missing_between(place: _Place) -> _Finding | None:
    """Two terms side by side: a comma or an operator is missing."""
    if place.kind not in _TERM_STARTS or place.before not in _TERM_ENDS or place.token is None:
        return None
    if place.before == "NUMBER" and place.kind in ("SYMBOL", "NAME", "OPEN", "POINTS"):
        product = f"{place.previous}*{place.word}"
        return "an operator is missing after the number", f"a product is written with `*`: {product}"
    if place.before == "CLOSE" and place.kind == "OPEN":
        return "an operator is missing between the brackets", "a product is written with `*`"
    if "COMMA" in place.accepts:
        what = "arguments" if place.opened else "items"
        return f"a comma is missing between two {what}", f"write `,` before {_quoted(place)}"
    if not place.family:
        hint = "write one statement only; or is an operator missing?"
        return f"{_quoted(place)} follows a complete statement", hint
    return None


_RULES: Final[tuple[_Rule, ...]] = (
    _empty,
    _other_spelling,
    _unclosed_quote,
    _dot,
    _junk,
    _double_equals,
    _chain,
    _trailing_comma,
    _empty_brackets,
    _extra_close,
    _unclosed,
    _missing_colon,
    _lower_case_points,
    _misspelt_keyword,
    _missing_between,
)
