"""A run that ends at any line of its code is resumed to the bytes of one that did not."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tools.attack.common import Attack
from tools.attack.moments import ENDS, at_each_line

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="each end is that of a copy")


@pytest.mark.parametrize("end", list(ENDS))
@pytest.mark.parametrize("over", [False, True])
def test_a_run_ended_at_a_line_of_its_code_is_resumed_to_the_same_bytes(
    tmp_path: Path, end: str, over: bool
) -> None:
    outcome = at_each_line(Attack(tmp_path, 1, random.Random(1)), end, over, every=61)
    assert outcome.wrong == []
    assert outcome.tries > 5
