"""Shapes whose sides do not close: the one reading that makes sense, or none.

A repair is tried from the least to the most intrusive, and is made only if it has exactly one
result.  The result must close (or be a two-line angle) and must not repeat another shape.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from itertools import combinations, permutations
from typing import Final

from fgps.problem.shapes import Word, walks

Words = tuple[Word, ...]

#: Longest shapes that repairs are tried on; the number of tries grows with the length.
_MAX_SIDES: Final = 12


class ShapeRepairer:
    """Repairs shapes of one problem, knowing its other shapes, lines and circles.

    ``shapes``: all shapes of the problem as words; ``lines``: the points of each declared line; ``points``:
    all points of lines and circles; ``circles``: names of the declared circles; ``named``: the words of
    points that the other statements of the problem speak of.
    """

    def __init__(
        self,
        shapes: Sequence[Words],
        lines: Sequence[Word],
        points: Sequence[str],
        circles: Sequence[str],
        named: Set[Word] = frozenset(),
    ) -> None:
        self._named = named
        self._lines = [frozenset(line) for line in lines]
        self._shapes = {_key(words) for words in shapes if is_sound(words)}
        self._segments = {frozenset(pair) for line in lines for pair in combinations(line, 2)}
        self._circles = frozenset(circles)
        self._points = list(dict.fromkeys(points))
        for words in shapes:
            if is_sound(words):
                self._segments.update(frozenset(word) for word in words if len(word) == 2)
                for word in words:
                    self._points += [point for point in word if point not in self._points]

    def repair(self, words: Words) -> Words | None:
        """The repaired shape; None if there is no reading or more than one."""
        if not words or len(words) > _MAX_SIDES:
            return None
        if _is_mixed_angle(words):
            return None
        if [len(word) for word in words] == [2, 2] and (*words[0], words[1][1]) in self._named:
            # ``Shape(CA,CB)`` where the problem speaks of the angle CAB: the second side is AB.
            return words[0], (words[0][1], words[1][1])
        for attempt in (_merged, _turned, self._shortened, self._recircled, _without_repetition):
            found = self._fresh(attempt(words))
            if len(found) == 1:
                return found[0]
            if found:
                return None
        candidates = self._fresh((*self._respelled(words), *_completed(words)))
        tests: tuple[Callable[[Words, Words], bool], ...] = (self._known_segments, self._known_points)
        for test in tests:
            found = [candidate for candidate in candidates if test(candidate, words)]
            if found:
                return found[0] if len(found) == 1 else None
        return None

    def _fresh(self, candidates: Iterator[Words] | Sequence[Words]) -> list[Words]:
        found: dict[frozenset[Word], Words] = {}
        for words in candidates:
            if is_sound(words) and _key(words) not in self._shapes and not self._is_flat(words):
                found.setdefault(_key(words), words)
        return list(found.values())

    def _is_flat(self, words: Words) -> bool:
        """Whether all sides lie on one declared line, so that they bound nothing."""
        corners = {point for word in words for point in word}
        return len(words) > 2 and any(corners <= line for line in self._lines)

    def _shortened(self, words: Words) -> Iterator[Words]:
        """One letter too many in one side."""
        for k, word in enumerate(words):
            if len(word) > 3 or len(set(word)) < len(word) or (len(word) == 3 and not self._is_arc(word)):
                for i in range(len(word)):
                    yield (*words[:k], word[:i] + word[i + 1 :], *words[k + 1 :])

    def _is_arc(self, word: Word) -> bool:
        return word[0] in self._circles

    def _recircled(self, words: Words) -> Iterator[Words]:
        """Letters of an arc in another order, if its circle is not declared."""
        for k, word in enumerate(words):
            if len(word) == 3 and word[0] not in self._circles:
                for other in permutations(word):
                    if other[0] in self._circles:
                        yield (*words[:k], other, *words[k + 1 :])

    def _respelled(self, words: Words) -> Iterator[Words]:
        """One letter replaced by another point of the problem."""
        for k, word in enumerate(words):
            for i in range(len(word)):
                for point in self._points:
                    if point not in word:
                        yield (*words[:k], (*word[:i], point, *word[i + 1 :]), *words[k + 1 :])

    def _known_segments(self, candidate: Words, old: Words) -> bool:
        return all(
            frozenset(word) in self._segments if len(word) == 2 else word[0] in self._circles
            for word in candidate
            if word not in old
        )

    def _known_points(self, candidate: Words, old: Words) -> bool:
        return all(point in self._points for word in candidate for point in word)


def is_sound(words: Words) -> bool:
    """Whether the words make a point, a segment, an angle, or a closed region."""
    if not words or len(set(words)) != len(words):
        return False
    sizes = [len(word) for word in words]
    if any(len(set(word)) != len(word) for word in words):
        return False
    if len(words) == 1:
        return sizes[0] in (1, 2)
    if any(size not in (2, 3) for size in sizes):
        return False
    if sizes == [2, 2]:
        return words[0][1] == words[1][0] and words[0][0] != words[1][1]
    straight = [frozenset(word) for word in words if len(word) == 2]
    return len(set(straight)) == len(straight) and bool(walks(words))


def _is_mixed_angle(words: Words) -> bool:
    """``Shape(OCB,CD)``: the corner between an arc and a segment, which needs no repair."""
    sizes = {len(word) for word in words}
    if len(words) != 2 or sizes != {2, 3} or any(len(set(word)) != len(word) for word in words):
        return False
    first, second = words[0], words[1]
    return first[1] in second[1:] if len(first) == 2 else second[0] in first[1:]


def _key(words: Words) -> frozenset[Word]:
    return frozenset(words)


def _merged(words: Words) -> Iterator[Words]:
    """``Shape(O,O)``: the same word again and again."""
    if len(words) > 1 and len(set(words)) == 1:
        yield words[:1]


def _turned(words: Words) -> Iterator[Words]:
    """Segments read backwards, as few as possible."""
    straight = [k for k, word in enumerate(words) if len(word) == 2]
    for count in range(1, len(straight) + 1):
        found = []
        for chosen in combinations(straight, count):
            turned = tuple(word[::-1] if k in chosen else word for k, word in enumerate(words))
            if is_sound(turned):
                found.append(turned)
        if found:
            yield from found
            return


def _without_repetition(words: Words) -> Iterator[Words]:
    """A side that is written twice."""
    if len(set(words)) < len(words):
        yield tuple(dict.fromkeys(words))


def _completed(words: Words) -> Iterator[Words]:
    """The last side is missing."""
    if len(words) > 1 and len(words[-1]) == 2 == len(words[0]):
        yield (*words, (words[-1][1], words[0][0]))
