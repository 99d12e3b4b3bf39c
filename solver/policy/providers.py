"""The device a policy runs on: CUDA is checked before ONNX Runtime is asked for it.

ONNX Runtime names its CUDA provider wherever it was built with it, prints errors where no device
answers, and falls back in silence. Here the driver is asked first, nothing is printed, and the
session's own provider is what gets reported.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import sys
from typing import Any, Final, Literal, get_args

from solver.system.cores import MOST_THREADS, available_cores

Device = Literal["auto", "cpu", "cuda"]
DEVICES: Final[tuple[str, ...]] = get_args(Device)
CPU: Final = "CPUExecutionProvider"
CUDA: Final = "CUDAExecutionProvider"
QUIET: Final = 4
"""ONNX Runtime's log level 'fatal': what it has to say comes as exceptions."""


class DeviceError(ValueError):
    """The asked device is not there, or ONNX Runtime can't use it."""


def cuda_devices() -> int:
    """How many CUDA devices the driver reports; 0 without a driver. Loads nothing of CUDA's."""
    import ctypes

    library = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        driver = ctypes.CDLL(library)
        count = ctypes.c_int(0)
        if driver.cuInit(0) != 0 or driver.cuDeviceGetCount(ctypes.byref(count)) != 0:
            return 0
    except (OSError, AttributeError):
        return 0
    return max(count.value, 0)


def default_threads() -> int:
    """Threads for one session: the processors we may use, at most 8 (a puzzle is small work)."""
    return min(available_cores(), 8)


def session_options(threads: int | None = None, profile: str | None = None) -> Any:
    """`onnxruntime.SessionOptions` for a policy: quiet, `threads` wide, one operator at a time."""
    import onnxruntime as ort

    if threads is not None and not 0 <= threads <= MOST_THREADS:
        raise DeviceError(f"threads are at most {MOST_THREADS}, not {threads}")
    options = ort.SessionOptions()
    options.log_severity_level = QUIET
    options.intra_op_num_threads = default_threads() if threads is None else threads
    options.inter_op_num_threads = 1
    options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    _bound_memory()
    options.add_session_config_entry("session.use_env_allocators", "1")
    if profile is not None:
        options.enable_profiling = True
        options.profile_file_prefix = profile
    return options


@functools.cache
def _bound_memory() -> None:
    """Let all sessions of this process share one pool on the CPU, of half the machine's memory.

    A hostile policy then fails, rather than have the system end whatever is large.
    """
    import onnxruntime as ort

    try:
        most = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, ValueError, OSError):
        most = 0  # no bound where the system doesn't say
    bounds = {"max_mem": most, "arena_extend_strategy": -1, "initial_chunk_size_bytes": -1}
    kind, default = ort.OrtAllocatorType.ORT_ARENA_ALLOCATOR, ort.OrtMemType.DEFAULT
    ort.create_and_register_allocator(
        ort.OrtMemoryInfo("Cpu", kind, 0, default),
        ort.OrtArenaCfg({**bounds, "max_dead_bytes_per_chunk": -1}),
    )


def wants_cuda(device: str) -> bool:
    """Whether to ask for CUDA; raises `DeviceError` for an unknown device or an absent one."""
    if device not in DEVICES:
        raise DeviceError(f"unknown device {device!r}; choose from {', '.join(DEVICES)}")
    if device == "cpu":
        return False
    import onnxruntime as ort

    if CUDA not in ort.get_available_providers():
        problem = "this ONNX Runtime is built without CUDA; install onnxruntime-gpu"
    elif cuda_devices() == 0:
        problem = "no CUDA device answers here; use --device cpu"
    else:
        return True
    if device == "cuda":
        raise DeviceError(problem)
    return False


def create_session(data: bytes, device: str, options: Any) -> Any:
    """An `onnxruntime.InferenceSession` on `device`; its `get_providers()[0]` says which it is.

    Raises `DeviceError` where `device` is "cuda" and it can't be had, and whatever ONNX Runtime
    raises for a model it can't load. Nothing is printed.
    """
    import onnxruntime as ort

    def create(providers: list[str]) -> Any:
        return ort.InferenceSession(data, options, providers=providers, enable_fallback=0)

    if not wants_cuda(device):
        return create([CPU])
    ort.set_default_logger_severity(QUIET)
    reason = "ONNX Runtime fell back to the CPU; are CUDA's and cuDNN's libraries installed?"
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            if hasattr(ort, "preload_dlls"):
                ort.preload_dlls()
            session = create([CUDA, CPU])
            if session.get_providers()[0] == CUDA:
                return session
        except Exception as error:  # ONNX Runtime's errors share no other base
            session = None
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    if device == "cuda":
        raise DeviceError(f"the CUDA device can't be used: {reason}")
    return session if session is not None else create([CPU])
