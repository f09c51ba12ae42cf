"""Answers that were given before, by the digest of the request, the least recently used dropped first.

A report is a receipt: the same problem, solution and options get the same bytes, whoever asks and when.
Samples of a model repeat, so that many requests need no work.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import Final

#: What one entry takes beside its bytes.
_OVERHEAD: Final = 300


class Receipts:
    """At most ``limit`` bytes of answers; 0: none are kept."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self.hits = 0

    def key(self, task: str, body: bytes | bytearray) -> bytes:
        """The digest of a request."""
        return hashlib.blake2b(body, digest_size=20, person=task[:16].encode()).digest()

    def get(self, key: bytes) -> bytes | None:
        """The answer to the request with that digest."""
        known = self._kept.get(key)
        if known is not None:
            self._kept.move_to_end(key)
            self.hits += 1
        return known

    def put(self, key: bytes, answer: bytes) -> None:
        """Keep an answer."""
        size = len(answer) + _OVERHEAD
        if size > self._limit // 8 or key in self._kept:
            return
        self._kept[key] = answer
        self._held += size
        while self._held > self._limit:
            _, dropped = self._kept.popitem(last=False)
            self._held -= len(dropped) + _OVERHEAD

    def __len__(self) -> int:
        return len(self._kept)
