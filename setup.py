"""What pyproject.toml can't say: the wheel carries the folder `puzzles` as `solver/puzzles`."""

from pathlib import Path
from shutil import copytree

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithPuzzles(build_py):
    """Copy the shipped puzzles into the package; an editable install reads them in place."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            copytree("puzzles", Path(self.build_lib, "solver", "puzzles"), dirs_exist_ok=True)


setup(cmdclass={"build_py": BuildWithPuzzles})
