"""What this machine offers: the device, the precision and a compiler."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import torch

from training.recipe.config import Recipe


def chosen_device(name: str) -> torch.device:
    """The device of that name; auto is a GPU where there is one. Raises `ValueError`."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
        if device.type == "cuda" and "LOCAL_RANK" in os.environ:
            # each of torchrun's processes has a card of its own, and makes its context there
            device = torch.device("cuda", int(os.environ["LOCAL_RANK"]))
            torch.cuda.set_device(device)
        torch.zeros(1, device=device).item()  # a device that holds no numbers is refused here
    except (RuntimeError, AssertionError) as error:
        why = str(error).splitlines()[0].partition(". ")[0]
        raise ValueError(f"device {name!r} can't be used here: {why}") from None
    return device


def chosen_precision(name: str, device: torch.device) -> torch.dtype:
    """float32, or the half type to run the forward pass in.

    auto is bfloat16 where it is fast: on a GPU that has it. A CPU without matrix units for it
    is slower with it, so there auto is float32.
    """
    if name == "auto":
        # without `including_emulation=False` a card that only emulates it says yes
        fast = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
        name = "bfloat16" if fast else "float32"
    return {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}[name]


def autocast(
    dtype: torch.dtype, device: torch.device
) -> Callable[[], AbstractContextManager[None]]:
    """A context for the forward pass."""
    return lambda: torch.autocast(device.type, dtype, enabled=dtype != torch.float32)


@contextmanager
def reproducible(wanted: bool) -> Iterator[None]:
    """While it lasts, torch takes the variant of each operation that gives the same bits every
    time, where it has one, and raises `RuntimeError` where it has none."""
    if not wanted:
        yield
        return
    before = torch.are_deterministic_algorithms_enabled()
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # cuBLAS asks for it
    torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.use_deterministic_algorithms(before)


def can_compile(device: torch.device) -> bool:
    """Whether `torch.compile` has what it needs: Triton on a GPU, a C++ compiler on a CPU."""
    if device.type == "cuda":
        return importlib.util.find_spec("triton") is not None
    from torch._inductor.cpp_builder import get_cpp_compiler

    try:
        get_cpp_compiler()
    except Exception:  # whatever it is, there is no compiler to be had
        return False
    return True


def wants_compile(recipe: Recipe, device: torch.device) -> bool:
    """Whether to compile; raises `ValueError` when told to and nothing can."""
    if recipe.compile == "auto":
        return can_compile(device)
    if recipe.compile == "on" and not can_compile(device):
        raise ValueError("compile is on, but this machine has no compiler for it; use --no-compile")
    return recipe.compile == "on"


def chunk_of(recipe: Recipe, device: torch.device, processes: int = 1) -> int:
    """Puzzles that go through the network at once: a divisor of a process's batch."""
    batch = recipe.batch_size // processes
    if batch * processes != recipe.batch_size:
        raise ValueError(
            f"batch_size {recipe.batch_size} can't be shared evenly by {processes} processes"
        )
    most = min(batch, recipe.chunk or (32 if device.type == "cpu" else batch))
    return next(size for size in range(most, 0, -1) if batch % size == 0)


def gpu_figures(device: torch.device) -> dict[str, float | None]:
    """Highest GPU memory in GiB and use in percent; None without a GPU."""
    if device.type != "cuda":
        return {"gpu_mem": None, "gpu_use": None}
    try:
        use: float | None = torch.cuda.utilization(device)
    except (ModuleNotFoundError, RuntimeError):  # torch needs NVIDIA's own package for it
        use = None
    most = torch.cuda.max_memory_allocated(device) / 2**30
    torch.cuda.reset_peak_memory_stats(device)  # the next epoch has a peak of its own
    return {"gpu_mem": most, "gpu_use": use}
