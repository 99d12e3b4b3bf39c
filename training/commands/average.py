"""A mean of policies' weights: `sudoku-train average`.

Where one policy was trained on from another, on other puzzles, their mean often does what both do,
and better (Wortsman et al. 2022, model soups; Wortsman et al. 2022, robust fine-tuning).
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated

import typer

from solver.board.words import inert
from solver.cli.common import fail
from solver.cli.help import command_app
from solver.cli.outputs import writing

app = command_app(add_completion=False)


@app.command()
def average(
    policies: Annotated[
        list[Path], typer.Argument(metavar="POLICY", help="Policies of the same architecture.")
    ],
    output: Annotated[Path, typer.Option("--output", "-o", help="Policy to write.")],
    shares: Annotated[
        str, typer.Option(help="Share of each, separated by commas; equal by default.")
    ] = "",
) -> None:
    """Write the mean of some policies' weights."""
    from training.network.checkpoint import CheckpointError, load_policy, save_policy

    try:
        given = [float(part) for part in shares.split(",")] if shares else [1.0] * len(policies)
    except ValueError:
        fail(f"--shares {shares}: not numbers separated by commas")
    if len(given) != len(policies) or not (min(given) >= 0 and 0 < sum(given) < math.inf):
        fail(f"--shares {shares}: one number of 0 or more for each of {len(policies)} policies")
    try:
        loaded = [load_policy(path) for path in policies]
    except CheckpointError as error:
        fail(error)
    mean = loaded[0][0]
    if any(policy.config != mean.config for policy, _ in loaded):
        fail(f"{', '.join(map(str, policies))}: not all of one architecture")
    states = [policy.state_dict() for policy, _ in loaded]
    parts = [share / sum(given) for share in given]
    mean.load_state_dict(
        {
            name: sum(part * state[name] for part, state in zip(parts, states, strict=True))
            for name in states[0]
        }
    )
    made_of: dict[str, float] = {}  # by name alone: where they are kept is nobody's business
    for path, part in zip(policies, parts, strict=True):
        name = path.name if len({p.name for p in policies}) == len(set(policies)) else str(path)
        made_of[name] = made_of.get(name, 0.0) + part
    with writing(output, policies):
        save_policy(output, mean, {**loaded[-1][1], "mean_of": made_of})
    print(
        inert(f"{output}: {', '.join(f'{part:.0%} of {name}' for name, part in made_of.items())}")
    )
