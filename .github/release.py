"""Prepare a checkout for `python -m build`, in the release workflow.

The repository names no address of its own: it may be forked or moved. Where it is released from is
known to the workflow alone (`GITHUB_SERVER_URL`, `GITHUB_REPOSITORY`, `GITHUB_REF_NAME`), so this
writes `[project.urls]` into pyproject.toml, makes the README's relative links absolute, as PyPI
needs them, and refuses a tag that is not the package's version.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\((?!https?://|#)([^)\s]+)\)")
PICTURE = re.compile(r'(src|srcset)="(?!https?://)([^"]+)"')


def urls(repository: str) -> str:
    """The `[project.urls]` table of a repository's address."""
    pages = {
        "Repository": repository,
        "Documentation": f"{repository}/tree/main/docs",
        "Issues": f"{repository}/issues",
        "Changelog": f"{repository}/blob/main/CHANGELOG.md",
    }
    return "\n[project.urls]\n" + "".join(f'{name} = "{page}"\n' for name, page in pages.items())


def absolute(markdown: str, repository: str, ref: str) -> str:
    """`markdown` with relative links and pictures made absolute at a tag."""
    raw = f"{repository}/raw/{ref}"

    def link(found: re.Match[str]) -> str:
        picture, text, target = found.groups()
        text = LINK.sub(link, text)
        home = raw if picture else f"{repository}/blob/{ref}"
        return f"{picture}[{text}]({home}/{target})"

    return PICTURE.sub(rf'\1="{raw}/\2"', LINK.sub(link, markdown))


def main() -> None:
    """Rewrite pyproject.toml and README.md in the current folder."""
    repository = f"{os.environ['GITHUB_SERVER_URL']}/{os.environ['GITHUB_REPOSITORY']}"
    ref = os.environ["GITHUB_REF_NAME"]
    code = Path("solver/__init__.py").read_text(encoding="utf-8")
    version = re.search(r'^__version__ = "(.+)"$', code, re.MULTILINE)
    if version is None or ref != f"v{version[1]}":
        found = version[1] if version else "none"
        raise SystemExit(f"error: the tag is {ref}, but the version in solver/__init__.py: {found}")
    project = Path("pyproject.toml")
    project.write_text(project.read_text(encoding="utf-8") + urls(repository), encoding="utf-8")
    readme = Path("README.md")
    text = absolute(readme.read_text(encoding="utf-8"), repository, ref)
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
