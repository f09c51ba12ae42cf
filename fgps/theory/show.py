"""One entry of a theory as text: its declaration, and what the theory makes of it."""

from __future__ import annotations

from collections.abc import Sequence

from fgps.lang.ast import calls
from fgps.lang.diagnostics import Diagnostic, did_you_mean, error
from fgps.lang.printer import print_declaration, print_term
from fgps.theory.instantiate import spell
from fgps.theory.model import Attribute, Predicate, Theorem, Theory


def show(theory: Theory, name: str) -> str | Diagnostic:
    """The text for ``fgps theory show NAME``; a diagnostic (``unknown-predicate``) for any other name."""
    entry = theory.theorems.get(name) or theory.predicates.get(name) or theory.attributes.get(name)
    if entry is None:
        form = theory.forms.get(name)
        if form is not None:
            return print_declaration(form)
        known = [*theory.theorems, *theory.predicates, *theory.attributes, *theory.forms]
        return error("unknown-predicate", f"the theory has no entry {name}", hint=did_you_mean(name, known))
    lines = [print_declaration(entry.declaration).rstrip(), ""]
    if entry.source:
        lines.append(f"declared in: {entry.source}")
    if isinstance(entry, Theorem):
        lines.append(f"pack: {entry.pack}")
    else:
        lines += _spellings(entry) + _users(theory, entry.name)
    return "\n".join(lines) + "\n"


def overview(theory: Theory) -> str:
    """The text for ``fgps theory list``: how much there is, and the names by category."""
    heading = f"{theory.name} ({', '.join(theory.packs)})"
    categories: dict[str, list[str]] = {name: [] for name in ("construction", "basic", "entity", "relation")}
    for predicate in theory.predicates.values():
        categories.setdefault(predicate.category, []).append(predicate.name)
    categories["attribute"] = list(theory.attributes)
    for form in theory.forms.values():
        categories.setdefault(form.category, []).append(form.name)
    categories["theorem"] = [_with_branches(theorem) for theorem in theory.theorems.values()]
    lines = [heading, f"digest {theory.digest}"]
    for category, names in categories.items():
        lines += ["", f"{category} ({len(names)})", *(f"  {name}" for name in names)]
    return "\n".join(lines) + "\n"


def _with_branches(theorem: Theorem) -> str:
    words, start = [], 0
    for size in theorem.groups:
        words.append("".join(theorem.letters[start : start + size]))
        start += size
    count = len(theorem.branches)
    branches = f"  [{count} branches]" if count > 1 else ""
    return f"{theorem.name}({', '.join(words)}){branches}"


def _spellings(entry: Predicate | Attribute) -> list[str]:
    if len(entry.symmetries) < 2:
        return []
    rows: Sequence[tuple[str, ...]] = [tuple(entry.letters[i] for i in s) for s in entry.symmetries]
    return ["equivalent spellings: " + ", ".join(print_term(spell(entry, row)) for row in rows)]


def _users(theory: Theory, name: str) -> list[str]:
    """The theorems that need the entry and those that conclude it."""
    wanted, given = [], []
    for theorem in theory.theorems.values():
        branches = theorem.declaration.branches
        if any(call.head == name for b in branches for fact in b.given for call in calls(fact)):
            wanted.append(theorem.name)
        if any(call.head == name for b in branches for fact in b.then for call in calls(fact)):
            given.append(theorem.name)
    lines = []
    for label, names in (("concluded by", given), ("premise of", wanted)):
        if names:
            lines += [f"{label}:", *(f"  {theorem}" for theorem in names)]
    return lines
