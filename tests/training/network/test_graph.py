"""The graph network's sizes."""

from __future__ import annotations

import re

import pytest

from training.network.graph import PolicyConfig


def test_sizes_are_read_by_name() -> None:
    assert PolicyConfig.of(["width=8", " gate = 16"]) == PolicyConfig(width=8, gate=16)
    assert PolicyConfig.of([]) == PolicyConfig()


@pytest.mark.parametrize(
    ("sizes", "text"),
    [
        (["widht=8"], "unknown size of the network 'widht'; did you mean 'width'?"),
        (["width=big"], "isn't NAME=VALUE"),
        (["width=0"], "must be 1 to 8,192"),
    ],
)
def test_a_wrong_size_is_refused_by_name(sizes: list[str], text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        PolicyConfig.of(sizes)
