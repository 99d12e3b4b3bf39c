"""Row 6: what the wheel is made of, built twice, and that no command uses the network."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from importlib import metadata
from pathlib import Path

from tools.attack.common import ROOT, Attack, Fault, Outcome
from tools.attack.samples import EXPORT, HARD, QUICK

NO_SOCKETS = """
import sys
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto"):
        open("used", "a").write(f"{event} {arguments}\\n")
        raise OSError("no network here")
sys.addaudithook(refuse)
"""
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("sudoku-solve", HARD),
    ("sudoku-solve", "--engine", "exact", HARD, "-o", "o.csv"),
    ("sudoku-data", "check", HARD),
    ("sudoku-data", "rate", HARD),
    ("sudoku-data", "convert", HARD, "o.sdm"),
    ("sudoku-data", "print", HARD, "-o", "o.svg"),
    ("sudoku-data", "generate", "--count", "20", "--workers", "2", "--out", "g.csv"),
    ("sudoku-profile", "--seconds", "0.1", "--batch", "1"),
    ("sudoku-train", "--data", "g.csv", "-o", "run", *QUICK),
    ("sudoku-evaluate", "run/policy_ema.pt", "--data", HARD),
    (*EXPORT, "run/policy_ema.pt", "-o", "p.onnx"),
    ("sudoku-tui", "--plain", HARD),
)


def supply(attack: Attack) -> Sequence[Fault]:
    """The network, the wheel, its parts."""
    return [partial(fault, attack) for fault in (_network, _wheel, _parts)]


def _network(attack: Attack) -> Outcome:
    outcome = attack.outcome(
        "each command with sockets forbidden, and what ONNX Runtime leaves in the home"
    )
    (attack.folder / "hook").mkdir()
    (attack.folder / "hook" / "sitecustomize.py").write_text(NO_SOCKETS)
    path = os.pathsep.join((str(attack.folder / "hook"), str(ROOT)))
    for command in COMMANDS:
        done = attack.run(*command, env=attack.environment(PYTHONPATH=path), seconds=600)
        used = attack.folder / "used"
        text = used.read_text() if used.exists() else ""
        outcome.check(
            done.clean and done.status in (0, 4) and not text, f"{command[0]}: {done.said()} {text}"
        )
    left = [
        path for path in (attack.folder / "home").rglob("*") if "onnxruntime" in path.name.lower()
    ]
    outcome.check(not left, f"written into the home: {left}")
    return outcome


def _wheel(attack: Attack) -> Outcome:
    outcome = attack.outcome("the wheel built twice: the same bytes")
    sums = []
    for number in (1, 2):
        out = attack.folder / f"dist{number}"
        command = [
            sys.executable,
            "-m",
            "build",
            "--wheel",
            "--no-isolation",
            "-o",
            str(out),
            str(ROOT),
        ]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
        done = subprocess.run(command, env=environment, capture_output=True, check=False)
        wheels = list(out.glob("*.whl"))
        if not outcome.check(
            done.returncode == 0 and len(wheels) == 1, done.stderr[-200:].decode()
        ):
            return outcome
        sums.append(hashlib.sha256(wheels[0].read_bytes()).hexdigest())
    outcome.check(sums[0] == sums[1], f"{sums}")
    outcome.note = f"SHA-256 {sums[0][:16]}…"
    return outcome


def _parts(attack: Attack) -> Outcome:
    """A bill of materials, in CycloneDX's form, of what is installed for the wheel."""
    outcome = attack.outcome("a bill of materials: each part pinned, with a licence")
    components = parts()
    (attack.folder / "sbom.json").write_text(json.dumps(bill(components), indent=1))
    pinned = (ROOT / "constraints.txt").read_text().lower()
    for part in components:
        named = part["name"].lower().replace("_", "-")
        right = f"{named}=={part['version'].lower()}" in pinned.replace("_", "-")
        outcome.check(right, f"{part['name']} {part['version']} is not pinned")
    outcome.note = f"{len(components)} parts; no database of vulnerabilities was asked"
    return outcome


def parts() -> list[dict[str, str]]:
    """Name and version of each distribution that the base install brings."""
    from packaging.requirements import Requirement

    found: dict[str, str] = {}
    waiting = ["sudoku-policy"]
    while waiting:
        distribution = metadata.distribution(waiting.pop())
        for text in distribution.requires or ():
            need = Requirement(text)
            if need.marker and not need.marker.evaluate({"extra": ""}):
                continue
            try:
                version = metadata.version(need.name)
            except metadata.PackageNotFoundError:
                continue
            if need.name not in found:
                found[need.name] = version
                waiting.append(need.name)
    return [{"name": name, "version": version} for name, version in sorted(found.items())]


def bill(components: list[dict[str, str]]) -> dict[str, object]:
    """The document."""
    listed = [
        {"type": "library", **part, "purl": f"pkg:pypi/{part['name']}@{part['version']}"}
        for part in components
    ]
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": listed}


def write_bill(path: Path) -> None:
    """Write the bill of materials of this environment."""
    path.write_text(json.dumps(bill(parts()), indent=1) + "\n")
