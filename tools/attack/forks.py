"""Commands run in copies of this process, which spares each the time to start."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from importlib import import_module

from tools.attack.common import Attack, Done, Patience

MAINS = {
    "sudoku-solve": "solver.cli.solve",
    "sudoku-data": "solver.cli.data",
    "sudoku-profile": "solver.cli.profile",
    "sudoku-train": "training.commands.main",
    "sudoku-evaluate": "training.commands.evaluate",
    "sudoku-export": "export.cli",
    "sudoku-tui": "tui.cli",
}


def called(
    attack: Attack,
    command: Sequence[str],
    seconds: float = 60,
    stdin: str = os.devnull,
    stdout: str | None = None,
    ends: tuple[float, int] | None = None,
    setup: Callable[[], None] | None = None,
) -> Done:
    """Run a command in the attack's folder; its status is None where it had to be ended.

    `stdin` and `stdout` are paths; `ends` is a time in seconds and the signal sent then.
    """
    main = import_module(MAINS[command[0]]).main
    out, err = attack.folder / "stdout", attack.folder / "stderr"
    for path in (out, err):
        path.unlink(missing_ok=True)
        path.touch()
    copy = os.fork()
    if copy == 0:
        _become(attack, command, stdin, stdout or str(out), str(err))
        if setup is not None:
            setup()
        _call(main)
    status = _wait(copy, Patience(copy, seconds), ends)
    return Done(status, out.read_bytes() if stdout is None else b"", err.read_bytes())


def _become(attack: Attack, command: Sequence[str], stdin: str, stdout: str, stderr: str) -> None:
    """Take on the folder, the environment, the arguments and the streams of the command."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ["HOME"] = str(attack.folder / "home")
    os.makedirs(os.environ["HOME"], exist_ok=True)
    os.environ["MALLOC_TRIM_THRESHOLD_"] = "8000000000"  # set, training starts no other process
    os.chdir(attack.folder)
    sys.argv = [*command]
    os.dup2(os.open(stdin, os.O_RDONLY | os.O_NONBLOCK), 0)
    os.dup2(os.open(stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), 1)
    os.dup2(os.open(stderr, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644), 2)
    os.set_blocking(0, True)
    for number, mode in enumerate("rww"):
        name = ("stdin", "stdout", "stderr")[number]
        setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def _call(main: Callable[[], object]) -> None:
    """Leave with the exit status of the command."""
    status = 0
    try:
        main()
    except SystemExit as leave:
        status = leave.code if isinstance(leave.code, int) else int(leave.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
        status = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (OSError, ValueError):
        status = status or 120
    os._exit(status)


def _wait(copy: int, patience: Patience, ends: tuple[float, int] | None) -> int | None:
    """The exit status of a copy, below 0 for a signal; None where it had to be killed."""
    begun = time.monotonic()
    checks = sent = 0
    while True:
        found, status = os.waitpid(copy, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        after = time.monotonic() - begun
        if ends is not None and not sent and after > ends[0]:
            os.kill(copy, ends[1])
            sent = 1
        if after > checks + 1:
            checks += 1
            if patience.over():
                os.killpg(copy, signal.SIGKILL)
                os.waitpid(copy, 0)
                return None
        time.sleep(0.005)


def warm_up() -> None:
    """Import once what the commands import, in this process."""
    for module in (*MAINS.values(), "solver.cli.solve.command", "solver.cli.data.command"):
        import_module(module)
    for module in ("numba", "torch"):
        import_module(module)
