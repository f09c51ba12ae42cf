"""From the parts of a declaration to its node: what is missing, doubled or has a wrong value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from fgps.lang.ast import (
    NOWHERE,
    AttributeDeclaration,
    Branch,
    Call,
    Claim,
    Declaration,
    FormDeclaration,
    Number,
    PackDeclaration,
    PredicateDeclaration,
    ProblemDeclaration,
    SolutionDeclaration,
    Span,
    Term,
    Text,
    TheoremDeclaration,
)
from fgps.lang.build import Clause, Head, Raw, join
from fgps.lang.diagnostics import Diagnostic, Severity, did_you_mean, error
from fgps.lang.grammar import MAX_DEPTH, is_too_deep

KINDS: Final = ("length", "angle", "area", "ratio")

#: Clauses that hold facts (each item a call), and where a plain term may stand.
_FACTS: Final = ("needs", "means", "holds", "given", "where", "then", "construct", "image")


def assemble(raw: Raw, span: Span) -> tuple[Declaration | None, list[Diagnostic]]:
    """The declaration, and what is wrong with it (None: it cannot stand even in part)."""
    found = list(_check_terms(raw))
    declaration = _MAKERS[raw.head.word](raw.head, raw.clauses, span, found.append)
    return declaration, found


Report = Callable[[Diagnostic], None]


def _check_terms(raw: Raw) -> Iterable[Diagnostic]:
    """Facts must be calls, and nothing may be nested too deeply."""
    for clause in raw.clauses:
        terms: tuple[Term, ...] = ()
        if isinstance(clause, Claim):
            terms = (clause.fact,)
        elif isinstance(clause, Clause) and clause.keyword in (*_FACTS, "value", "find", "answer"):
            terms = tuple(clause.value) if isinstance(clause.value, list) else (clause.value,)
        is_fact = isinstance(clause, Claim) or (isinstance(clause, Clause) and clause.keyword in _FACTS)
        for term in terms:
            if is_fact and not isinstance(term, Call):
                yield not_a_fact(term.span)
            elif is_too_deep(term):
                yield too_deep(term.span)
    for clause in raw.clauses:
        if isinstance(clause, Claim) and isinstance(clause.reason, Call):
            yield from check_application(clause.reason)
        elif isinstance(clause, Call):
            yield from check_application(clause)


def not_a_fact(span: Span) -> Diagnostic:
    """A word or number where a fact is needed."""
    hint = "write a fact such as Collinear(ABC), or an equation such as x = 5"
    return error("syntax", "a fact is needed here, not a single word", span, hint)


def too_deep(span: Span) -> Diagnostic:
    """The limit of nesting is exceeded."""
    hint = "split the term into several shorter ones"
    return error("too-deep", f"terms may be nested {MAX_DEPTH} levels deep at most", span, hint)


def check_application(call: Call) -> Iterable[Diagnostic]:
    """A theorem application begins with the number of a branch."""
    first = call.args[0]
    if not isinstance(first, Number) or first.value.denominator != 1 or first.value < 1:
        hint = f"begin with the number of the branch: {call.head}(1, ...)"
        headline = "a theorem application needs the number of its branch first"
        yield error("bad-application", headline, first.span, hint)
    if is_too_deep(call):
        yield too_deep(call.span)


class _Parts:
    """The clauses of one declaration by keyword, in order."""

    def __init__(self, head: Head, clauses: Iterable[Clause | Call | Claim], report: Report) -> None:
        self.head = head
        self.clauses = [clause for clause in clauses if isinstance(clause, Clause)]
        self.report = report

    def items(self, keyword: str) -> tuple[Any, ...]:
        """The items of all clauses with this keyword, one after the other."""
        found = [item for clause in self.clauses if clause.keyword == keyword for item in clause.value]
        if keyword in _FACTS:
            found = [item for item in found if isinstance(item, Call)]
        return tuple(found)

    def pairs(self, keyword: str) -> tuple[tuple[str, str], ...]:
        """The pairs of all clauses with this keyword (sentences, texts, meta)."""
        return tuple(clause.value for clause in self.clauses if clause.keyword == keyword)

    def single(self, keyword: str) -> tuple[Any, Span]:
        """The value of a clause that may stand once, or None."""
        found = [clause for clause in self.clauses if clause.keyword == keyword]
        for again in found[1:]:
            headline = f"`{keyword}` may stand only once"
            related = ((found[0].span, "the first one is here"),)
            self.report(Diagnostic("bad-declaration", Severity.ERROR, headline, again.span, related=related))
        return (found[0].value, found[0].span) if found else (None, NOWHERE)


def _predicate(head: Head, clauses: Any, span: Span, report: Report) -> Declaration:
    parts = _Parts(head, clauses, report)
    return PredicateDeclaration(
        head.word,
        head.name,
        head.detail,
        parts.pairs("sentence"),
        parts.items("needs"),
        parts.items("same"),
        parts.items("forms"),
        parts.items("means"),
        parts.items("holds"),
        span,
        _notation(parts),
    )


def _attribute(head: Head, clauses: Any, span: Span, report: Report) -> Declaration:
    parts = _Parts(head, clauses, report)
    parameters, symbol = head.detail
    kind_term, place = parts.single("kind")
    kind = getattr(kind_term, "name", "")
    if kind_term is None:
        hint = f"add a line `kind length` (or {', '.join(KINDS[1:])})"
        report(error("bad-declaration", f"attribute {head.name} has no kind", head.span, hint))
    elif kind not in KINDS:
        hint = did_you_mean(str(kind), KINDS) or f"a kind is one of {', '.join(KINDS)}"
        report(error("bad-declaration", "unknown kind of attribute", place, hint))
    return AttributeDeclaration(
        head.name,
        parameters,
        symbol,
        parts.pairs("sentence"),
        kind if kind in KINDS else KINDS[0],
        parts.items("needs"),
        parts.items("same"),
        parts.items("forms"),
        parts.single("value")[0],
        span,
        _notation(parts),
    )


def _notation(parts: _Parts) -> str:
    text = parts.single("notation")[0]
    return text.value if isinstance(text, Text) else ""


def _form(head: Head, clauses: Any, span: Span, report: Report) -> Declaration:
    names, variadic = head.detail
    sentences = _Parts(head, clauses, report).pairs("sentence")
    return FormDeclaration(head.word, head.name, names, variadic, sentences, span)


def _theorem(head: Head, clauses: Any, span: Span, report: Report) -> Declaration:
    parts = _Parts(head, clauses, report)
    groups: list[tuple[int, Span, list[Clause]]] = []
    loose: list[Clause] = []
    for clause in parts.clauses:
        if clause.keyword == "branch":
            number = _branch_number(clause, [number for number, _, _ in groups], report)
            groups.append((number, clause.span, []))
        elif clause.keyword != "sentence":
            (groups[-1][2] if groups else loose).append(clause)
    if loose and groups:
        hint = "move the clause below a `branch`, or remove the `branch` lines"
        report(error("bad-declaration", "a clause stands before the first branch", loose[0].span, hint))
    if not groups:
        groups = [(1, loose[0].span if loose else head.span, loose)]
    branches = []
    for number, place, members in groups:
        inner = _Parts(head, members, report)
        given, where, then = inner.items("given"), inner.items("where"), inner.items("then")
        if not any(clause.keyword == "then" for clause in members):
            hint = "add a line `then ...`"
            report(error("bad-declaration", f"branch {number} of {head.name} has no conclusion", place, hint))
        last = max((item.span for item in (*given, *where, *then)), key=lambda s: s.end, default=place)
        branches.append(Branch(number, given, where, then, join(place, last)))
    return TheoremDeclaration(head.name, head.detail, parts.pairs("sentence"), tuple(branches), span)


def _branch_number(clause: Clause, before: list[int], report: Report) -> int:
    value = clause.value.value
    if value.denominator != 1 or value < 1 or int(value) in before:
        hint = "branches have different whole numbers from 1"
        report(error("bad-declaration", "bad number of a branch", clause.value.span, hint))
    return int(value)


def _pack(head: Head, clauses: Any, span: Span, report: Report) -> Declaration:
    return PackDeclaration(head.name, head.detail, _Parts(head, clauses, report).pairs("sentence"), span)


def _problem(head: Head, clauses: Any, span: Span, report: Report) -> Declaration:
    parts = _Parts(head, clauses, report)
    return ProblemDeclaration(
        head.name,
        parts.pairs("text"),
        parts.pairs("meta"),
        parts.items("construct"),
        parts.items("given"),
        parts.items("image"),
        parts.single("find")[0],
        parts.single("answer")[0],
        span,
    )


def _solution(head: Head, clauses: Any, span: Span, report: Report) -> Declaration:
    steps = tuple(step for step in clauses if not isinstance(step, Clause))
    return SolutionDeclaration(head.name, steps, span)


_MAKERS: Final[Mapping[str, Callable[[Head, Any, Span, Report], Declaration]]] = {
    "construction": _predicate,
    "basic": _predicate,
    "entity": _predicate,
    "relation": _predicate,
    "attribute": _attribute,
    "operator": _form,
    "goal": _form,
    "theorem": _theorem,
    "pack": _pack,
    "problem": _problem,
    "solution": _solution,
}
