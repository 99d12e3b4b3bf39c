"""Rows of figures as aligned text, Markdown, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from typing import Any

FORMATS = ("text", "json", "csv", "markdown")


def shown(value: Any) -> str:
    """A figure for people: shares and small numbers with four decimals, a dash for none."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "–"
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) > 1 else f"{value:.4f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def as_text(rows: Sequence[dict[str, Any]]) -> str:
    """Aligned columns: the first row's keys above the values."""
    keys = list(rows[0])
    cells = [keys, *([shown(row.get(k)) for k in keys] for row in rows)]
    return aligned(cells, [isinstance(rows[0][k], str) for k in keys])


def aligned(lines: Sequence[Sequence[str]], left: Sequence[bool]) -> str:
    """Lines of fields in columns, each to the left or to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            text.ljust(width) if is_left else text.rjust(width)
            for text, width, is_left in zip(line, widths, left, strict=True)
        ).rstrip()
        for line in lines
    )


def as_markdown(rows: Sequence[dict[str, Any]]) -> str:
    """A Markdown table."""
    keys = list(rows[0])
    rule = ["---" if isinstance(rows[0][k], str) else "---:" for k in keys]
    lines = [keys, rule, *([shown(row.get(k)).replace("|", "\\|") for k in keys] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def as_csv(rows: Sequence[dict[str, Any]]) -> str:
    """CSV with a header."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: _plain(v) for k, v in row.items()} for row in rows)
    return out.getvalue().rstrip("\n")


def rendered(rows: Sequence[dict[str, Any]], form: str) -> str:
    """The rows in one of `FORMATS`; raises `ValueError` for another."""
    if form == "json":
        return json.dumps([{k: _plain(v) for k, v in row.items()} for row in rows], indent=2)
    try:
        return {"text": as_text, "csv": as_csv, "markdown": as_markdown}[form](rows)
    except KeyError:
        raise ValueError(f"format {form!r} isn't one of {', '.join(FORMATS)}") from None
