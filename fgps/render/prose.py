"""A proof as paragraphs: the same content for plain text, Markdown, LaTeX and HTML.

`compose` makes a `Story` whose texts are finished in the dialect of its `Wording`; the formats only
arrange them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from fgps.diagram.model import Diagram
from fgps.lang.ast import Call, Term
from fgps.render.knowledge import Line
from fgps.render.reading import Reading, Step, shown_figure
from fgps.render.wording import Wording
from fgps.render.working import renames, work_out


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A step in words.

    ``claim`` is what it says in short, ``reason`` why, ``text`` both in one sentence, ``working`` the lines
    of the algebra, ``notes`` what was read off the figure.
    """

    number: int
    claim: str
    reason: str
    text: str
    working: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    step: Step | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Story:
    """The whole proof: ``problem`` is its text, ``task`` the goal, ``ending`` the last sentence."""

    title: str
    problem: str
    task: str
    givens: tuple[Paragraph, ...]
    steps: tuple[Paragraph, ...]
    ending: str
    headings: dict[str, str] = field(default_factory=dict)


def compose(
    reading: Reading, wording: Wording, diagram: Diagram | None = None, working: bool = True
) -> Story:
    """The paragraphs of a proof; ``working`` also works the algebra out."""
    teller = _Teller(reading, wording, diagram, working)
    givens = tuple(teller.given(step) for step in reading.givens)
    steps = tuple(teller.step(step) for step in reading.derived)
    keys = ("problem", "given", "proof", "solution", "figure", "graph", "answer")
    headings = {key: wording.heading(key) for key in keys}
    return Story(
        wording.dialect.text(_title(reading, wording)),
        wording.dialect.text(problem_text(reading, wording.language)),
        teller.task(),
        givens,
        steps,
        teller.ending(),
        headings,
    )


def _title(reading: Reading, wording: Wording) -> str:
    """The problem's name; a number alone is no title."""
    name = reading.problem.name
    return wording.named(name) if name.isdigit() else name


def problem_text(reading: Reading, language: str) -> str:
    """The problem's wording in a language, else in any, else empty."""
    texts = dict(reading.problem.declaration.texts)
    return texts.get(problem_language(reading, language), "").strip()


def problem_language(reading: Reading, language: str) -> str:
    """The language of `problem_text`."""
    texts = dict(reading.problem.declaration.texts)
    return next((one for one in (language, "en", *texts) if texts.get(one, "").strip()), language)


class _Teller:
    """Turns steps into sentences."""

    def __init__(self, reading: Reading, wording: Wording, diagram: Diagram | None, working: bool) -> None:
        self.reading = reading
        self.wording = wording
        self.diagram = diagram
        self.with_working = working

    # Beginning and end ----------------------------------------------------------------------

    def task(self) -> str:
        """What is asked."""
        goal = self.reading.problem.goal
        if goal is None:
            return ""
        if goal.kind == "value":
            return self.wording.say("step", "find", self.wording.statement(Call("Value", (goal.term,))))
        assert isinstance(goal.term, Call)
        return self.wording.say("step", "prove", self.wording.statement(goal.term))

    def ending(self) -> str:
        """The answer, that all is proved, or why nothing is."""
        if not self.reading.steps:
            return self.wording.say(
                "step", "unproved", self.wording.dialect.text(self.reading.missing or "?")
            )
        if not self.reading.answer:
            return self.wording.say("step", "proved")
        last = self.reading.steps[-1]
        answer = self.wording.statement(last.statements[0], self.reading.answer)
        if self.reading.about:
            dialect, about = self.wording.dialect, self.wording.dialect.number(self.reading.about)
            if self.wording.formulas.is_angle(last.statements[0]):
                about = dialect.degrees(about)
            answer = self.wording.say("step", "about", answer, dialect.math(about))
        return self.wording.say("step", "answer", answer)

    # Steps ----------------------------------------------------------------------------------

    def given(self, step: Step) -> Paragraph:
        """A given, with what it means."""
        claim = self.capital(step, self.claim(step))
        text = self.wording.say("step", "close", claim)
        return Paragraph(step.number, claim, "", text, (), self.notes(step), step)

    def step(self, step: Step) -> Paragraph:
        """A theorem applied, or a conclusion by algebra."""
        reason, text = self.by_theorem(step) if step.kind == "theorem" else self.by_algebra(step)
        working: tuple[str, ...] = ()
        if self.with_working:
            lines = work_out(self.reading.problem, step, self.diagram)
            if not _repeats(lines, step):
                working = tuple(self.line(line) for line in lines)
        claim = self.capital(step, self.claim(step))
        return Paragraph(step.number, claim, reason, text, working, self.notes(step), step)

    def claim(self, step: Step) -> str:
        """All that a step says."""
        said = self.wording.listed([self.wording.statement(s, step.value) for s in step.statements])
        if not step.meanings:
            return said
        meant = self.wording.listed([self.wording.statement(s) for s in step.meanings])
        return self.wording.say("step", "that_is", said, meant)

    def capital(self, step: Step, claim: str) -> str:
        """A claim that begins with a word begins a sentence."""
        worded = self.wording.formula(step.statements[0], step.value) is None
        return claim[:1].upper() + claim[1:] if worded and claim[:1].isascii() else claim

    def notes(self, step: Step) -> tuple[str, ...]:
        """What was read off the figure."""
        if not step.guards:
            return ()
        guards = self.wording.listed([self.wording.guard(guard) for guard in step.guards])
        return (self.wording.say("step", "in_figure", guards),)

    def by_theorem(self, step: Step) -> tuple[str, str]:
        """Premises and the theorem's sentence, without and with the conclusions."""
        assert step.application is not None
        wording = self.wording
        sentence = wording.theorem(step.application)
        if step.premises and sentence.conclusion:
            text = wording.say("step", "since", self.premises(step), sentence.conclusion)
        elif step.premises:
            text = wording.say("step", "by", self.references(step), sentence.clause)
        else:
            text = sentence.text
        claim = self.claim(step)
        reason = wording.say("step", "close", text)
        if step.meanings and sentence.explains and wording.formula(step.statements[0]) is None:
            # The theorem's sentence says what the statement says: only what that means is new.
            meant = wording.listed([wording.statement(s) for s in step.meanings])
            return reason, wording.say("step", "close", wording.say("step", "that_is", text, meant))
        if claim in text or not self._says_more(step, sentence.explains):
            return reason, reason
        key = "hence" if ":" in sentence.text or "：" in sentence.text else "conclude"
        return reason, wording.say("step", key, text, claim)

    def _says_more(self, step: Step, explains: bool) -> bool:
        """Whether the conclusions add something to the theorem's sentence: formulas always do."""
        if step.meanings or len(step.statements) > 1 or not explains:
            return True
        return self.wording.formula(step.statements[0]) is not None

    def by_algebra(self, step: Step) -> tuple[str, str]:
        """What follows by calculation."""
        claim = self.claim(step)
        same = [self.wording.say("step", "same", self.wording.statement(s)) for s in step.same]
        if not step.premises and not same:
            return "", self.wording.say("step", "algebra_alone", claim)
        sources = self.wording.listed([*self._numbers(step), *same])
        if renames(self.reading.problem, step):
            reason = self.wording.say("step", "renamed", sources)
            return reason, self.wording.say("step", "renamed_claim", sources, claim)
        reason = self.wording.say("step", "by_algebra", sources)
        return reason, self.wording.say("step", "algebra", sources, claim)

    def premises(self, step: Step) -> str:
        """``AB = AC (1) and BC = CD (4)``."""
        said = []
        for premise in step.premises:
            number = self.number(premise.number)
            said.append(self.wording.statement(premise.statement) + self.wording.reference(number))
        said += [self.wording.say("step", "same", self.wording.statement(s)) for s in step.same]
        said += [self.wording.statement(fact) for fact in shown_figure(step)] if not said else []
        return self.wording.listed(said)

    def references(self, step: Step) -> str:
        """``(1), (3) and (4)``."""
        return self.wording.listed(self._numbers(step))

    def _numbers(self, step: Step) -> list[str]:
        """The numbers of the premises, three or more in a row as a range."""
        rows: list[list[int]] = []
        for number in step.references:
            if rows and number == rows[-1][-1] + 1:
                rows[-1].append(number)
            else:
                rows.append([number])
        found = []
        for row in rows:
            if len(row) > 2:
                found.append(f"{self._reference(row[0])}–{self._reference(row[-1])}")
            else:
                found += map(self._reference, row)
        return found

    def _reference(self, number: int) -> str:
        return self.wording.reference(self.number(number)).strip()

    def number(self, number: int) -> str:
        """A step's number as text, in a page with a link to the step."""
        return self.wording.dialect.step(number)

    # Algebra --------------------------------------------------------------------------------

    def line(self, line: Line) -> str:
        """A line of the working."""
        wording, math = self.wording, self.wording.dialect.math
        parts = []
        chain, result = line.chain, line.result
        if chain and result and chain[0] == result[0]:
            chain, result = (*chain, *result[1:]), ()  # a = b, so a = c: a = b = c
        first, second = self.chain(chain), self.chain(result)
        if first:
            parts.append(math(first))
        if second:
            word = wording.say("algebra", "so")
            comma = "，" if wording.language == "zh" else ", "
            space = "" if wording.language == "zh" else " "
            parts.append((comma if first else "") + word + space + math(second))
        text = "".join(parts)
        for excluded in line.excluded:
            if excluded.why == "positive":
                continue  # that lengths are positive need not be said
            value = math(wording.formulas.term(excluded.value, self._is_angle(line.result)))
            why = wording.say("algebra", excluded.why)
            text += wording.say("algebra", "excluded", value, why)
        if line.references:
            text += "  " + wording.series(list(map(self._reference, sorted(line.references))))
        return text

    def chain(self, terms: Sequence[Term]) -> str:
        """``a = b = c``, without saying the same thing twice."""
        degrees = self._is_angle(terms)
        words = dict.fromkeys(self.wording.formulas.term(term, degrees) for term in terms)
        return f" {self.wording.dialect.sign('=')} ".join(words)

    def _is_angle(self, terms: Sequence[Term]) -> bool:
        return any(self.wording.formulas.is_angle(term) for term in terms)


def _repeats(lines: Sequence[Line], step: Step) -> bool:
    """Whether a working says nothing but the claim itself."""
    if len(lines) != 1 or lines[0].excluded:
        return False
    terms = (*lines[0].chain, *lines[0].result)
    return len(terms) == 2 and set(terms) == set(step.statements[0].args)
