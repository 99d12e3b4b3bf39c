"""The report's figures as SVG text, drawn by matplotlib without a display."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

STYLE: Any = {
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.25,
    "legend.frameon": False,
}


def _drawn(draw: Any, width: float = 4.6, height: float = 2.9) -> str:
    """The SVG element that `draw(axes)` makes."""
    import matplotlib
    from matplotlib.figure import Figure

    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(width, height), layout="constrained")
        draw(figure.subplots())
        out = io.StringIO()
        # no date, so that the same run gives the same report
        figure.savefig(out, format="svg", metadata={"Date": None})
    text = out.getvalue()
    return text[text.index("<svg") :]


def curves(
    lines: Sequence[dict[str, Any]], names: dict[str, str], title: str, log: bool = False
) -> str:
    """Lines over the steps: `names` maps a figure's key to its label; stages are told apart."""

    def draw(axes: Any) -> None:
        by = "step" if lines and "step" in lines[0] else "epoch"
        where = [m[by] for m in lines]
        for key, label in names.items():
            values = [m.get(key) for m in lines]
            values = [np.nan if v is None else v for v in values]
            marker = "." if len(lines) < 100 else ""
            axes.plot(where, values, label=label, marker=marker, linewidth=1.4)
        for here, before in zip(lines[1:], lines[:-1], strict=True):
            if here.get("stage") != before.get("stage"):
                axes.axvline(before[by], color="grey", linestyle=":", linewidth=1)
        axes.set_title(title)
        axes.set_xlabel(by)
        axes.xaxis.get_major_locator().set_params(integer=True)
        if log:
            axes.set_yscale("log")
        if len(names) > 1:
            axes.legend()

    return _drawn(draw)


def reliability(confidence: NDArray[np.float64], right: NDArray[np.bool_], bins: int) -> str:
    """Share of right cells over confidence, by equal bins; the diagonal is perfect."""

    def draw(axes: Any) -> None:
        where = np.clip((confidence * bins).astype(int), 0, bins - 1)
        total = np.bincount(where, minlength=bins)
        share = np.bincount(where, right, bins) / np.maximum(total, 1)
        middle = (np.arange(bins) + 0.5) / bins
        shown = total > 0
        axes.bar(middle[shown], share[shown], 0.9 / bins, alpha=0.7, label="right")
        axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
        axes.set_xlim(0, 1)
        axes.set_ylim(0, 1)
        axes.set_title("Calibration of cells")
        axes.set_xlabel("confidence")
        axes.set_ylabel("share right")

    return _drawn(draw, 3.4, 2.9)


def confusion(counts: NDArray[np.int64], title: str) -> str:
    """Digits answered (columns) for right digits (rows), int [9, 9], wrong cells alone."""

    def draw(axes: Any) -> None:
        axes.grid(visible=False)
        axes.imshow(counts, cmap="Reds", vmin=0, vmax=max(1, int(counts.max())))
        for row, column in zip(*np.nonzero(counts), strict=True):
            dark = counts[row, column] > 0.6 * counts.max()
            colour = "white" if dark else "black"
            text = counts[row, column]
            axes.text(column, row, text, ha="center", va="center", fontsize=7, color=colour)
        axes.set_xticks(range(9), range(1, 10))
        axes.set_yticks(range(9), range(1, 10))
        axes.set_xlabel("answered")
        axes.set_ylabel("right")
        axes.set_title(title)

    return _drawn(draw, 2.9, 2.9)
