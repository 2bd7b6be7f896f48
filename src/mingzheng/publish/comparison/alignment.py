"""Which block of the old version became which block of the new one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from fast_diff_match_patch import diff

from mingzheng.publish.comparison.blocks import Block

Pair = tuple[Block | None, Block | None]

ALIKE = 0.4  # least share of common pairs of characters that makes two blocks versions of each other
_BUCKETS = 1024
_MOST_BLOCKS = 1500  # a stretch with more changed blocks than this is not searched for similar ones


def align(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Pair]:
    """Pairs in reading order: (before, after), (removed, None) or (None, added).

    Equal blocks are matched first, in order; between them, the pairing with the greatest total similarity.
    """
    signs: dict[Block, str] = {}
    for block in (*old, *new):
        signs.setdefault(block, _sign(len(signs)))
    changes = diff(
        "".join(map(signs.__getitem__, old)),
        "".join(map(signs.__getitem__, new)),
        cleanup="No",
        checklines=False,
        timelimit=0.05,
    )
    gone: list[Block] = []
    come: list[Block] = []
    i = j = 0
    for op, length in changes:
        if op == "-":
            gone += old[i : i + length]
        elif op == "+":
            come += new[j : j + length]
        else:
            yield from _by_similarity(gone, come)
            yield from zip(old[i : i + length], new[j : j + length], strict=True)
            gone, come = [], []
        i += length if op != "+" else 0
        j += length if op != "-" else 0
    yield from _by_similarity(gone, come)


def _sign(number: int) -> str:
    """A character for each different block, passing over the surrogates, which are none."""
    return chr(number + 1 if number < 0xD7FF else number + 0x801)


def _by_similarity(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Pair]:
    i = j = 0
    for a, b in _best_pairs(old, new):
        yield from ((block, None) for block in old[i:a])
        yield from ((None, block) for block in new[j:b])
        yield old[a], new[b]
        i, j = a + 1, b + 1
    yield from ((block, None) for block in old[i:])
    yield from ((None, block) for block in new[j:])


def _best_pairs(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """Index pairs, both rising, with the greatest sum of similarities of at least ``ALIKE``."""
    if not old or not new or max(len(old), len(new)) > _MOST_BLOCKS:
        return []
    likeness = _profiles(old) @ _profiles(new).T
    tables_old, tables_new = (np.array([block.kind == "table" for block in side]) for side in (old, new))
    likeness[tables_old[:, None] != tables_new[None, :]] = 0
    likeness[likeness < ALIKE] = 0
    best = np.zeros((len(old) + 1, len(new) + 1), dtype=np.float32)
    for i, row in enumerate(likeness, start=1):
        best[i, 1:] = np.maximum.accumulate(np.maximum(best[i - 1, 1:], best[i - 1, :-1] + row))
    pairs = []
    i, j = len(old), len(new)
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _profiles(blocks: Sequence[Block]) -> np.ndarray:
    """For each block a unit vector of how often each pair of neighbouring characters occurs in it."""
    profiles = np.zeros((len(blocks), _BUCKETS), dtype=np.float32)
    for profile, block in zip(profiles, blocks, strict=True):
        codes = np.frombuffer(f" {block.text} ".encode("utf-32-le", "replace"), dtype=np.uint32)
        np.add.at(profile, (codes[:-1] * 31 + codes[1:] * 7919) % _BUCKETS, 1)
    profiles /= np.linalg.norm(profiles, axis=1, keepdims=True)
    return profiles
