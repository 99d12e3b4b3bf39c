"""Run the attacks and print a table: a row a fault, with the tries and what came of them."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.attack.common import Attack, Fault, Outcome, Row, spent
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


SPARE = 0.2
"""The part of all time that is kept for faults whose least number of tries takes longer."""


def main() -> None:
    """The entry point."""
    parser = argparse.ArgumentParser(prog="python -m tools.attack", description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], help="Which; by default all.")
    parser.add_argument("--share", type=float, default=1, help="At most, of the full counts.")
    parser.add_argument("--minutes", type=float, default=25, help="Of a processor, at most.")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    begun, started = spent(), time.monotonic()
    end = begun + 60 * chosen.minutes
    until = end - SPARE * (end - begun)
    names = [name for name in ROWS if name in (chosen.rows or ROWS)]
    outcomes: list[Outcome] = []
    for number, name in enumerate(names):
        print(f"\n### {name}\n\n| fault | tries | seconds | outcome |\n|---|---:|---:|---|")
        with tempfile.TemporaryDirectory(prefix=f"attack-{name}-") as folder:
            attack = Attack(Path(folder), chosen.share, random.Random(f"{chosen.seed}:{name}"))
            attack.until, attack.end = _share(until, len(names) - number), end
            for outcome in _outcomes(attack, ROWS[name]):
                print(outcome.row(), flush=True)
                outcomes.append(outcome)
    wrong = sum(len(outcome.wrong) for outcome in outcomes)
    cut = sum(outcome.cut for outcome in outcomes)
    print(
        f"\n{len(outcomes)} faults, {sum(outcome.tries for outcome in outcomes):,} tries, "
        f"{wrong} wrong, {cut} without time; {spent() - begun:.0f} s of a processor, "
        f"{time.monotonic() - started:.0f} s by the clock"
    )
    sys.exit(1 if wrong or cut else 0)


def _share(until: float, parts: int) -> float:
    """When the first of this many equal parts of the time until then is over."""
    return spent() + max(0.0, until - spent()) / parts


def _outcomes(attack: Attack, row: Row) -> Iterator[Outcome]:
    """What comes of the faults of a row, each with its part of the row's time."""
    until = attack.until
    faults: Sequence[Fault] = row(attack)
    for number, fault in enumerate(faults):
        attack.until = _share(until, len(faults) - number)
        try:
            yield fault()
        except Exception as error:
            attack.last.check(False, f"the attack itself: {type(error).__name__}: {error}")
            yield attack.last


if __name__ == "__main__":
    main()
