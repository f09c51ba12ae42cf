# make demo   solve a bundled problem, print its proof, write its page and its figure into build/demo
# make test   ruff, mypy, import layers and all tests
# Both create the environment in .venv first if it is missing or older than pyproject.toml.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
DEMO := datasets/own/demo.fgl

.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo test lint format type layers unit clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

$(STAMP): pyproject.toml hatch_build.py
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed: apt install python3.11 python3.11-venv" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; $(PYTHON) is older. Say: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "$(PYTHON) cannot create environments here. On Debian: apt install python3-venv" >&2; exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@# Where Python is told not to keep bytecode, every command would compile the package anew.
	@$(BIN)/python -m compileall -q fgps
	@touch $(STAMP)

demo: $(STAMP)
	$(BIN)/fgps solve $(DEMO)
	@mkdir -p build/demo
	@$(BIN)/fgps draw $(DEMO) -o build/demo/figure.svg
	@$(BIN)/fgps show $(DEMO) --to html -o build/demo/proof.html

test: $(STAMP) lint type layers unit

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(STAMP)
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

type: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports --no-cache

unit: $(STAMP)
	$(BIN)/python -m pytest -n 2

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
