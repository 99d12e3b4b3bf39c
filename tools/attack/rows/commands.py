"""Row: every command given files, names, numbers, outputs and signals that no one would give it."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Sequence
from functools import partial
from itertools import product

from tools.attack.common import Attack, Fault, Outcome
from tools.attack.forks import called, warm_up
from tools.attack.samples import (
    EXPORT,
    LINE,
    POLICY,
    QUICK,
    READERS,
    WRITERS,
    clear,
    filled,
    judge,
    with_numbers,
)  # fmt: skip

NAMES = (
    "two words.sdm", "-dash.sdm", "line\nbreak.sdm", "\u202ertl.sdm", "\x1b]0;x\x07.sdm", "~.sdm",
    "%s{}.sdm", "[bold]x[/bold].sdm", "\udcff.sdm", "x" * 250 + ".sdm", "*.sdm", "#.sdm",
    "ﬁ.sdm", "a:b.sdm", ".hidden.sdm", "NUL.sdm",
)  # fmt: skip
"""Of files that hold puzzles; a name is one argument, after `--` where it begins with a dash."""


def commands(attack: Attack) -> Sequence[Fault]:
    """Contents, kinds of files, names, numbers, outputs, signals."""
    warm_up()
    faults = (_contents, _kinds, _names, _numbers, _outputs, _signals)
    return [partial(each, attack) for each in faults]


def contents() -> dict[str, bytes]:
    """Name -> content of files that no one would write, none of them large."""
    line = LINE.encode()
    return {
        "empty.sdm": b"",
        "newlines.sdm": b"\n" * 5000,
        "nul.sdm": line + b"\0\n" + bytes(200),
        "utf16.sdm": (LINE + "\n").encode("utf-16"),
        "utf32.csv": f"puzzle\n{LINE}\n".encode("utf-32"),
        "bom.csv": b"\xef\xbb\xbfpuzzle\n" + line + b"\n",
        "crlf.csv": b"puzzle,level\r\n" + line + b",a\r\n\r\n",
        "cr.sdm": line + b"\r" + line + b"\r",
        "latin.csv": b"puzzle,level\n" + line + b",\xe9\xff\n",
        "long.sdm": b"1" * 3_000_000,
        "words.sdk": b"[Puzzle]\n" + b"word " * 1000,
        "marks.csv": f"puzzle,level\n{LINE},\u202e\u2066\x1b[2J\x9b31m\n".encode(),
        "arabic.sdm": LINE.translate({ord(str(n)): 0x660 + n for n in range(10)}).encode(),
        "columns.csv": b",".join(b"c%d" % n for n in range(5000)) + b"\n" + b"," * 4999 + b"\n",
        "twice.csv": b"puzzle,puzzle\n" + line + b"," + line + b"\n",
        "quote.csv": b"puzzle,x\n" + line + b',"open\n' + line + b"\n",
        "null.json": b"null",
        "types.json": b'[{"puzzle": 5}, {"puzzle": null}, {"puzzle": ["a"]}, 7, "x", {}]',
        "nested.json": b"[" * 100_000,
        "numbers.json": b'[{"puzzle": "' + line + b'", "level": 1e999, "n": ' + b"9" * 5000 + b"}]",
        "half.json": b'[{"puzzle": "' + line,
        "keys.jsonl": b'{"puzzle": "' + line + b'", "": 1, "puzzle": 2, "\\ud800": 3}\n',
        "entity.opensudoku": b'<!DOCTYPE a [<!ENTITY b SYSTEM "/etc/passwd">]><opensudoku>&b;',
        "short.parquet": b"PAR1",
        "false.parquet": b"PAR1" + b"\xff" * 100 + b"PAR1",
        "zip.pt": b"PK\x03\x04" + bytes(100),
        "pickle.pt": b"cos\nsystem\n(S'touch ran'\ntR.",
        "noise.onnx": b"\x08\x0a" + bytes(range(256)) * 4,
        "endless.onnx": b"\x3a\xff\xff\xff\xff\x7f" + bytes(20),
    }


def _contents(attack: Attack) -> Outcome:
    outcome = attack.outcome("files whose contents no one would write, to every command that reads")
    for name, data in contents().items():
        (attack.folder / name).write_bytes(data)
    cases = list(product(contents().items(), READERS))
    for (name, data), template in attack.each(cases, 60):
        command = filled(template, name)
        judge(attack, outcome, command, called(attack, command))
        same = (attack.folder / name).read_bytes() == data
        if not same:
            outcome.check(False, f"{command}: the input was changed")
        clear(attack)
    return outcome


def _kinds(attack: Attack) -> Outcome:
    outcome = attack.outcome("folders, links, devices and pipes for files, to every command")
    folder = attack.folder
    (folder / "folder.sdm").mkdir()
    (folder / "loop.sdm").symlink_to("loop.sdm")
    (folder / "dangling.sdm").symlink_to("nowhere")
    os.mkfifo(folder / "pipe.sdm")
    cases = list(product(
        ("folder.sdm", "loop.sdm", "dangling.sdm", "absent.sdm", "pipe.sdm", "/dev/null",
         "/dev/zero", "/dev/full", "/proc/self/mem", "/etc/passwd/x", "", "."), READERS,
    ))  # fmt: skip
    for name, template in attack.each(cases, 30):
        ends = (1.0, signal.SIGINT) if name == "pipe.sdm" else None
        command = filled(template, name)
        judge(attack, outcome, command, called(attack, command, 120, ends=ends))
        clear(attack)
    return outcome


def _names(attack: Attack) -> Outcome:
    outcome = attack.outcome("names with spaces, line breaks, dashes, marks and escapes")
    cases = list(product(NAMES, READERS))
    for name, template in attack.each(cases, 30):
        (attack.folder / name).write_text(f"{LINE}\n")
        where = f"./{name}" if name.startswith("-") else name
        command = filled(template, where)
        judge(attack, outcome, command, called(attack, command))
        (attack.folder / name).unlink()
        clear(attack)
    return outcome


def _numbers(attack: Attack) -> Outcome:
    outcome = attack.outcome("numbers below, beyond and beside what an option takes, in 8 GiB")
    (attack.folder / "list.sdm").write_text(f"{LINE}\n" * 3)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (8 << 30, 8 << 30))

    for command in attack.each(with_numbers(), 60):
        judge(attack, outcome, command, called(attack, command, 60, ends=(5.0, signal.SIGINT),
                                               setup=limit))  # fmt: skip
        clear(attack)
    return outcome


def _outputs(attack: Attack) -> Outcome:
    outcome = attack.outcome("outputs that are inputs, folders, devices, absent or nameless")
    folder = attack.folder
    text = f"{LINE}\n" * 3
    (folder / "dir.csv").mkdir()
    (folder / "loop.csv").symlink_to("loop.csv")
    (folder / "other.csv").symlink_to("list.sdm")
    (folder / "second.csv").unlink(missing_ok=True)
    (folder / "list.sdm").write_text(text)
    os.link(folder / "list.sdm", folder / "second.csv")
    cases = list(product(
        ("list.sdm", "./list.sdm", "other.csv", "second.csv", "dir.csv", "loop.csv", "", ".", "/",
         "absent/made.csv", "list.sdm/made.csv", "/dev/full", "/dev/null", "/proc/made.csv", "-",
         "made", "made.exe", "x" * 300 + ".csv", "\udcff-made.csv", "~/made.csv", "made.csv/"),
        WRITERS,
    ))  # fmt: skip
    for name, template in attack.each(cases, 30):
        command = filled(template, name)
        done = called(attack, command)
        judge(attack, outcome, command, done)
        if (folder / "list.sdm").read_text() != text:
            outcome.check(False, f"{command}: the input was changed")
            (folder / "list.sdm").write_text(text)
        clear(attack)
    return outcome


def _signals(attack: Attack) -> Outcome:
    outcome = attack.outcome("Ctrl-C, SIGTERM and SIGHUP at random moments")
    (attack.folder / "many.sdm").write_text(f"{LINE}\n" * 300)
    templates = [
        *(each for each in READERS if each[1] not in ("average", "--resume") and "{}" in each),
        ("sudoku-data", "generate", "--count", "5000", "--workers", "1", "-o", "made.csv"),
        (*EXPORT, POLICY, "-o", "made.onnx"),
        ("sudoku-train", "--data", "many.sdm", "-o", "made", *QUICK, "--epochs", "500"),
    ]
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for _ in attack.tries(3000, 20):
        number = attack.rng.choice(numbers)
        command = filled(attack.rng.choice(templates), "many.sdm")
        ends = attack.rng.uniform(0.02, 3), number
        done = called(attack, command, 90, ends=ends)
        judge(attack, outcome, command, done)
        torn = [path.name for path in attack.folder.glob("*made*.tmp")]
        if torn:
            outcome.check(False, f"{command}: left {torn}")
        clear(attack)
    return outcome
