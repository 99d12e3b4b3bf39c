"""Row 4: files made to harm."""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import shutil
import zipfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from tools.attack.checker import is_solution
from tools.attack.common import ROOT, Attack, Fault, Outcome
from tools.attack.forks import called, warm_up
from tools.attack.policies import hostile_graphs
from tools.attack.samples import HARD, LINE, READERS, filled

SHIPPED = ROOT / "solver" / "models"


def hostile(attack: Attack) -> Sequence[Fault]:
    """Code in checkpoints, bombs, graphs, escapes, formulas, paths, damage."""
    warm_up()
    faults = (_pickles, _bombs, _operators, _text, _damaged_policies, _damaged_checkpoints)
    return [partial(fault, attack) for fault in faults]


class _Touch:
    """Unpickled, it runs a program that makes a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch '{self.path}'",)


def _pickles(attack: Attack) -> Outcome:
    outcome = attack.outcome("a pickle that runs a program, as .pt")
    mark = attack.folder / "it ran"
    for protocol in range(6):
        code = pickle.dumps(_Touch(mark), protocol)
        zipped = io.BytesIO()
        with zipfile.ZipFile(zipped, "w") as archive:
            archive.writestr("a/data.pkl", code)
            archive.writestr("a/version", "3\n")
        for data in (code, zipped.getvalue()):
            (attack.folder / "bad.pt").write_bytes(data)
            done = called(attack, ["sudoku-evaluate", "bad.pt", "--data", HARD])
            outcome.check(done.clean and done.status != 0 and not mark.exists(), done.said())
    return outcome


def _changed(attack: Attack, data: bytes) -> bytes:
    place = attack.rng.randrange(len(data))
    kind = attack.rng.choice(("cut", "bit", "bit", "bit", "hole", "double"))
    if kind == "cut":
        return data[:place]
    if kind == "bit":
        flipped = data[place] ^ (1 << attack.rng.randrange(8))
        return data[:place] + bytes([flipped]) + data[place + 1 :]
    if kind == "hole":
        return data[:place] + data[place + attack.rng.randrange(1, 2000) :]
    return data[:place] + data[:place]


def _damaged_checkpoints(attack: Attack) -> Outcome:
    outcome = attack.outcome("a checkpoint cut, flipped or doubled: refused, or the same weights")
    from training.network.checkpoint import CheckpointError, load_policy

    good = SHIPPED / "policy_ema.pt"
    data, bad = good.read_bytes(), attack.folder / "bad.pt"
    weights = {
        name: value.numpy().tobytes() for name, value in load_policy(good)[0].state_dict().items()
    }
    refused = 0
    for _ in attack.tries(1000, 100):
        bad.write_bytes(_changed(attack, data))
        try:
            found = load_policy(bad)[0].state_dict()
        except CheckpointError:
            refused += 1
            outcome.check(True, "")
            continue
        except Exception as error:
            outcome.check(False, f"{type(error).__name__}: {error}")
            continue
        same = {name: value.numpy().tobytes() for name, value in found.items()} == weights
        outcome.check(same, "other weights were loaded")
    outcome.note = f"{refused:,} refused"
    return outcome


def _damaged_policies(attack: Attack) -> Outcome:
    outcome = attack.outcome("a policy file cut, flipped or doubled, half of them stamped anew")
    from solver.policy.checks import ModelError
    from solver.policy.session import Policy
    from solver.policy.stamp import StampError, read_stamp, stamp

    data, bad = (SHIPPED / "policy.onnx").read_bytes(), attack.folder / "bad.onnx"
    place = data.index(read_stamp(data).encode())
    blank = data[:place] + b"0" * 64 + data[place + 64 :]
    refused = used = 0
    for number in attack.tries(1000, 40):
        changed = _changed(attack, data if number % 2 else blank)
        if number % 2 == 0:
            with contextlib.suppress(StampError):
                changed = stamp(changed)
        bad.write_bytes(changed)
        try:
            policy = Policy.load(bad, device="cpu", threads=1)
            said = policy.predict([[0] * 81], views=1)
            used += 1
            inside = bool(((said.grid >= 0) & (said.grid <= 9)).all())
            outcome.check(inside and changed != data and number % 2 == 0, "damage went unseen")
        except ModelError:
            refused += 1
            outcome.check(True, "")
        except Exception as error:
            outcome.check(False, f"{type(error).__name__}: {error}")
    outcome.note = f"{refused:,} refused, {used:,} with a new stamp used, their answers checked"
    return outcome


def _bombs(attack: Attack) -> Outcome:
    outcome = attack.outcome("bombs of XML, CSV, gzip and Parquet within 2 GiB and 60 s")
    import gzip
    import resource

    bombs = {
        "laughs.opensudoku": b'<!DOCTYPE x [<!ENTITY a "ha">' + b"".join(
            b'<!ENTITY a%d "%s">' % (n, b"&a;" * 10) for n in range(9)) + b"]><opensudoku>&a8;",
        "deep.opensudoku": b"<opensudoku>" + b"<a>" * 200_000,
        "entity.opensudoku": b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><opensudoku/>',
        "line.csv": b"puzzle\n" + b"5" * 50_000_000,
        "quote.csv": b'puzzle,x\n"' + b"a\n" * 200_000,
        "zip.csv": gzip.compress(bytes(30_000_000)),
        "deep.json": b'{"puzzle": ' + b"[" * 200_000,
        "words.sdk": b"no puzzle here at all\n" * 500_000,
    }  # fmt: skip
    for name, data in bombs.items():
        (attack.folder / name).write_bytes(data)
    import pyarrow as pa
    from pyarrow import parquet

    long = pa.DictionaryArray.from_arrays(pa.array([0] * 100_000, pa.int32()), ["9" * 4_000_000])
    parquet.write_table(pa.table({"puzzle": long}), attack.folder / "long.parquet")
    nulls = pa.table({"puzzle": pa.nulls(20_000_000, pa.string())})
    parquet.write_table(nulls, attack.folder / "nulls.parquet")

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (2 << 30, 2 << 30))

    cases = [(name, template) for name in (*bombs, "long.parquet", "nulls.parquet")
             for template in READERS if template[1] in ("-q", "--engine", "convert", "check")
             and "--model" not in template and "--skip" not in template]  # fmt: skip
    for name, template in attack.each(cases, 20):
        done = called(attack, filled(template, name), 60, setup=limit)
        outcome.check(done.clean and done.status == 2, f"{name} {template[:2]}: {done.said()}")
    return outcome


def _operators(attack: Attack) -> Outcome:
    outcome = attack.outcome("policies of hostile operators and shapes, within 4 GiB and 20 s")
    import resource

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (4 << 30, 4 << 30))

    graphs = hostile_graphs()
    ways = (("-q",), ("-f", "json"), ("-o", "out.csv"), ("-H",))
    for (name, data), way in attack.each([(each, way) for each in graphs.items() for way in ways],
                                         len(graphs)):  # fmt: skip
        (attack.folder / "bad.onnx").write_bytes(data)
        command = ["sudoku-solve", HARD, "--model", "bad.onnx", "--timeout", "20", *way]
        done = called(attack, command, 60, setup=limit)
        grid = done.out.decode(errors="replace").split()
        right = way != ("-q",) or done.status != 0 or is_solution("." * 81, grid[0])
        known = done.status in (0, 1, 5, 124) and (done.status != 1 or b"memory" in done.err)
        outcome.check(done.clean and known and right, f"{name} {way}: {done.said()}")
    return outcome


def _text(attack: Attack) -> Outcome:
    outcome = attack.outcome("escapes, formulas and paths in names and metadata")
    evil = "\x1b]52;c;cm0gLXJmIH4=\x07\x9b31m\u202e=HYPERLINK(1)"
    folder = attack.folder / "\x1b]0;owned\x07"
    folder.mkdir(exist_ok=True)
    files = {
        "evil.sdk": f"#L{evil}\n#A../../../etc/passwd\n" + "\n".join(
            LINE[n : n + 9] for n in range(0, 81, 9)),
        "evil.csv": f'puzzle,level\n{LINE},"{evil}"\n{LINE},=1+1\n',
        "evil.opensudoku": "<opensudoku><name>=1+1</name>"
        f"<game data='{LINE.replace('.', '0')}'/></opensudoku>",
    }  # fmt: skip
    for name, text in files.items():
        path = folder / name
        path.write_text(text)
        for command in (
            ("sudoku-solve",), ("sudoku-solve", "-f", "markdown"), ("sudoku-solve", "-H"),
            ("sudoku-data", "show"), ("sudoku-data", "check", "--each"), ("sudoku-data", "rate"),
        ):  # fmt: skip
            done = called(attack, [*command, str(path)])
            said = done.out + done.err
            raw = any(sign in said for sign in (b"\x1b]", b"\x07", b"\xc2\x9b", b"\xe2\x80\xae"))
            outcome.check(done.clean and not raw, f"{command} {name}: {done.said()}")
        done = called(attack, ["sudoku-data", "convert", str(path), "flat.csv"])
        rows = (attack.folder / "flat.csv").read_text().splitlines()
        formula = any(f"{sign}=" in row for row in rows for sign in (",", ',"'))
        outcome.check(done.clean and not formula, f"{name}: {rows[-1]}")
    shutil.rmtree(folder)
    return outcome
