"""One line or one JSON object of a solution as a `Step`.

A line is a theorem application, a claim with or without a reason, an application with what it gives, or
the four parts ``number; application; premises; [conclusions]``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from fgps.lang.ast import NOWHERE, Span
from fgps.theory.model import Theory
from fgps.verify.applications import Found, read_application
from fgps.verify.solution import MAX_STEP, Readings, Repair, Step
from fgps.verify.statements import StatementReader

_NUMBERING: Final = re.compile(
    r"\s*(?:(?:step|第)\s*\d{1,4}\s*步?\s*[.:)：、\-]*\s*|\(?\d{1,4}\s*[.):：、](?!\d)\s*|\[\d{1,4}\]\s*"
    r"|\d{1,4}\s+(?=[A-Za-z]+_)|[-*•▪+]\s+|[∴∵]\s*)",
    re.IGNORECASE,
)
_CLAIM: Final = re.compile(r"\s*claim\s+", re.IGNORECASE)
_REASON: Final = re.compile(
    r"\s*(?:\bby\b|\bbecause(?: of)?\b|\bsince\b|\busing\b|\bfrom\b|\bvia\b|<-|←|⇐)\s*:?\s*", re.IGNORECASE
)
_GIVES: Final = re.compile(
    r"\s*(?:=>|->|⇒|→|⟹|∴|:|：|\bgives\b|\bhence\b|\btherefore\b|\bso\b)\s*", re.IGNORECASE
)
_CALCULATION: Final = re.compile(
    r"(?:by\s+)?(?:the\s+)?(?:algebra|arithmetic|substitution|calculation|simplification|given|definition)s?\.?",
    re.IGNORECASE,
)
#: What makes a line worth reading as a formula.
_FORMULA: Final = re.compile(r"[=＝<>≤≥∠△∆∥⊥≅≌∽⌒⊙]|//|\\[a-z]+|[A-Za-z]\w*\s*\(")


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a step needs."""

    theory: Theory
    statements: StatementReader

    def line(self, text: str, number: int, span: Span = NOWHERE) -> list[Step]:
        """The steps of one line; none if the line is prose without a formula."""
        if len(text) > MAX_STEP:
            shown = text[:80] + "..."
            problem = f"a step may have {MAX_STEP:,} characters at most, this one has {len(text):,}"
            return [Step(number, shown, span, problem=problem)]
        repairs: list[Repair] = []
        body = text.strip()
        if (match := _NUMBERING.match(body)) is not None and match.end() < len(body):
            repairs.append(Repair("numbering", f"{match[0].strip()} before the step was left out"))
            body = body[match.end() :].strip()
        blank = Step(number, text.strip(), span, repairs=tuple(repairs))
        parts = split(body, ";；")
        if len(parts) > 2:
            four = self._four_parts(parts, blank)
            if four is not None:
                return [four]
        return self._free(body, blank)

    def mapping(self, item: Mapping[str, object], number: int) -> list[Step]:
        """A step that is a JSON object (``solution.schema.json`` names the keys)."""
        text = " ".join(f"{key}: {value}" for key, value in item.items())[:MAX_STEP]
        blank = Step(number, text)
        premises = self._statements(item.get("premises"))
        claims = self._statements(item.get("conclusions", item.get("claim")))
        reason = item.get("theorem", item.get("reason", item.get("step")))
        for listed in (premises, claims):
            if listed.problem:
                return [replace(blank, problem=listed.problem, hint=listed.hint)]
        step = replace(
            blank,
            claims=claims.facts,
            premises=premises.facts,
            repairs=tuple(dict.fromkeys((*premises.repairs, *claims.repairs))),
        )
        if reason is None or not str(reason).strip():
            return [step if step.claims else replace(blank, problem="the step has no theorem and no claim")]
        spelled = str(reason).strip()
        if "args" in item and "(" not in spelled:
            words = item["args"]
            listed_words = words if isinstance(words, list) else str(words).split(",")
            branch = item.get("branch")
            numbered = [] if branch is None else [str(branch)]
            spelled = f"{spelled}({','.join([*numbered, *map(str, listed_words)])})"
        if "(" not in spelled and not step.claims:
            return self.line(spelled, number)
        return [self._with_reason(step, spelled)]

    # Lines ----------------------------------------------------------------------------------

    def _free(self, body: str, blank: Step) -> list[Step]:
        claim = _CLAIM.match(body)
        if claim is not None:
            return [self._claim(body[claim.end() :], blank)]
        cut = _reason_at(body)
        if cut is not None and _FORMULA.search(body[: cut.start()]):
            if read_application(body[: cut.start()], self.theory) is None:
                return [self._claim(body, blank)]
        found = read_application(body, self.theory)
        if found is None:
            return [self._claim(body, blank)] if _FORMULA.search(body) else []
        before = body[: found.start].strip()
        step = self._applied(found, blank)
        rest = body[found.end :].strip(" .,;。，；")
        if before:
            note = Repair("trailing", f"{_short(before)} before the theorem was left out")
            step = replace(step, repairs=(*step.repairs, note))
        if not rest:
            return [step]
        arrow = _GIVES.match(rest)
        following = rest[arrow.end() :] if arrow is not None else rest
        if (again := read_application(following, self.theory)) is not None and again.call is not None:
            return [step, *self._free(following, replace(blank, number=blank.number + 1, repairs=()))]
        if arrow is not None and _FORMULA.search(following):
            listed = self._statements(following)
            if not listed.problem:
                repairs = (*step.repairs, *listed.repairs)
                return [replace(step, claims=listed.facts, repairs=repairs)]
        note = Repair("trailing", f"{_short(rest)} behind the theorem was left out")
        return [replace(step, repairs=(*step.repairs, note))]

    def _four_parts(self, parts: list[str], blank: Step) -> Step | None:
        """``number; application; premises; [conclusions]``; the number may be missing."""
        first = 1 if parts[0].strip().rstrip(".").isdecimal() or not parts[0].strip() else 0
        found = read_application(parts[first], self.theory)
        if found is None or not 1 <= len(parts) - first - 1 <= 3:
            return None
        step = self._applied(found, blank)
        premises = self._statements(parts[first + 1])
        claims = self._statements("; ".join(parts[first + 2 :]).strip().strip("[]"))
        repairs = [*step.repairs, *premises.repairs, *claims.repairs]
        if premises.problem and parts[first + 1].strip(" []"):
            message = f"the list of premises was left out: {premises.problem}"
            repairs.append(Repair("premises", message))
        if claims.problem and "".join(parts[first + 2 :]).strip(" []"):
            repairs.append(Repair("premises", f"the list of conclusions was left out: {claims.problem}"))
        return replace(
            step, premises=premises.facts, claims=claims.facts, repairs=tuple(dict.fromkeys(repairs))
        )

    def _claim(self, body: str, blank: Step) -> Step:
        """``FACT [by REASON]``."""
        cut = _reason_at(body)
        fact, reason = (body[: cut.start()], body[cut.end() :]) if cut is not None else (body, "")
        read = self._statements(fact)
        if read.problem:
            return replace(blank, problem=f"{_short(fact.strip())}: {read.problem}", hint=read.hint)
        step = replace(blank, claims=read.facts, repairs=(*blank.repairs, *read.repairs))
        return self._with_reason(step, reason.strip()) if reason.strip() else step

    def _with_reason(self, step: Step, reason: str) -> Step:
        if _CALCULATION.fullmatch(reason):
            return replace(step, by_algebra=True)
        found = read_application(reason, self.theory)
        if found is not None:
            return self._applied(found, step)
        note = Repair(
            "trailing", f"the reason {_short(reason)} names no theorem with its points; it was left out"
        )
        return replace(step, repairs=(*step.repairs, note))

    def _applied(self, found: Found, step: Step) -> Step:
        repairs = tuple(dict.fromkeys((*step.repairs, *found.repairs)))
        if found.call is None:
            return replace(step, claims=(), premises=(), problem=found.problem, hint=found.hint)
        return replace(step, application=found.call, repairs=repairs)

    def _statements(self, value: object) -> _Listed:
        """A list of statements: a JSON list, or a text with commas between them."""
        if value is None:
            return _Listed((), (), "")
        items = value if isinstance(value, list) else split(str(value).strip(), ",;&∧，；、\n")
        facts: list[Readings] = []
        repairs: list[Repair] = []
        for item in items[:100]:
            text = re.sub(r"^and\s+", "", str(item).strip().strip("[]\"'`").strip())
            if not text:
                continue
            if len(text) > MAX_STEP:
                return _Listed((), (), "a statement is too long")
            read = self.statements.read(text)
            if read.problem:
                return _Listed(
                    (), (), f"{_short(text)}: {read.problem}" if len(items) > 1 else read.problem, read.hint
                )
            facts += read.facts
            repairs += read.repairs
        return _Listed(tuple(facts), tuple(dict.fromkeys(repairs)), "" if facts else "there is no statement")


@dataclass(frozen=True, slots=True)
class _Listed:
    facts: tuple[Readings, ...]
    repairs: tuple[Repair, ...]
    problem: str
    hint: str = ""


def split(text: str, separators: str) -> list[str]:
    """``text`` cut at separators outside brackets (a bracket around the whole does not count)."""
    body = text.strip()
    if len(body) > 1 and body[0] == "[" and body[-1] == "]":
        body = body[1:-1]
    parts, depth, start = [], 0, 0
    for i, sign in enumerate(body):
        if sign in "([（【{":
            depth += 1
        elif sign in ")]）】}":
            depth = max(0, depth - 1)
        elif sign in separators and depth == 0:
            parts.append(body[start:i])
            start = i + 1
    return [*parts, body[start:]]


def _reason_at(body: str) -> re.Match[str] | None:
    """Where the reason of a claim begins: the first such word outside brackets."""
    for match in _REASON.finditer(body):
        before = body[: match.start()]
        if before.strip() and before.count("(") == before.count(")"):
            return match
    return None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."
