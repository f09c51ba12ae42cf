"""Finding theorems by a name that is not quite right, or by what they say.

Near names come by edit distance, related ones by BM25 (Robertson and Walker, 1994) over the words of
names and reading sentences.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from fgps.lang.diagnostics import near
from fgps.theory.model import Theorem, Theory

_WORD: Final = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]")
#: Parameters of BM25: saturation of repeated words, weight of a text's length.
_K1: Final = 1.4
_B: Final = 0.6
#: A word of the name counts as much as so many words of a sentence.
_NAME_WEIGHT: Final = 2
_MAX_QUERY: Final = 400


@dataclass(frozen=True, slots=True)
class Match:
    """A theorem that may be meant: its signature, sentence and score (larger is better)."""

    name: str
    signature: str
    sentence: str
    score: float


class Index:
    """The words of all theorems of one theory."""

    def __init__(self, theory: Theory) -> None:
        self._theory = theory
        self.names = tuple(theory.theorems)
        self.plain = {plain(name): name for name in self.names}
        self._counts = [Counter(_words_of(theorem)) for theorem in theory.theorems.values()]
        sizes = [sum(count.values()) for count in self._counts]
        mean = sum(sizes) / max(1, len(sizes))
        self._norms = [_K1 * (1 - _B + _B * size / max(mean, 1.0)) for size in sizes]
        seen: Counter[str] = Counter(word for count in self._counts for word in count)
        total = len(self._counts)
        self._weights = {w: math.log(1 + (total - n + 0.5) / (n + 0.5)) for w, n in seen.items()}

    def search(self, query: str, limit: int = 5) -> tuple[Match, ...]:
        """The theorems that ``query`` describes best, best first (ties: order of the theory)."""
        words = _split(query[:_MAX_QUERY])
        scores: list[tuple[float, int]] = []
        for i, count in enumerate(self._counts):
            score = sum(
                self._weights[word] * count[word] * (_K1 + 1) / (count[word] + self._norms[i])
                for word in words
                if word in count
            )
            if score > 0:
                scores.append((-round(score, 6), i))
        return tuple(self._match(self.names[i], -score) for score, i in sorted(scores)[:limit])

    def nearest(self, name: str, limit: int = 4) -> tuple[Match, ...]:
        """Theorems that a wrong name may mean: slips of the pen first, then by its words."""
        found = [self._match(hit, 0.0) for hit in near(name, self.names, limit)]
        known = {match.name for match in found}
        found += [match for match in self.search(name, limit) if match.name not in known]
        return tuple(found[:limit])

    def exact(self, name: str) -> str | None:
        """The theorem called ``name`` up to case and to the signs between words."""
        return self.plain.get(plain(name))

    def _match(self, name: str, score: float) -> Match:
        theorem = self._theory.theorems[name]
        return Match(name, signature(theorem), _sentence(theorem), score)


def index_of(theory: Theory) -> Index:
    """The index of a theory, made once for each digest."""
    known = _indexes.get(theory.digest)
    if known is None:
        if len(_indexes) > 8:
            _indexes.clear()
        known = _indexes[theory.digest] = Index(theory)
    return known


_indexes: dict[str, Index] = {}


def signature(theorem: Theorem) -> str:
    """``name(branch,ABC,CBD)``, as an application of the theorem is written."""
    words, start = [], 0
    for size in theorem.groups:
        words.append("".join(theorem.letters[start : start + size]))
        start += size
    branches = list(theorem.branches)
    number = str(branches[0]) if len(branches) == 1 else f"{branches[0]}..{branches[-1]}"
    return f"{theorem.name}({','.join([number, *words])})"


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name without case and signs."""
    return re.sub(r"[\W_]+", "", name).casefold()


def entry_hint(theory: Theory, name: str) -> str:
    """Which predicates or attributes an unknown name may mean: slips of the pen, or a part of the name."""
    entries = (*theory.predicates, *theory.attributes)
    word = plain(name)
    found = list(near(name, entries))
    found += [entry for entry in entries if len(word) > 3 and word in plain(entry) and entry not in found]
    return f"did you mean {' or '.join(found[:3])}?" if found else ""


def _sentence(theorem: Theorem) -> str:
    return dict(theorem.declaration.sentences).get("en", "")


def _words_of(theorem: Theorem) -> list[str]:
    sentences = " ".join(text for _, text in theorem.declaration.sentences)
    return _split(theorem.name) * _NAME_WEIGHT + _split(sentences)


def _split(text: str) -> list[str]:
    """Words in lower case; a plural and its singular are one word."""
    words = _WORD.findall(text.lower())
    return [word[:-1] if len(word) > 3 and word.endswith("s") else word for word in words]
