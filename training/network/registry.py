"""Networks by the names that recipes, checkpoints and exported files carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from importlib import import_module
from typing import Any

from training.network.base import Network
from training.recipe.architectures import ARCHITECTURES
from training.recipe.config import check_known

FIRST = "graph"
"""The architecture of files that name none."""


def network_class(name: str) -> type[Network]:
    """The class of an architecture; raises `ValueError` with the nearest known name."""
    check_known(name, list(ARCHITECTURES), "architecture")
    module, _, kind = ARCHITECTURES[name].partition(":")
    found: type[Network] = getattr(import_module(module), kind)
    return found


def name_of(network: Network) -> str:
    """The name of a network's architecture."""
    kind = f"{type(network).__module__}:{type(network).__qualname__}"
    for name, known in ARCHITECTURES.items():
        if known == kind:
            return name
    raise ValueError(f"{kind} is no architecture of training.recipe.architectures")


def built(name: str, sizes: Sequence[str]) -> Network:
    """A new network of an architecture, its sizes as NAME=VALUE; raises `ValueError`."""
    kind = network_class(name)
    return kind(kind.sizes.of(sizes))


def rebuilt(name: str, config: dict[str, Any]) -> Network:
    """The network that `described` describes; raises `ValueError` or `TypeError`."""
    kind = network_class(name)
    return kind(kind.sizes(**config))


def described(network: Network) -> dict[str, Any]:
    """A network's architecture and sizes as plain values, for a file that holds its weights."""
    return {"architecture": name_of(network), "config": asdict(network.config)}


def parameters_of(network: Network) -> int:
    """How many numbers are trained."""
    return sum(p.numel() for p in network.parameters())


def operations_of(network: Network) -> int:
    """Floating-point operations of one pass of one puzzle, in its matrix products."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    with torch.random.fork_rng(devices=[]):
        # on the CPU, without a kernel
        network = rebuilt(name_of(network), asdict(network.config))
    state, told = network.begin(torch.zeros(1, 81, dtype=torch.long))
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        network.step(state, told)
    return int(counter.get_total_flops())
