"""The confidence over the grid as a file: SVG, or PNG through matplotlib."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from solver.board.grid import COLUMN_OF, ROW_OF
from solver.board.svg import GIVEN, INK, hexed, ink_on, ramp
from solver.render.svg import heatmap_svg
from solver.solving.solution import Solution


def write_heatmap(solution: Solution, file: Path, suffix: str | None = None) -> None:
    """Write `file`, as .svg or .png by its suffix or the one given.

    Raises `ModuleNotFoundError` for a .png where matplotlib (extra `train`) is missing,
    `ValueError` for another suffix, `OSError` where the file can't be written.
    """
    match (suffix or file.suffix).lower():
        case ".svg":
            file.write_text(heatmap_svg(solution) + "\n", encoding="utf-8")
        case ".png":
            _write_png(solution, file)
        case other:
            raise ValueError(f"a heatmap is .svg or .png, not {other or 'without suffix'}")


def _write_png(solution: Solution, file: Path) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.colors import ListedColormap
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 6.6), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    colors = ListedColormap([hexed(ramp(i / 255)) for i in range(256)]).with_extremes(under=GIVEN)
    values = [[0.0] * 9 for _ in range(9)]
    for cell, sure in enumerate(solution.confidences):
        values[ROW_OF[cell]][COLUMN_OF[cell]] = -1.0 if sure is None else sure
    image = axes.imshow(values, cmap=colors, vmin=0, vmax=1, extent=(0, 9, 9, 0))
    grid = solution.shown
    for cell, sure in enumerate(solution.confidences):
        x, y = COLUMN_OF[cell] + 0.5, ROW_OF[cell] + 0.5
        ink = INK if sure is None else ink_on(ramp(sure))
        weight = "bold" if solution.puzzle[cell] else "normal"
        lift = 0.0 if sure is None else 0.1
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": ink}
        if grid[cell]:
            axes.text(x, y - lift, str(grid[cell]), fontsize=17, fontweight=weight, **look)
        if sure is not None:
            axes.text(x, y + 0.33, f"{sure:.2f}", fontsize=7, **look)
    for at in range(10):
        line: dict[str, Any] = {"color": INK, "linewidth": 2.0 if at % 3 == 0 else 0.6}
        axes.axhline(at, **line)
        axes.axvline(at, **line)
    axes.set_axis_off()
    label = "probability that the policy gives the digit; grey: given"
    figure.colorbar(image, orientation="horizontal", label=label, shrink=0.9, pad=0.02)
    figure.savefig(file, format="png")
