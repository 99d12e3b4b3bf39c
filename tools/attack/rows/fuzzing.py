"""Row 7: readers, metadata and configs fed with noise; the exact engine against another one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from tools.attack.checker import count
from tools.attack.common import Attack, Fault, Outcome
from tools.fuzz import FuzzError, fuzz


def fuzzing(attack: Attack) -> Sequence[Fault]:
    """Every reader, the policy's metadata, the config, the engine."""
    return [partial(fault, attack) for fault in (_readers, _metadata, _configs, _engine)]


def _readers(attack: Attack) -> Outcome:
    outcome = attack.outcome("every reader of puzzles: grids or one clear error")
    for number in attack.tries(1000, 3):
        try:
            outcome.tries += fuzz(1000, 17 + number).inputs
        except FuzzError as error:
            outcome.check(False, f"seed {17 + number}: {error}: {error.data[:200]!r}")
    return outcome


def _noise(attack: Attack, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(attack.rng.randrange(1, 6)):
        place = attack.rng.randrange(len(changed))
        kind = attack.rng.random()
        if kind < 0.5:
            changed[place] = attack.rng.randrange(256)
        elif kind < 0.75:
            changed[place:place] = attack.rng.randbytes(attack.rng.randrange(1, 12))
        else:
            del changed[place : place + attack.rng.randrange(1, 12)]
    return bytes(changed)


def _metadata(attack: Attack) -> Outcome:
    outcome = attack.outcome("the metadata of a policy file")
    from solver.policy.checks import ModelError, policy_metadata
    from solver.policy.message import MessageError, entries, has_external_data
    from tools.attack.policies import write_all

    file = write_all(attack.folder, 1)["NaN"]
    data = file.read_bytes()
    tail = next(place for place in range(len(data)) if data[place : place + 8] == b"\x06schema\x12")
    for _ in attack.tries(100_000, 1000):
        changed = data[: tail - 4] + _noise(attack, data[tail - 4 :])
        try:
            policy_metadata(file, changed)
            list(entries(changed))
            has_external_data(changed)
        except (ModelError, MessageError):
            pass
        except Exception as error:
            outcome.check(False, f"{type(error).__name__}: {error}")
            continue
        outcome.check(True, "")
    return outcome


def _configs(attack: Attack) -> Outcome:
    outcome = attack.outcome(
        "the recipe of a training, as TOML: a config or one clear error, read again as it was"
    )
    from training.recipe.recipes import named
    from training.recipe.toml import recipe_from, to_toml

    path = attack.folder / "config.toml"
    data = to_toml(named("quick")).encode()
    for _ in attack.tries(100_000, 300):
        path.write_bytes(_noise(attack, data))
        try:
            recipe = recipe_from(path)
            path.write_text(to_toml(recipe))
            outcome.check(recipe_from(path) == recipe, "read otherwise when written again")
        except ValueError:
            outcome.check(True, "")
        except Exception as error:
            outcome.check(False, f"{type(error).__name__}: {error}")
    return outcome


def _engine(attack: Attack) -> Outcome:
    outcome = attack.outcome("the exact engine against an independent search")
    from solver.exact import count_solutions, solve_many

    full = "534678912672195348198342567859761423426853791713924856961537284287419635345286179"
    for _ in attack.tries(100, 3):
        puzzles = []
        for _ in range(100):
            kept = set(attack.rng.sample(range(81), attack.rng.randrange(22, 40)))
            cells = [full[cell] if cell in kept else "0" for cell in range(81)]
            if attack.rng.random() < 0.3:
                cells[attack.rng.randrange(81)] = attack.rng.choice("123456789")
            puzzles.append("".join(cells))
        grids = [[int(digit) for digit in puzzle] for puzzle in puzzles]
        compiled = solve_many(grids)[1].tolist()
        for puzzle, grid, other in zip(puzzles, grids, compiled, strict=True):
            own, plain = count(puzzle), count_solutions(grid)
            right = own == plain == other
            outcome.check(right, f"{puzzle}: {own}, plain {plain}, compiled {other}")
    outcome.note = "counts up to two, plain and compiled"
    return outcome
