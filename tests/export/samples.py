"""A tiny policy that passes states on for real, and puzzles made of one solved grid."""

from __future__ import annotations

import numpy as np
import torch

from training.network.graph import Policy, PolicyConfig

TINY = PolicyConfig(width=4, hidden=6, gate=5)
SOLVED = np.array([[(3 * (r % 3) + r // 3 + c) % 9 + 1 for c in range(9)] for r in range(9)])


def make_policy(seed: int = 0) -> Policy:
    """A policy whose block changes the state (a fresh one would leave it as it is)."""
    torch.manual_seed(seed)
    policy = Policy(TINY).eval()
    for name, parameter in policy.named_parameters():
        if name != "block.keep":
            torch.nn.init.normal_(parameter, std=0.4)
    return policy.requires_grad_(False)


def make_puzzles(count: int, blanks: int = 30) -> np.ndarray:
    """A solved grid with digits renamed and `blanks` cells emptied, int64 [count, 81]."""
    rng = np.random.default_rng(1)
    puzzles = np.stack([(rng.permutation(9) + 1)[SOLVED.reshape(81) - 1] for _ in range(count)])
    for puzzle in puzzles:
        puzzle[rng.permutation(81)[:blanks]] = 0
    return puzzles.astype(np.int64)
