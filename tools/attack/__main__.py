"""Run the attacks and print a table: a row a fault, with the tries and what came of them."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.attack.common import Attack, Fault, Outcome, OutOfTimeError, Row
from tools.attack.rows.commands import commands
from tools.attack.rows.full import full
from tools.attack.rows.fuzzing import fuzzing
from tools.attack.rows.hostile import hostile
from tools.attack.rows.killed import killed
from tools.attack.rows.load import load
from tools.attack.rows.mutants import mutants
from tools.attack.rows.never_wrong import never_wrong
from tools.attack.rows.supply import supply

ROWS: dict[str, Row] = {
    "never-wrong": never_wrong,
    "killed": killed,
    "full": full,
    "hostile": hostile,
    "commands": commands,
    "load": load,
    "supply": supply,
    "fuzzing": fuzzing,
    "mutants": mutants,
}


def main() -> None:
    """The entry point."""
    parser = argparse.ArgumentParser(prog="python -m tools.attack", description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], help="Which; by default all.")
    parser.add_argument("--share", type=float, default=0.01, help="Of the full counts.")
    parser.add_argument("--minutes", type=float, default=20, help="Shared by the rows.")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    begun = time.monotonic()
    until = begun + 60 * chosen.minutes
    names = chosen.rows or list(ROWS)
    outcomes: list[Outcome] = []
    for number, name in enumerate(names):
        print(f"\n### {name}\n\n| fault | tries | outcome |\n|---|---:|---|", flush=True)
        with tempfile.TemporaryDirectory(prefix=f"attack-{name}-") as folder:
            attack = Attack(Path(folder), chosen.share, random.Random(f"{chosen.seed}:{name}"))
            attack.until = _share(until, len(names) - number)
            for outcome in _outcomes(attack, ROWS[name]):
                print(outcome.row(), flush=True)
                outcomes.append(outcome)
    wrong = sum(len(outcome.wrong) for outcome in outcomes)
    print(
        f"\n{len(outcomes)} faults, {sum(outcome.tries for outcome in outcomes):,} tries, "
        f"{wrong} wrong, {sum(outcome.cut for outcome in outcomes)} cut off by the limit of time; "
        f"{time.monotonic() - begun:.0f} s"
    )
    sys.exit(1 if wrong else 0)


def _share(until: float, parts: int) -> float:
    """When the first of that many equal parts of the time left is over."""
    now = time.monotonic()
    return now + (until - now) / parts


def _outcomes(attack: Attack, row: Row) -> Iterator[Outcome]:
    """What comes of the faults of a row, each with its part of the row's time."""
    until = attack.until
    attack.outcome("what the row's faults share")
    try:
        faults: Sequence[Fault] = row(attack)
    except OutOfTimeError:
        attack.last.cut = True
        yield attack.last
        return
    for number, fault in enumerate(faults):
        attack.until = _share(until, len(faults) - number)
        try:
            yield fault()
        except OutOfTimeError:
            attack.last.cut = True
            yield attack.last


if __name__ == "__main__":
    main()
