"""What belongs to the repository rather than to the code: licence, metadata, workflows."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType

import pytest
import yaml

import solver

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.fixture(scope="module")
def release() -> ModuleType:
    """The module of the release workflow, which is in no package."""
    spec = importlib.util.spec_from_file_location("release", ROOT / ".github" / "release.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_citation_names_the_version_licence_and_authors_of_the_package() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == solver.__version__
    assert citation["license"] == PROJECT["license"]
    assert citation["authors"] == PROJECT["authors"]


def test_the_changelog_tells_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## {solver.__version__}" in changelog


def test_the_workflows_run_the_oldest_python_that_is_promised() -> None:
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert WORKFLOWS
    for path in WORKFLOWS:
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"].values()
        steps = [step for job in jobs for step in job["steps"]]
        pythons = {
            str(step["with"]["python-version"])
            for step in steps
            if "setup-python" in step.get("uses", "")
        }
        assert pythons - {"${{ matrix.python }}"} == {oldest}, path


def test_the_test_workflow_runs_all_that_make_test_runs() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text(encoding="utf-8"))
    runs = {step.get("run", "") for step in workflow["jobs"]["test"]["steps"]}
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in ("ruff check .", "ruff format --check .", "mypy", "lint-imports"):
        assert f"$(BIN)/{command}\n" in makefile
        assert command in runs
    assert any(run.startswith("pytest") for run in runs)


def test_a_release_makes_relative_links_absolute_and_leaves_others(release: ModuleType) -> None:
    text = "[a](docs/a.md) ![b](docs/b.svg) [c](https://c.org) [d](#d) [![e](e.svg)](docs/e.md)"
    assert release.absolute(text, "https://host/o/r", "v1") == (
        "[a](https://host/o/r/blob/v1/docs/a.md) ![b](https://host/o/r/raw/v1/docs/b.svg) "
        "[c](https://c.org) [d](#d) "
        "[![e](https://host/o/r/raw/v1/e.svg)](https://host/o/r/blob/v1/docs/e.md)"
    )


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what a release rewrites, as the current folder of the workflow."""
    (tmp_path / "solver").mkdir()
    for name in ("pyproject.toml", "README.md", "solver/__init__.py"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_SERVER_URL", "https://host")
    monkeypatch.setenv("GITHUB_REPOSITORY", "owner/name")
    return tmp_path


def test_a_release_fills_in_the_addresses_of_its_repository(
    release: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_REF_NAME", f"v{solver.__version__}")
    release.main()
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["urls"]["Issues"] == "https://host/owner/name/issues"
    assert "](docs/" not in (checkout / "README.md").read_text(encoding="utf-8")


def test_a_release_refuses_a_tag_that_is_not_the_version(
    release: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_REF_NAME", "v99.0")
    with pytest.raises(SystemExit, match=r"the tag is v99.0, but the version .*: 0\."):
        release.main()
    assert (checkout / "README.md").read_bytes() == (ROOT / "README.md").read_bytes()
