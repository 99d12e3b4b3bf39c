"""Checkpoints: moved into place, the last two kept, and refused by name."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
import torch

from training.network import checkpoint
from training.network.checkpoint import (
    RUN_SCHEMA,
    CheckpointError,
    load,
    load_policy,
    rotate,
    save,
    save_policy,
)
from training.network.graph import Policy, PolicyConfig

SMALL = PolicyConfig(width=4, hidden=4, gate=4)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save_policy(tmp_path / "policy_ema.pt", Policy(SMALL), {"steps": 7})
    return tmp_path / "policy_ema.pt"


def test_a_policy_comes_back_as_it_was(path: Path) -> None:
    policy, made = load_policy(path)
    assert policy.config == SMALL
    assert not policy.training
    assert made == {"steps": 7}


def test_a_write_that_fails_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(content: object, file: object) -> None:
        raise OSError(28, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(checkpoint.torch, "save", full)
    with pytest.raises(OSError, match="No space left"):
        save(path, {"schema": RUN_SCHEMA})
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_the_last_two_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "policy.pt"
    for step in range(3):
        rotate(path)
        save(path, {"schema": RUN_SCHEMA, "step": step})
    assert load(path, RUN_SCHEMA)["step"] == 2
    assert load(tmp_path / "policy.previous.pt", RUN_SCHEMA)["step"] == 1
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_cut_short_is_refused(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(CheckpointError, match=r"policy_ema\.pt: not a readable checkpoint"):
        load_policy(path)


def test_what_is_no_checkpoint_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.pt"
    with pytest.raises(CheckpointError, match="no such file"):
        load(path)
    path.write_bytes(b"hello")
    with pytest.raises(CheckpointError, match="not a readable checkpoint"):
        load(path)
    torch.save({"model": {}}, path)
    with pytest.raises(CheckpointError, match="not a checkpoint of this project"):
        load(path)


@pytest.mark.parametrize("name", ["/dev/zero", ".", "pipe.pt"])
def test_what_is_no_regular_file_is_refused_unread(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pipe.pt")
    with pytest.raises(CheckpointError, match=r"not a file$"):
        load(Path(name))


def test_another_version_is_refused(tmp_path: Path) -> None:
    save(tmp_path / "policy.pt", {"schema": "sudoku-policy/99"})
    with pytest.raises(CheckpointError, match=r"a policy \(sudoku-policy/99\), expected a policy"):
        load_policy(tmp_path / "policy.pt")


def test_a_run_is_not_a_policy(tmp_path: Path) -> None:
    save(tmp_path / "policy.pt", {"schema": RUN_SCHEMA})
    with pytest.raises(CheckpointError, match=r"a run to resume \(sudoku-run/1\), expected a"):
        load_policy(tmp_path / "policy.pt")


def test_code_in_a_checkpoint_is_not_run(tmp_path: Path) -> None:
    import pickle

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return print, ("run",)

    (tmp_path / "policy.pt").write_bytes(pickle.dumps(Evil()))
    with pytest.raises(CheckpointError, match="not a readable checkpoint"):
        load(tmp_path / "policy.pt")


def test_another_architecture_is_refused(path: Path) -> None:
    content = load(path)
    del content["model"]["head.weight"]
    save(path, content)
    with pytest.raises(CheckpointError, match="holds another architecture"):
        load_policy(path)


def test_every_flipped_bit_of_the_weights_is_noticed(path: Path) -> None:
    policy, _ = load_policy(path)
    data = path.read_bytes()
    noticed = 0
    for place in range(0, len(data), max(1, len(data) // 60)):
        path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
        try:
            found, _ = load_policy(path)
        except CheckpointError:
            noticed += 1
            continue
        for name, value in policy.state_dict().items():  # a byte that fills up, or of a date
            assert torch.equal(value, found.state_dict()[name])
    assert noticed > 20


def test_a_config_of_gigabytes_takes_no_memory(path: Path) -> None:
    content = load(path)
    content["config"]["width"] = 200_000
    save(path, content)
    with pytest.raises(CheckpointError, match="another architecture"):
        load_policy(path)


@pytest.mark.parametrize("run", [[], 7, "text"])
def test_what_made_it_is_a_table_or_the_policy_is_refused(path: Path, run: object) -> None:
    save(path, {**load(path), "run": run})
    with pytest.raises(CheckpointError, match="does not say what made it"):
        load_policy(path)


def test_keys_that_are_no_names_are_refused(path: Path) -> None:
    content = load(path)
    content["model"] = dict(enumerate(content["model"].values()))
    save(path, content)
    with pytest.raises(CheckpointError, match="another architecture"):
        load_policy(path)


def test_a_compressed_archive_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(CheckpointError, match="compressed"):
        load(path)


def test_the_one_before_a_damaged_checkpoint_is_named(path: Path) -> None:
    rotate(path)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(CheckpointError, match=r"the one before it is .*policy_ema\.previous\.pt"):
        load(path)


def test_an_exported_policy_is_told_from_a_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "policy.onnx"
    path.write_bytes((Path(__file__).parents[2] / "golden" / "tiny.onnx").read_bytes())
    with pytest.raises(CheckpointError, match=r"policy\.onnx: a policy that was exported already"):
        load_policy(path)
