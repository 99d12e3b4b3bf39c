"""What the whole suite shares: where the real puzzles are, and what is skipped for which reason."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from solver.exact.compiled import folder

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow too")


def pytest_configure(config: pytest.Config) -> None:
    """Have all processes of a run keep compiled functions in one place, whatever their home is."""
    os.environ.setdefault("NUMBA_CACHE_DIR", str(folder()))


def _has_gpu() -> bool:
    import torch

    return torch.cuda.is_available()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # what it compiles, all others load
    items.sort(key=lambda item: "test_compiled_cache.py" not in item.nodeid)
    marked = {
        name for item in items for name in ("gpu", "shared", "browser") if name in item.keywords
    }
    skips = {
        "slow": None if config.getoption("--slow") else "long; run with --slow",
        "shared": None if SHARED.is_dir() else f"no real puzzles at {SHARED}",
        "browser": None if CHROMIUM else "no Chromium on the path",
        "gpu": None if "gpu" not in marked or _has_gpu() else "no CUDA device",
    }
    for item in items:
        for name, reason in skips.items():
            if reason is not None and name in item.keywords:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real puzzles; only for tests marked `shared`."""
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; only for tests marked `browser`."""
    assert CHROMIUM is not None
    return CHROMIUM
