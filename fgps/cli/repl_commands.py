"""The commands of ``fgps repl``: what each does, and how its result is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.text import Text

from fgps.interactive.records import Learned, OpenGoal, Reasons, WhyNot
from fgps.interactive.session import Session
from fgps.lang.diagnostics import did_you_mean
from fgps.lang.printer import print_declaration, print_file, print_term
from fgps.proof.steps import ProofStep
from fgps.search.frontier_records import frontier_words
from fgps.theory.show import show

#: Command -> (arguments, what it does), in the order of the help.
COMMANDS: Final = {
    "apply": ("THEOREM(BRANCH,ARGS)", "apply a theorem; the word `apply` may be left out"),
    "candidates": ("[THEOREM]", "what can be applied now and gives something new"),
    "goals": ("", "the goal, and what would help it"),
    "frontier": ("", "why not yet: what is missing for the goal"),
    "facts": ("[TEXT]", "what is known; with TEXT: the facts that hold it"),
    "why": ("FACT | NUMBER | TERM", "the proof of a fact, or of the value of a term"),
    "what-if": (
        "THEOREM(BRANCH,ARGS)",
        "what it would give; premises seen in the figure are supposed",
    ),
    "undo": ("[N]", "take back the last step, or the last N"),
    "history": ("", "the steps so far"),
    "solve": ("[apply]", "let the search finish from here; with `apply`: take its steps over"),
    "show": ("", "the problem"),
    "theorem": ("NAME", "what a theorem says"),
    "export": ("[FILE.fgl | FILE.json]", "the steps as a solution in FGL, or the certificate of the proof"),
    "help": ("", "this list"),
    "quit": ("", "leave"),
}
_ALIASES: Final = {"?": "help", "exit": "quit", "q": "quit", "whatif": "what-if", "what_if": "what-if"}


class Commands:
    """Runs lines against a session and prints to a console."""

    def __init__(self, session: Session, console: Console) -> None:
        self.session = session
        self._console = console
        self._table: dict[str, Callable[[str], None]] = {
            "apply": self._apply,
            "candidates": self._candidates,
            "goals": self._goals,
            "frontier": self._frontier,
            "facts": self._facts,
            "why": self._why,
            "what-if": self._what_if,
            "undo": self._undo,
            "history": self._history,
            "solve": self._solve,
            "show": self._show,
            "theorem": self._theorem,
            "export": self._export,
            "help": self._help,
        }

    def run(self, line: str) -> bool:
        """Run one line; False when it asks to quit."""
        line = line.strip()
        if not line or line.startswith("#"):
            return True
        word, _, rest = line.partition(" ")
        name = _ALIASES.get(word, word)
        if name == "quit":
            return False
        command = self._table.get(name)
        if command is not None:
            command(rest.strip())
        elif "(" in line:
            self._apply(line)
        else:
            theorem = word in self.session.problem.theory.theorems
            hint = f"write its arguments: {word}(1,...)" if theorem else did_you_mean(word, COMMANDS)
            self._bad(f"unknown command {word[:60]}", [hint or "`help` lists the commands"])
        return True

    def welcome(self) -> None:
        """The problem and the goal."""
        self._show("")
        self._say("`help` lists the commands; Tab completes, Ctrl-D leaves.", "dim")

    # Steps ----------------------------------------------------------------------------------

    def _apply(self, text: str) -> None:
        if not text:
            self._bad("which theorem?", ["`candidates` lists what can be applied"])
            return
        self._learned(self.session.apply(text))

    def _what_if(self, text: str) -> None:
        if not text:
            self._bad("which theorem?", ["write it with its arguments, as for `apply`"])
            return
        self._learned(self.session.what_if(text), "it would give")

    def _undo(self, text: str) -> None:
        if text and not text.isdecimal():
            self._bad("undo takes a number of steps")
            return
        undone = self.session.undo(int(text[:6] or 1))
        if not undone:
            self._say("there is nothing to undo")
        for step in undone:
            self._say(f"undone: {step}")

    def _solve(self, text: str) -> None:
        if text not in ("", "apply"):
            self._bad("solve takes nothing, or the word `apply`")
            return
        found = self.session.solve()
        if found.status != "solved":
            self._bad(
                f"{found.status}: no proof was found from here", [found.message] if found.message else []
            )
            self._frontier("")
            return
        if not text:
            self._proof(found.steps)
            self._good("solved" if found.answer is None else f"answer: {found.answer}")
            self._say(f"{len(found.to_apply)} steps remain; `solve apply` takes them over", "dim")
            return
        for step in found.to_apply:
            self._say(step)
            self._learned(self.session.apply(step))

    # Questions ------------------------------------------------------------------------------

    def _candidates(self, text: str) -> None:
        theorems = self.session.problem.theory.theorems
        if text and text not in theorems:
            self._bad(f"there is no theorem {text[:80]}", [did_you_mean(text, theorems)])
            return
        found = self.session.candidates(text or None)
        for application, gives in found.found:
            self._pair(application, ", ".join(gives))
        if not found.found:
            self._say("nothing that can be applied now gives anything new")
        if not found.complete:
            self._say("(there is more; name a theorem to see its instances)", "dim")

    def _goals(self, text: str) -> None:
        for position, goal in enumerate(self.session.goals()):
            self._goal(goal, "goal" if not position else "wanted")

    def _goal(self, goal: OpenGoal, title: str) -> None:
        if goal.reached:
            self._good(f"{title} {goal.statement}: reached" + (f", {goal.answer}" if goal.answer else ""))
            return
        self._say(f"{title} {goal.statement}", "bold")
        for option in goal.options:
            wants = f"wants {', '.join(option.wanted)}" if option.wanted else "all its premises are known"
            self._pair(option.application, wants)
        if not goal.options:
            self._say("  no further theorem concludes it in this figure")

    def _frontier(self, text: str) -> None:
        if self.session.goal.reached:
            self._say("the goal is reached")
            return
        lines = frontier_words(self.session.frontier())
        for line in lines or ["nothing is one premise away; `candidates` shows what can be applied"]:
            self._say(line)

    def _facts(self, text: str) -> None:
        facts = self.session.facts(text)
        for fact in facts:
            self._pair(f"#{fact.number:<4}{fact.statement}", fact.reason, " ")
        if not facts:
            self._say("no such fact is known" if text else "nothing is known yet")

    def _why(self, text: str) -> None:
        if not text:
            self._bad("why what?", ["write a fact, a term, or the number of a fact"])
            return
        found = self.session.why(text.removeprefix("#"))
        if isinstance(found, WhyNot):
            self._refused(found)
            return
        self._proof(found.steps)
        if isinstance(found, Reasons) and found.value is not None:
            self._good(f"{text} = {found.value}")

    def _history(self, text: str) -> None:
        for number, step in enumerate(self.session.history, 1):
            self._say(f"{number:4}. {step}")
        if not self.session.history:
            self._say("no steps yet")

    def _show(self, text: str) -> None:
        declaration = replace(self.session.problem.declaration, answer=None)
        self._say(print_declaration(declaration))
        diagram = self.session.diagram
        if diagram.outcome in ("inconsistent", "none"):
            clashing = ", ".join(print_term(clash.statement, "infix") for clash in diagram.clashes[:4])
            why = f"these clash: {clashing}" if clashing else "none was found in time"
            self._bad(f"there is no figure of this data; {why}")
        if self.session.goal.reached:
            self._reached(self.session.goal.value)

    def _theorem(self, text: str) -> None:
        shown = show(self.session.problem.theory, text)
        if isinstance(shown, str):
            self._say(shown.rstrip())
        else:
            self._bad(shown.headline, [shown.hint])

    def _help(self, text: str) -> None:
        for name, (arguments, about) in COMMANDS.items():
            self._pair(f"{name} {arguments}".strip(), about)

    def _export(self, text: str) -> None:
        if not text:
            self._say(print_declaration(self.session.solution()))
            return
        path = Path(text)
        content = self._exported(path.suffix.lower())
        if content is None:
            return
        try:
            with path.open("x", encoding="utf-8") as stream:
                stream.write(content)
        except FileExistsError:
            self._bad(f"{text} exists", ["name another file"])
        except (OSError, ValueError) as problem:
            self._bad(f"cannot write {text}: {getattr(problem, 'strerror', None) or problem}")
        else:
            self._good(f"written: {text}")

    def _exported(self, suffix: str) -> str | None:
        """The text of a file; None (and a message) if there is nothing to write."""
        session = self.session
        if suffix == ".fgl":
            return print_file((session.problem.declaration, session.solution()))
        if suffix != ".json":
            self._bad("export writes .fgl (the steps) or .json (the certificate)")
            return None
        certificate = session.certificate()
        if isinstance(certificate, str):
            self._bad(certificate)
            return None
        return certificate[0]

    # Printing -------------------------------------------------------------------------------

    def _learned(self, result: Learned | WhyNot, title: str = "") -> None:
        if isinstance(result, WhyNot):
            self._refused(result)
            return
        if result.read_as:
            self._say(f"read as {result.read_as}", "dim")
        if result.supposed:
            self._say(f"supposing {', '.join(result.supposed)}", "yellow")
        if title:
            self._say(title)
        for fact in result.facts:
            self._good(f"  #{fact.number:<4}{fact.statement}")
        for value in result.values:
            self._good(f"  {value}")
        if not result.facts and not result.values:
            self._say("  nothing new")
        if result.assumed:
            self._say(f"  assumed, for no figure decides it: {', '.join(result.assumed)}", "yellow")
        if result.reached:
            self._reached(result.answer)

    def _reached(self, value: object) -> None:
        self._good("the goal is reached" + (f": {value}" if value is not None else ""))

    def _refused(self, why: WhyNot) -> None:
        self._bad(f"{why.kind}: {why.message}")
        for lack in why.missing:
            seen = {True: "true in the figure", False: "false in the figure", None: lack.reason}
            self._say(f"  missing: {lack.premise} ({seen[lack.in_figure]})")
            if lack.close:
                self._say(f"    known is: {', '.join(lack.close)}")
            if lack.given_by:
                self._say(f"    first: {' or '.join(lack.given_by)}", "cyan")
        suggestions = [text for text in why.suggestions if text]
        if suggestions:
            self._say(f"  try: {' or '.join(suggestions)}", "cyan")

    def _proof(self, steps: Iterable[ProofStep]) -> None:
        for step in steps:
            conclusions = ", ".join(print_term(statement, "infix") for statement in step.conclusions)
            source = f" from {', '.join(map(str, step.premises))}" if step.premises else ""
            note = f" ({step.note})" if step.note else ""
            self._pair(f"{step.number:4}. {conclusions}", f"{step.rule}{source}{note}", "")

    def _pair(self, first: str, second: str, indent: str = "  ") -> None:
        """A thing and what is said about it; side by side where that fits."""
        text = Text(f"{indent}{first}")
        narrow = len(first) > 46 or len(first) + len(second) > self._console.width - 8
        text.append(f"\n{indent}      " if narrow else " " * max(2, 48 - len(first)))
        text.append(second, "dim")
        self._console.print(text, soft_wrap=True)

    def _say(self, line: str, style: str = "") -> None:
        self._console.print(Text(line, style), soft_wrap=True)

    def _good(self, line: str) -> None:
        self._say(line, "green")

    def _bad(self, line: str, hints: Iterable[str] = ()) -> None:
        self._say(line, "red")
        for hint in hints:
            if hint:
                self._say(f"  {hint}", "cyan")
