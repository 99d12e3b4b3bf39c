"""Random numbers for kernels: the same plain and compiled, on any machine.

xoroshiro64** (Blackman and Vigna, 2018): two 32-bit words, period 2^64 - 1.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from solver.exact.compiled import kernel

WORD: Final = 0xFFFFFFFF


def seed_words(*numbers: int) -> list[int]:
    """The generator's two words, from any non-negative integers."""
    words = np.random.SeedSequence(numbers).generate_state(2)
    return [int(words[0]) | 1, int(words[1])]


@kernel
def draw(words: list[int]) -> int:
    """32 random bits; `words`, the generator's state, moves on."""
    first = words[0]
    second = words[1] ^ first
    scaled = (first * 0x9E3779BB) & WORD
    result = (((scaled << 5) & WORD) | scaled >> 27) * 5 & WORD
    words[0] = (((first << 26) & WORD) | first >> 6) ^ second ^ ((second << 9) & WORD)
    words[1] = ((second << 13) & WORD) | second >> 19
    return result


@kernel
def below(words: list[int], bound: int) -> int:
    """A random integer from 0 to `bound` - 1; `bound` is at most 2^31."""
    return (draw(words) * bound) >> 32
