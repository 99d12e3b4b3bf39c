"""Processors by affinity and by the quotas of control groups, as files of Linux give them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from solver.system import cores
from solver.system.cores import available_cores, quotas


def process(folder: Path, groups: str, mounts: str) -> Path:
    """A folder as /proc/self, its control groups mounted in `folder`."""
    made = folder / "proc"
    made.mkdir()
    (made / "cgroup").write_text(groups, encoding="ascii")
    (made / "mountinfo").write_text(mounts.replace("FOLDER", str(folder)), encoding="ascii")
    return made


V2 = "31 24 0:27 / FOLDER/v2 rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"
V1 = "33 24 0:30 {root} FOLDER/v1 rw,nosuid - cgroup cgroup rw,cpu,cpuacct\n"


def group(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text + "\n", encoding="ascii")


def test_a_quota_of_version_2_counts_in_every_group_above(tmp_path: Path) -> None:
    group(tmp_path / "v2", cpu__max="max 100000")
    group(tmp_path / "v2/box", cpu__max="250000 100000")
    group(tmp_path / "v2/box/inner", cpu__max="800000 100000")
    assert sorted(quotas(process(tmp_path, "0::/box/inner\n", V2))) == [2.5, 8.0]


def test_inside_a_container_the_group_is_the_top_of_what_is_mounted(tmp_path: Path) -> None:
    group(tmp_path / "v2", cpu__max="100000 100000")
    assert list(quotas(process(tmp_path, "0::/\n", V2))) == [1.0]


def test_a_quota_of_version_1_is_found_whether_or_not_its_path_is_mounted(tmp_path: Path) -> None:
    group(tmp_path / "v1", cpu__cfs_quota_us="150000", cpu__cfs_period_us="100000")
    groups = "5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n"
    mounts = V1.format(root="/docker/abc")
    assert list(quotas(process(tmp_path, groups, mounts))) == [1.5]


def test_no_quota_is_no_bound(tmp_path: Path) -> None:
    group(tmp_path / "v1", cpu__cfs_quota_us="-1", cpu__cfs_period_us="100000")
    group(tmp_path / "v2", cpu__max="max 100000")
    mounts = V2 + V1.format(root="/")
    assert list(quotas(process(tmp_path, "0::/\n1:cpu:/\n", mounts))) == []
    assert list(quotas(tmp_path / "nowhere")) == []


@pytest.mark.parametrize(
    ("affinity", "quota", "expected"),
    [(8, [1.0], 1), (8, [2.5, 4.0], 2), (4, [], 4), (2, [0.3], 1)],
)
def test_the_least_of_affinity_and_quotas_counts_and_is_one_at_least(
    monkeypatch: pytest.MonkeyPatch, affinity: int, quota: list[float], expected: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(affinity)), raising=False)
    monkeypatch.setattr(cores, "quotas", lambda: iter(quota))
    assert available_cores() == expected
