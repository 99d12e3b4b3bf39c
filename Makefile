# make solve   install the base in .venv and solve puzzles/hard.sdk with the shipped policy
# make screenshots   draw the pictures of the documentation again
# make docs    build the documentation in build/site, strictly and without network
# make attack  break the product on purpose, for 25 minutes of a processor at most
# make test    install everything in .venv and run linter, types, import rules and tests

VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin

.PHONY: solve screenshots docs attack test lint types imports tests clean

$(VENV)/base: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e .
	touch $@

$(VENV)/dev: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@ $(VENV)/base

solve: $(VENV)/base
	$(BIN)/sudoku-solve puzzles/hard.sdk

screenshots: $(VENV)/dev
	$(BIN)/python docs/tools/pictures.py

docs: $(VENV)/dev
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet

attack: $(VENV)/dev
	$(BIN)/python -m tools.attack --minutes 25

test: lint types imports tests

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

imports: $(VENV)/dev
	$(BIN)/lint-imports

tests: $(VENV)/dev
	$(BIN)/pytest -n 2 --dist worksteal

clean:
	rm -rf $(VENV) build dist *.egg-info
