"""The policy's pass and its gradient as C++ (`kernel.cpp`), compiled when a CPU first needs it.

On a CPU most of a compiled torch pass is memory traffic: its values are larger than a core's
cache. The kernel keeps a puzzle in the cache from beginning to end; `sudoku-train benchmark kernel`
prints both.
"""

from __future__ import annotations

import contextlib
import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from solver.system.files import atomic_write
from training.data.cache import cache_folder

if TYPE_CHECKING:
    from training.network.base import Network
    from training.network.graph import Policy, PolicyConfig

SOURCE = Path(__file__).with_name("kernel.cpp")
FLAGS = ("-O3", "-march=native", "-std=c++17", "-shared", "-fPIC")
MATH = ("-ffp-contract=fast", "-fno-math-errno", "-fno-trapping-math")
LANES = 16
"""Floats in a vector: what every size of a policy must be a multiple of."""

MATRICES = ("segment", "line", "box", "cell", "from_segment", "from_cell", "own", "down")
"""The block's matrices, in the order of the kernel's structures, which take them as they are and
transposed."""
SERVED = {
    "start.weight",
    *(f"block.{name}.weight" for name in MATRICES),
    *("block.segment.bias", "block.cell.bias", "block.kind.weight", "block.keep"),
    *("head.weight", "head.bias"),
}
"""The parameters of the network that the kernel was written for."""
TOLERANCE = 1e-3
"""Largest difference from torch's pass, as a share of the largest value; rounding gives 1e-6."""


class KernelError(RuntimeError):
    """The kernel can't be had here; its text says why."""


def _compiler() -> str:
    for name in (os.environ.get("CXX"), "g++", "clang++", "c++"):
        if name and (path := shutil.which(name)):
            return path
    raise KernelError("there is no C++ compiler (g++ or clang++)")


def _processor() -> str:
    """What `-march=native` depends on, so that a shared cache serves different machines."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line for line in lines if line.startswith(("flags", "Features"))), "")


@cache
def _library(width: int, hidden: int, gate: int) -> ctypes.CDLL:
    """The kernel for a policy of these sizes, from the cache or compiled into it."""
    sizes = (f"-DWIDTH={width}", f"-DHIDDEN={hidden}", f"-DGATE={gate}")
    command = [_compiler(), *FLAGS, *MATH, *sizes]
    key = "\0".join([*command, _processor(), SOURCE.read_text(encoding="utf-8")])
    path = cache_folder() / "kernels" / f"{hashlib.sha256(key.encode()).hexdigest()[:20]}.so"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KernelError(f"{path.parent} can't be written: {error.strerror}") from error
    if not path.is_file():
        with atomic_write(path) as made:
            done = subprocess.run(
                [*command, str(SOURCE), "-o", str(made)], capture_output=True, text=True
            )
            if done.returncode:
                raise KernelError(f"{command[0]} can't compile it: {done.stderr.strip()[:200]}")
    try:
        return ctypes.CDLL(str(path))
    except OSError as error:
        raise KernelError(f"{path} can't be loaded: {error}") from error


@cache
def _pool(threads: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(threads, "kernel")


def _address(tensor: Tensor) -> ctypes.c_void_p:
    return ctypes.c_void_p(tensor.data_ptr())


def _structure(tensors: list[Tensor]) -> Any:
    """A C structure of pointers to the tensors' numbers."""
    return (ctypes.c_void_p * len(tensors))(*(tensor.data_ptr() for tensor in tensors))


class Kernel:
    """The kernel for one policy's sizes; raises `KernelError` where it can't be had."""

    def __init__(self, config: PolicyConfig) -> None:
        if any(size % LANES for size in (config.width, config.hidden, config.gate)):
            raise KernelError(f"the sizes of {config} are no multiples of {LANES}")
        self.library = _library(config.width, config.hidden, config.gate)

    def __deepcopy__(self, memo: dict[int, Any]) -> Kernel:
        return copy(self)  # a loaded library is one for the whole process

    @staticmethod
    def takes(h: Tensor) -> bool:
        """Whether a state is the kernel's to pass on: float32, on the CPU, no half precision."""
        half = torch.is_autocast_enabled("cpu")
        return h.device.type == "cpu" and h.dtype == torch.float32 and not half

    def __call__(self, policy: Policy, h: Tensor, kind: Tensor) -> tuple[Tensor, Tensor]:
        """`policy.step(h, kind)`, with gradients."""
        block, head = policy.block, policy.head
        weights = [getattr(block, name).weight for name in MATRICES]
        rest = [block.segment.bias, block.cell.bias, block.kind.weight, block.keep]
        apply: Any = _Pass.apply
        out, logits = apply(self, h, kind, *weights, *rest, head.weight, head.bias)
        return out, logits

    def run(self, name: str, count: int, rows: list[Tensor], structures: list[list[Tensor]]) -> Any:
        """Call a function of the kernel on `count` puzzles whose values are `rows`, on torch's
        number of threads; of `structures`, each thread takes its own."""
        function = getattr(self.library, name)
        parts = len(structures)
        bounds = [count * i // parts for i in range(parts + 1)]

        def part(i: int) -> None:
            start, end = bounds[i], bounds[i + 1]
            function(
                ctypes.c_int64(end - start),
                *(_address(row[start:end]) for row in rows),
                *structures[i],
            )

        if parts == 1:
            part(0)
        else:
            list(_pool(parts).map(part, range(parts)))


def kernel_of(policy: Network) -> Kernel:
    """A kernel that does what this policy's own pass does.

    Raises `KernelError` for another network than the one that the kernel was written for: by its
    class, its parameters, or a pass and its gradients compared with torch's.
    """
    from training.network.graph import Policy

    if type(policy) is not Policy:
        raise KernelError(f"{type(policy).__name__} is no network that it was written for")
    strange = set(policy.state_dict()) ^ SERVED
    if strange:
        raise KernelError(f"it was written for a network without a change in {min(strange)}")
    made = Kernel(policy.config)
    own, ours = _sample(policy, None), _sample(policy, made)
    for name, expected in own.items():
        off = float((ours[name] - expected).abs().max() / expected.abs().max().clamp_min(1e-12))
        if not off < TOLERANCE:
            raise KernelError(f"its {name} differs from torch's by a share of {off:.1g}")
    return made


def kernel_for(policy: Network, dtype: torch.dtype, device: torch.device) -> Kernel:
    """The policy's C++ kernel; raises `KernelError` that says why there is none."""
    if device.type != "cpu" or dtype != torch.float32:
        raise KernelError("it is for float32 on a CPU")
    return kernel_of(policy)


def _sample(policy: Policy, kernel: Kernel | None) -> dict[str, Tensor]:
    """A pass of two puzzles and its gradients, by random weights: those of a policy that begins
    are partly 0 and hide what they multiply."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        twin = type(policy)(policy.config)
        for parameter in twin.parameters():
            torch.nn.init.normal_(parameter, std=0.3)
        h = torch.randn(2, 9, 9, 9, policy.config.width, requires_grad=True)
        kind = torch.randint(0, 3, (2, 9, 9, 9))
        twin.kernel = kernel
        out, logits = twin.step(h, kind)
        total = (out * torch.randn_like(out)).sum() + (logits * torch.randn_like(logits)).sum()
        torch.autograd.backward(total)
    grads = {f"gradient of {name}": p.grad for name, p in twin.named_parameters()}
    found = {"state": out, "logits": logits, "gradient of the state": h.grad, **grads}
    return {name: value.detach() for name, value in found.items() if value is not None}


def equipped(policy: Network) -> Network:
    """The policy itself, with its kernel where that can be had."""
    with contextlib.suppress(KernelError):
        equip(policy, kernel_of(policy))
    return policy


def equip(policy: Network, kernel: Kernel) -> None:
    """Give a policy that `kernel_of` has found fit its kernel."""
    policy.kernel = kernel  # type: ignore[assignment]


class _Pass(torch.autograd.Function):
    """One pass; of its own values only the states are kept for the way back."""

    @staticmethod
    def forward(
        ctx: Any, kernel: Kernel, h: Tensor, kind: Tensor, *weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        h, kind = h.contiguous(), kind.to(torch.uint8).contiguous()
        matrices = [matrix.contiguous() for matrix in weights[: len(MATRICES)]]
        tensors = [*matrices, *(m.t().contiguous() for m in matrices), *weights[len(MATRICES) :]]
        out, logits = torch.empty_like(h), h.new_empty(len(h), 81, 9)
        structure = _structure(tensors)
        parts = min(len(h), torch.get_num_threads())
        kernel.run("pass_forward", len(h), [h, kind, out, logits], [[structure]] * parts)
        ctx.kernel = kernel
        ctx.save_for_backward(h, kind, out, *tensors)
        return out, logits

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor | None, ...]:
        h, kind, out, *tensors = ctx.saved_tensors
        grad, dlogits = (gradient.contiguous() for gradient in gradients)
        dh = torch.empty_like(h)
        weights = [*tensors[: len(MATRICES)], *tensors[2 * len(MATRICES) :]]
        structure = _structure(tensors)
        parts = min(len(h), torch.get_num_threads())
        sums = [[torch.zeros_like(weight) for weight in weights] for _ in range(parts)]
        ctx.kernel.run(
            "pass_backward",
            len(h),
            [h, kind, out, grad, dlogits, dh],
            [[structure, _structure(own)] for own in sums],
        )
        totals = [sum(own[1:], own[0]) for own in zip(*sums, strict=True)]
        return (None, dh, None, *totals)
