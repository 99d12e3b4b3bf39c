"""A tiny policy and its views, for the tests of the export."""

from __future__ import annotations

import pytest

from export.views import Views
from tests.export.samples import make_policy
from training.network.graph import Policy


@pytest.fixture(scope="session")
def policy() -> Policy:
    return make_policy()


@pytest.fixture(scope="session")
def views() -> Views:
    return Views.draw(3, seed=5)
