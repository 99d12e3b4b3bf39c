"""The folder of a run, looked at before anything slow begins."""

from __future__ import annotations

import tempfile
from pathlib import Path


def prepare(output: Path, resume: bool) -> None:
    """Make the run's folder and see that it can be written.

    Raises `ValueError` when it holds a run that isn't to be resumed, or none to resume.
    """
    held = (output / "policy.pt").exists()
    if held and not resume:
        raise ValueError(
            f"{output} already holds a run; resume it with --resume, or name another folder"
        )
    if resume and not held:
        raise ValueError(f"{output / 'policy.pt'}: no checkpoint to resume")
    try:
        output.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=output):
            pass
    except OSError as error:
        raise ValueError(f"{output}: can't be written: {error.strerror}") from None
