"""Diagnostics: what is wrong with a text, as values.

Every stage reports user mistakes as `Diagnostic` values and never raises for them; `FgpsError` is
for misuse by programmers and for files that cannot be read.  A diagnostic is rendered late:
`render` draws the caret picture, `to_json` gives the same as plain data.

The codes are part of the public interface: tools match on them, people look them up in `CODES`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from fgps.lang.ast import NOWHERE, Span

#: Every code that a diagnostic may carry, and what it means.
CODES: Final[Mapping[str, str]] = {
    # texts
    "syntax": "the text is not FGL",
    "too-long": "a text, a statement or a declaration is longer than the limit",
    "too-deep": "brackets or operators are nested deeper than the limit",
    "not-text": "the input holds control characters, so it is no text",
    "too-many": "reading stopped after many mistakes",
    "bad-declaration": "a clause of a declaration is missing, doubled or has a wrong value",
    "bad-application": "a theorem application does not begin with a branch number",
    # theories
    "unknown-predicate": "no predicate, attribute or form of this name",
    "unknown-attribute": "no attribute of this name",
    "unknown-theorem": "no theorem of this name",
    "unknown-branch": "the theorem has no branch of this number",
    "unknown-pack": "no pack of this name",
    "unknown-point": "the point is on no line, circle or shape of the construction",
    "unknown-problem": "a solution names a problem that is not there",
    "duplicate": "a name is declared twice",
    "bad-arguments": "wrong number or kind of arguments",
    "bad-theory": "declarations of a theory contradict each other",
    "no-meaning": "a predicate or attribute has no numeric meaning",
    "no-sentence": "a declaration has no sentence in a language",
    "cyclic": "the meaning of a predicate or attribute leads back to it",
    "unused": "a parameter that nothing uses",
    "unbound": "a letter that no premise of the theorem names",
    # problems
    "repaired": "a slip of the data was repaired; the message says how",
    "ignored": "a statement could not be used and was left out",
    "missing-entity": "a statement speaks of a figure that the construction does not have",
    "inconsistent": "no figure satisfies the statements",
    # solutions
    "premise-missing": "a premise of the theorem is not known",
    "false-in-diagram": "the statement is false in the figure",
    "not-derivable": "the claim does not follow by the given reason",
    "redundant": "the step gives nothing new",
    # files
    "io": "a file could not be read or written",
}


class FgpsError(Exception):
    """Misuse by a programmer, or a file that cannot be read.  Never raised for user mistakes."""


class Severity(Enum):
    """How bad it is: an error stops the stage, a warning does not, a note explains."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a text.

    ``code`` is one of `CODES`; ``headline`` is one phrase without a full stop; ``span`` is where
    (`NOWHERE` if the finding has no place); ``hint`` says what to do; ``notes`` add facts;
    ``related`` are further places of the same text with their labels.
    """

    code: str
    severity: Severity
    headline: str
    span: Span = NOWHERE
    source_name: str = ""
    notes: tuple[str, ...] = ()
    hint: str = ""
    related: tuple[tuple[Span, str], ...] = ()

    def __str__(self) -> str:
        where = f"{self.source_name or '<text>'}:{self.span.line}:{self.span.column}: "
        return f"{where if self.span.line else ''}{self.severity.value}[{self.code}]: {self.headline}"


def error(
    code: str, headline: str, span: Span = NOWHERE, hint: str = "", source_name: str = ""
) -> Diagnostic:
    """An error without notes: the common case."""
    return Diagnostic(code, Severity.ERROR, headline, span, source_name, (), hint)


def render(diagnostic: Diagnostic, source_text: str = "") -> str:
    """The diagnostic as text: headline, the line with a caret under it, notes and the hint.

    ``source_text`` is the whole text that the spans point into; without it there is no picture.
    """
    lines = [f"{diagnostic.severity.value}[{diagnostic.code}]: {diagnostic.headline}"]
    pictured = [(diagnostic.span, ""), *diagnostic.related]
    numbers = [span.line for span, _ in pictured if span.line]
    gutter = max((len(str(number)) for number in numbers), default=1)
    if diagnostic.span.line:
        where = f"{diagnostic.span.line}:{diagnostic.span.column}"
        lines.append(f"{' ' * gutter}--> {diagnostic.source_name or '<text>'}:{where}")
    for span, label in pictured:
        if span.line and source_text:
            lines += _picture(span, label, source_text, gutter)
    lines += [f"{' ' * gutter} = note: {note}" for note in diagnostic.notes]
    if diagnostic.hint:
        lines.append(f"{' ' * gutter} = help: {diagnostic.hint}")
    return "\n".join(lines)


#: The longest piece of a source line that a picture shows, in characters.
_WIDTH: Final = 100


def _picture(span: Span, label: str, text: str, gutter: int) -> list[str]:
    """The source line of ``span`` with a caret line under it."""
    start = min(max(span.start, 0), len(text))
    begin = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", start)
    line = text[begin : len(text) if stop < 0 else stop]
    left = start - begin
    width = max(1, min(span.end, begin + len(line)) - start)
    if len(line) > _WIDTH:  # show the part around the caret
        cut = max(0, min(left - _WIDTH // 2, len(line) - _WIDTH))
        line, left = line[cut : cut + _WIDTH], left - cut
        width = min(width, _WIDTH - left)
    shown = "".join(c if c.isprintable() else " " if c == "\t" else "\N{REPLACEMENT CHARACTER}" for c in line)
    padding = "".join("\N{IDEOGRAPHIC SPACE}" if _is_wide(c) else " " for c in shown[:left])
    carets = "^" * max(1, width)
    empty = " " * gutter
    return [
        f"{empty} |",
        f"{span.line:>{gutter}} | {shown}",
        f"{empty} | {padding}{carets}{' ' + label if label else ''}",
    ]


def _is_wide(character: str) -> bool:
    """Whether terminals draw the character two columns wide (CJK and full-width forms)."""
    return "\u1100" <= character <= "\u115f" or "\u2e80" <= character <= "\uffe6"


def to_json(diagnostic: Diagnostic) -> dict[str, object]:
    """The diagnostic as plain data for `json.dumps`; the keys are a public format."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity.value,
        "headline": diagnostic.headline,
        "source": diagnostic.source_name,
        "span": _span_json(diagnostic.span),
        "notes": list(diagnostic.notes),
        "hint": diagnostic.hint,
        "related": [{"span": _span_json(span), "label": label} for span, label in diagnostic.related],
    }


def _span_json(span: Span) -> dict[str, int] | None:
    if not span.line:
        return None
    return {"start": span.start, "end": span.end, "line": span.line, "column": span.column}


def near(name: str, candidates: Iterable[str], limit: int = 3) -> tuple[str, ...]:
    """The candidates that ``name`` may be a slip of, nearest first (ties: alphabetical).

    The distance is Damerau's (insert, delete, replace, swap two neighbours), case ignored;
    about one slip in four letters is forgiven.  Long names are cut, so that hostile input is cheap.
    """
    word = name.lower()[:80]
    allowed = max(1, len(word) // 4)
    found = []
    for candidate in candidates:
        other = candidate.lower()
        if abs(len(word) - len(other)) <= allowed:
            distance = _distance(word, other, allowed)
            if distance <= allowed:
                found.append((distance, candidate))
    return tuple(candidate for _, candidate in sorted(set(found))[:limit])


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """The hint ``did you mean A or B?``, or an empty string."""
    found = near(name, candidates)
    return f"did you mean {' or '.join(found)}?" if found else ""


def _distance(a: str, b: str, limit: int) -> int:
    """Damerau-Levenshtein distance of two words (adjacent swaps); above ``limit`` any larger number."""
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
        before, previous = previous, row
    return previous[-1]
