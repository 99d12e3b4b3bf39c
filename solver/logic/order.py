"""The orders in which the steps to a solution can be told."""

from __future__ import annotations

from typing import Final, Literal, get_args

Order = Literal["confidence", "logic"]
ORDERS: Final[tuple[str, ...]] = get_args(Order)
