"""A policy file is used whole or refused in one line."""

from __future__ import annotations

import os
import re
from pathlib import Path

import numpy as np
import onnx
import pytest

from solver.policy import providers
from solver.policy.session import ModelError, Policy
from solver.policy.stamp import EMPTY, StampError, read_stamp, stamp, stamp_hash
from tests.solver.policies import FLOAT, METADATA, clueless, onnx_bytes, policy_that

HARD = "800000000003600000070090200050007000000045700000100030001000068008500010090000400"
"""Arto Inkala's puzzle of 2012."""


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "tiny.onnx", onnx_bytes())


def test_a_sound_file_loads_and_tells_what_it_is(file: Path) -> None:
    policy = Policy.load(file, device="cpu", threads=1)
    assert (policy.views, policy.passes, policy.threads) == (2, 8, 1)
    assert policy.provider == "CPUExecutionProvider"
    assert policy.hash == stamp_hash(file.read_bytes()) == read_stamp(file.read_bytes())


@pytest.mark.parametrize("batch_size", [1, 2, 7])
def test_the_batch_size_changes_no_answer(file: Path, batch_size: int) -> None:
    puzzles = np.random.default_rng(0).integers(0, 10, (5, 81))
    said = Policy.load(file, device="cpu", threads=1).predict(puzzles, batch_size)
    assert said.probabilities.shape == (5, 81, 9)
    assert said.probabilities.dtype == np.float32
    np.testing.assert_array_equal(said.grid, np.maximum(puzzles, 1))
    np.testing.assert_array_equal(said.passes, np.ones(5))


def test_batches_side_by_side_answer_in_order(file: Path) -> None:
    puzzles = np.random.default_rng(0).integers(0, 10, (23, 81))
    alone = Policy.load(file, device="cpu", threads=1).predict(puzzles, 2)
    beside = Policy.load(file, device="cpu", threads=3).predict(puzzles, 2)
    np.testing.assert_array_equal(beside.grid, alone.grid)
    np.testing.assert_array_equal(beside.valid, alone.valid)
    np.testing.assert_allclose(beside.probabilities, alone.probabilities, atol=1e-6)


def test_no_puzzles_give_empty_answers(file: Path) -> None:
    said = Policy.load(file, device="cpu").predict(np.zeros((0, 81), np.int64))
    assert len(said) == 0
    assert said.probabilities.shape == (0, 81, 9)


@pytest.mark.parametrize(
    ("puzzles", "message"),
    [
        (np.zeros(81, int), "the shape [n, 81]"),
        (np.zeros((2, 80), int), "the shape [n, 81]"),
        (np.zeros((1, 81)), "whole numbers"),
        (np.full((1, 81), 10), "81 digits from 0 to 9"),
        (np.full((1, 81), -1), "81 digits from 0 to 9"),
    ],
)
def test_what_is_no_puzzle_is_an_error(puzzles: np.ndarray, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        clueless().predict(puzzles)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "not a usable ONNX model"),
        (b"no protobuf at all", "not a usable ONNX model"),
        (b"PK\x03\x04 as torch writes", "a checkpoint, not an ONNX model; make one of it with"),
        (onnx_bytes()[:-40], "not a usable ONNX model"),
        (onnx_bytes({"hash": EMPTY}), "not a sudoku-policy model; expected schema"),
        (onnx_bytes({**METADATA, "schema": "sudoku-policy/9"}), "schema 'sudoku-policy/9'"),
        (onnx_bytes(width=64), "input 'puzzle' is tensor(int64) ['batch', 64]"),
        (onnx_bytes(without="valid"), "lacks the output valid"),
        (onnx_bytes(kinds={"valid": FLOAT}), "output 'valid' is tensor(float)"),
        (onnx_bytes({**METADATA, "views": "many"}), "lack a number 1 to 10000 for 'views'"),
        (onnx_bytes(sealed=False), "differs from its stamp"),
        (onnx_bytes({"schema": METADATA["schema"], "views": "1", "passes": "1"}, sealed=False),
         "carries no stamp"),
    ],
)  # fmt: skip
def test_what_can_not_be_vouched_for_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    file = write(tmp_path / "bad.onnx", data)
    with pytest.raises(ModelError) as caught:
        Policy.load(file, device="cpu")
    assert message in str(caught.value)
    assert str(file) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_one_changed_byte_breaks_the_seal(file: Path) -> None:
    data = file.read_bytes()
    place = data.index(b"repeats the givens")
    file.write_bytes(data[:place] + b"R" + data[place + 1 :])
    with pytest.raises(ModelError, match="changed or damaged"):
        Policy.load(file, device="cpu")


@pytest.mark.parametrize("name", ["absent.onnx", "."])
def test_a_path_that_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError, match=r"no such policy file|not a file"):
        Policy.load(tmp_path / name)


def test_the_file_s_seal_covers_everything_but_its_own_digits() -> None:
    data = onnx_bytes()
    place = data.index(read_stamp(data).encode())
    other = data[:place] + b"f" * 64 + data[place + 64 :]
    assert stamp_hash(other) == stamp_hash(data)


def entry(key: bytes, value: bytes, *, turned: bool = False) -> bytes:
    """One entry of the metadata as bytes; turned, the value stands before the key."""
    parts = [b"\x0a" + bytes([len(key)]) + key, b"\x12" + bytes([len(value)]) + value]
    body = b"".join(reversed(parts) if turned else parts)
    return b"\x72" + bytes([len(body)]) + body


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("first", [False, True])
def test_a_second_hash_is_refused_wherever_it_stands(
    tmp_path: Path, turned: bool, first: bool
) -> None:
    more, data = entry(b"hash", b"9" * 64, turned=turned), onnx_bytes()
    file = write(tmp_path / "two.onnx", more + data if first else data + more)
    with pytest.raises(ModelError, match="names an entry of its metadata twice"):
        Policy.load(file, device="cpu")


def test_bytes_that_look_like_a_stamp_elsewhere_are_none() -> None:
    fake = b"\x0a\x04hash\x12\x40" + b"9" * 64
    data = onnx_bytes({**METADATA, "note": "x"}, sealed=False)
    body = stamp(data + entry(b"comment", fake))
    assert read_stamp(body) == stamp_hash(body)
    assert read_stamp(body) != "9" * 64


def test_weights_in_another_file_are_refused_though_the_stamp_is_right(tmp_path: Path) -> None:
    onnx = pytest.importorskip("onnx")
    model = onnx.load_from_string(onnx_bytes(sealed=False))
    for tensor in model.graph.initializer:
        tensor.ClearField("int64_data")
        tensor.ClearField("float_data")
        tensor.data_location = onnx.TensorProto.EXTERNAL
        tensor.external_data.add(key="location", value="weights.bin")
        break
    with pytest.raises(StampError, match="keeps weights in another file"):
        stamp(model.SerializeToString())
    file = write(tmp_path / "outside.onnx", model.SerializeToString())
    with pytest.raises(ModelError, match="keeps weights in another file"):
        Policy.load(file, device="cpu")


@pytest.mark.parametrize("views", ["0", "9" * 4301, "-1", "²", "1e3", "10001"])
def test_views_out_of_bounds_are_refused(tmp_path: Path, views: str) -> None:
    file = write(tmp_path / "views.onnx", onnx_bytes({**METADATA, "views": views}))
    with pytest.raises(ModelError, match="lack a number 1 to 10000 for 'views'"):
        Policy.load(file, device="cpu")


def test_metadata_that_are_not_utf_8_are_refused(tmp_path: Path) -> None:
    file = write(tmp_path / "latin.onnx", onnx_bytes() + entry(b"note", b"\xff\xfe"))
    with pytest.raises(ModelError, match="not UTF-8"):
        Policy.load(file, device="cpu")


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, -3.4e38, 1e9, -1.0])
def test_what_a_policy_says_is_finite_and_a_share(value: float) -> None:
    said = policy_that(lambda puzzles: np.full((len(puzzles), 81, 9), value)).predict([[0] * 81])
    assert np.isfinite(said.probabilities).all()
    assert 0 <= said.probabilities.min() <= said.probabilities.max() <= 1


@pytest.mark.parametrize("digit", [10, -3, 2**40, 65541])
def test_a_digit_beyond_nine_is_no_attempt(digit: int) -> None:
    policy = clueless()
    run = policy._session.run
    policy._session.run = lambda names, feed: [
        np.full_like(value, digit) if name == "grid" else value
        for name, value in zip(names, run(names, feed), strict=True)
    ]
    assert not policy.predict([[0] * 81]).grid.any()


def test_a_policy_that_asks_for_more_than_half_of_the_memory_is_refused(tmp_path: Path) -> None:
    model = onnx.load_from_string(onnx_bytes())
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2 // 8 + 1
    make = onnx.helper.make_node
    model.graph.node[1].input[0] = "less"
    model.graph.node.insert(0, make("ConstantOfShape", ["size"], ["many"]))
    model.graph.node.insert(1, make("ReduceMin", ["many"], ["least"], keepdims=0))
    model.graph.node.insert(2, make("Cast", ["least"], ["least_"], to=onnx.TensorProto.INT64))
    model.graph.node.insert(3, make("Sub", ["cells", "least_"], ["less"]))
    model.graph.node.insert(0, model.graph.node.pop(4))
    size = onnx.helper.make_tensor("size", onnx.TensorProto.INT64, [1], [pages * 2])
    model.graph.initializer.append(size)
    file = write(tmp_path / "large.onnx", stamp(model.SerializeToString()))
    policy = Policy.load(file, device="cpu", threads=1)
    with pytest.raises(ModelError, match=r"inference failed: .*memory") as caught:
        policy.predict(np.zeros((1, 81), np.int64))
    assert "\n" not in str(caught.value)


class TestDevices:
    def test_auto_stays_on_the_cpu_without_a_device_and_prints_nothing(
        self, file: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(providers, "cuda_devices", lambda: 0)
        assert Policy.load(file, device="auto").provider == "CPUExecutionProvider"
        assert capfd.readouterr() == ("", "")

    def test_asking_for_cuda_without_a_device_is_an_error(
        self, file: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(providers, "cuda_devices", lambda: 0)
        with pytest.raises(ModelError, match="CUDA"):
            Policy.load(file, device="cuda")
        assert capfd.readouterr() == ("", "")

    def test_a_device_that_fails_at_work_is_an_error_for_cuda_and_the_cpu_for_auto(
        self, file: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        if providers.cuda_devices():
            pytest.skip("a CUDA device is here")
        monkeypatch.setattr(providers, "cuda_devices", lambda: 1)
        with pytest.raises(ModelError, match="CUDA"):
            Policy.load(file, device="cuda")
        assert Policy.load(file, device="auto").provider == "CPUExecutionProvider"
        assert capfd.readouterr() == ("", "")

    @pytest.mark.gpu
    def test_a_gpu_is_used_and_named(self, file: Path) -> None:
        assert Policy.load(file, device="cuda").provider == "CUDAExecutionProvider"

    def test_an_unknown_device_is_an_error(self, file: Path) -> None:
        with pytest.raises(ModelError, match="unknown device 'tpu'"):
            Policy.load(file, device="tpu")


def test_threads_without_number_are_refused(file: Path) -> None:
    for threads in (-1, 1025, 10**20):
        with pytest.raises(ModelError, match=r"threads are at most 1024, not "):
            Policy.load(file, device="cpu", threads=threads)


def test_watching_needs_single_passes(file: Path) -> None:
    with pytest.raises(ModelError, match="no output 'trace'"):
        Policy.load(file, device="cpu").watch(np.zeros(81, int))
    assert clueless().watch(np.zeros(81, int)).shape == (2, 81, 9)


@pytest.mark.parametrize("limit", ["views", "passes"])
def test_a_file_that_takes_no_limit_is_refused_only_where_one_is_asked(
    file: Path, limit: str
) -> None:
    policy = Policy.load(file, "cpu", 1)
    assert policy.predict(np.zeros((1, 81), np.int64), views=1).valid.shape == (1,)
    with pytest.raises(ModelError, match=f"always takes its own {limit}"):
        Policy.load(file, "cpu", 1, **{limit: 2})


def test_the_shipped_policy_goes_on_for_more_passes_where_they_are_asked() -> None:
    stuck = np.array([[int(digit) for digit in HARD]])
    few = Policy.load(device="cpu", threads=1, views=1, passes=3)
    more = Policy.load(device="cpu", threads=1, views=1, passes=1000)
    assert (few.passes, more.passes) == (3, 1000)
    assert few.predict(stuck).passes.tolist() == [3]
    assert not few.predict(stuck).valid[0]
    assert more.predict(stuck).valid[0]
