"""A first drawing from the cells of a figure: Tutte's barycentric embedding.

The cells are the faces of a planar graph.  Its outer walk is tied to a ring of fixed points on a circle,
every other vertex is placed in the (randomly weighted) middle of its neighbours: then the faces come out
convex and counter-clockwise wherever the graph is well enough connected.  Arcs are edges with a vertex of
their own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Walk = Sequence[int]


def components(count: int, links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Connected components of the vertices below ``count``, sorted, in order of their first vertex."""
    parent = list(range(count))

    def find(a: int) -> int:
        while parent[a] != a:
            parent[a] = parent[parent[a]]
            a = parent[a]
        return a

    for a, b in links:
        parent[find(a)] = find(b)
    groups: dict[int, list[int]] = {}
    for a in range(count):
        groups.setdefault(find(a), []).append(a)
    return sorted(groups.values())


def outer_walks(faces: Sequence[Walk]) -> list[list[int]]:
    """The boundary of the union of the faces, as closed walks (counter-clockwise round each part)."""
    directed = {(face[k - 1], face[k]) for face in faces for k in range(len(face))}
    following: dict[int, list[int]] = {}
    for a, b in sorted(directed):
        if (b, a) not in directed:
            following.setdefault(a, []).append(b)
    walks = []
    for start in sorted(following):
        while following.get(start):
            walk, here = [start], following[start].pop(0)
            while here != start and following.get(here):
                walk.append(here)
                here = following[here].pop(0)
            walks.append(walk)
    return walks


def embed(
    count: int, faces: Sequence[Walk], edges: Sequence[tuple[int, int]], rng: np.random.Generator
) -> Array:
    """Coordinates (count, 2) in about the unit disc for one connected graph."""
    walks = outer_walks(faces)
    ring = _joined(walks) if walks else []
    loose = sorted(set(range(count)) - {v for face in faces for v in face})
    size = count + len(ring)
    matrix = np.zeros((size, size))
    links = {
        (min(a, b), max(a, b)) for face in faces for a, b in zip(face, [*face[1:], face[0]], strict=True)
    }
    links |= {(min(a, b), max(a, b)) for a, b in edges}
    for a, b in sorted(links):
        matrix[a, b] = matrix[b, a] = math.exp(rng.normal(0.0, 0.5))
    for k, vertex in enumerate(ring):
        matrix[vertex, count + k] = math.exp(rng.normal(0.0, 0.4))
    # Vertices of no face hang loosely on random places.
    pull = np.zeros((count, 2))
    weight = np.zeros(count)
    for vertex in loose if ring else range(count):
        weight[vertex] = 1.0 if not ring else 0.5
        turn = rng.uniform(0.0, 2.0 * math.pi)
        pull[vertex] = weight[vertex] * rng.uniform(0.5, 1.2) * np.array([math.cos(turn), math.sin(turn)])
    turns = _ring_turns(len(ring), rng)
    places = 1.5 * np.stack((np.cos(turns), np.sin(turns)), axis=1)
    inner = matrix[:count, :count]
    laplacian = np.diag(matrix[:count].sum(axis=1) + weight + 1e-9) - inner
    target = matrix[:count, count:] @ places + pull
    xy = np.linalg.solve(laplacian, target).astype(np.float64)
    return _normalised(xy)


def _ring_turns(count: int, rng: np.random.Generator) -> Array:
    if not count:
        return np.zeros(0)
    steps = np.exp(rng.normal(0.0, 0.25, count))
    turns: Array = rng.uniform(0.0, 2.0 * math.pi) + 2.0 * math.pi * np.cumsum(steps) / steps.sum()
    return turns


def _joined(walks: list[list[int]]) -> list[int]:
    """One closed walk from several that meet in vertices; the longest if they do not meet."""
    walks = sorted(walks, key=len, reverse=True)
    joined, rest = list(walks[0]), walks[1:]
    progress = True
    while rest and progress:
        progress = False
        for walk in rest:
            shared = next((v for v in joined if v in walk), None)
            if shared is not None:
                at, start = joined.index(shared), walk.index(shared)
                joined[at:at] = walk[start:] + walk[:start]
                rest.remove(walk)
                progress = True
                break
    return joined


def _normalised(xy: Array) -> Array:
    """Centred, and of unit size."""
    xy = xy - xy.mean(axis=0)
    size = float(np.sqrt((xy * xy).sum(axis=1).max())) if len(xy) else 1.0
    result: Array = xy / size if size > 1e-9 else xy
    return result
