"""Run the attacks and print a table: a row a fault, with the tries and what came of them."""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from pathlib import Path

from tools.attack.common import Attack, Outcome, Row
from tools.attack.full import full
from tools.attack.fuzzing import fuzzing
from tools.attack.hostile import hostile
from tools.attack.killed import killed
from tools.attack.load import load
from tools.attack.never_wrong import never_wrong
from tools.attack.supply import supply

ROWS: dict[str, Row] = {
    "never-wrong": never_wrong,
    "killed": killed,
    "full": full,
    "hostile": hostile,
    "load": load,
    "supply": supply,
    "fuzzing": fuzzing,
}


def main() -> None:
    """The entry point."""
    parser = argparse.ArgumentParser(prog="python -m tools.attack", description=__doc__)
    parser.add_argument("rows", nargs="*", choices=[*ROWS, []], help="Which; by default all.")
    parser.add_argument("--share", type=float, default=0.01, help="Of the full counts.")
    parser.add_argument("--minutes", type=float, default=20, help="No new attack after this time.")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    until = time.monotonic() + 60 * chosen.minutes
    wrong = 0
    for name in chosen.rows or ROWS:
        print(f"\n### {name}\n\n| fault | tries | outcome |\n|---|---:|---|", flush=True)
        started = time.monotonic()
        with tempfile.TemporaryDirectory(prefix=f"attack-{name}-") as folder:
            attack = Attack(Path(folder), chosen.share, random.Random(f"{chosen.seed}:{name}"))
            for outcome in ROWS[name](attack):
                print(outcome.row(), flush=True)
                wrong += len(outcome.wrong)
                if time.monotonic() > until:
                    print(Outcome("the rest of the row", note="out of time").row())
                    break
        print(f"\n{time.monotonic() - started:.0f} s", flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
