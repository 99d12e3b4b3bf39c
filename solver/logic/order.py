"""The orders in which steps to a solution are listed."""

from __future__ import annotations

from typing import Final, Literal, get_args

Order = Literal["confidence", "logic"]
ORDERS: Final[tuple[str, ...]] = get_args(Order)
