"""What the site has beyond the pages of `docs`: pages of the repository, of the commands' help and
of the notebook.

Links are written for readers of the repository. A link to a page that the site has leads there;
one to any other file of the repository is shown as its path. One to nothing is left as it is, and
the strict build fails.
"""

from __future__ import annotations

import json
import os
import posixpath
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Final

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT: Final = Path(__file__).resolve().parents[2]
REPOSITORY: Final = (
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "solver/models/README.md",
    "training/LOG.md",
    "export/LOG.md",
)
"""Pages of the repository that the site shows, under the same path."""
LINK: Final = re.compile(r"(?<!!)\[([^\[\]]+)\]\((?![a-z]+:|#)([^)#\s]+)(#[^)\s]*)?\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are not in `docs`."""
    for path in REPOSITORY:
        files.append(File.generated(config, path, abs_src_path=str(ROOT / path)))
    files.append(File.generated(config, "commands.md", content=commands()))
    notebook = (ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8")
    files.append(File.generated(config, "notebook.md", content=from_notebook(notebook)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn links through the repository into links through the site."""
    source = page.file.src_uri
    home = posixpath.dirname(source if source in REPOSITORY else f"docs/{source}")

    def lead(found: re.Match[str]) -> str:
        text, target, anchor = found[1], found[2], found[3] or ""
        path = posixpath.normpath(posixpath.join(home, target))
        if (there := files.get_file_from_path(path.removeprefix("docs/"))) is not None:
            steps = posixpath.relpath(there.src_uri, posixpath.dirname(source) or ".")
            return f"[{text}]({steps}{anchor})"
        if (ROOT / path).exists():
            return text if text.strip("`") == path else f"{text} (`{path}`)"
        return found[0]

    return LINK.sub(lead, markdown.replace("<!-- reference -->", reference()))


def reference() -> str:
    """What mkdocstrings turns into the reference of every public name."""
    import solver

    return "\n\n".join(f"::: solver.{name}" for name in solver.__all__)


def commands() -> str:
    """A page with the help of every command and of every command within one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    text = "# Commands\n\nThe help of each, as `--help` prints it.\n"
    for name, entry in sorted(project["scripts"].items()):
        text += _help(name, entry, [], depth=2)
    return text


def _help(title: str, entry: str, arguments: list[str], depth: int) -> str:
    """The help of a command and of those within it, as sections."""
    module, _, main = entry.partition(":")
    code = f"import sys; sys.argv[0] = {title.split()[0]!r}; from {module} import {main}; {main}()"
    look = {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(
        [sys.executable, "-c", code, *arguments, "--help"],
        capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, **look},
        encoding="utf-8",
    )  # fmt: skip
    lines = [line.rstrip() for line in run.stdout.strip("\n").splitlines()]
    text = f"\n{'#' * depth} {title}\n\n```text\n" + "\n".join(lines) + "\n```\n"
    within = re.search(r"^Commands:\n((?:  .*\n?)+)", run.stdout, re.MULTILINE)
    for name in re.findall(r"^  (\w[\w-]*)", within[1] if within else "", re.MULTILINE):
        text += _help(f"{title} {name}", entry, [*arguments, name], depth + 1)
    return text


def from_notebook(text: str) -> str:
    """A notebook as Markdown: its text, its code, and what the cells printed."""
    parts = []
    for cell in json.loads(text)["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell["outputs"]:
            data = output.get("data", {})
            if "text/html" in data:
                parts.append("".join(data["text/html"]))
            else:
                shown = "".join(output.get("text") or data["text/plain"]).rstrip()
                parts.append(f"```text\n{shown}\n```")
    return "\n\n".join(parts) + "\n"
