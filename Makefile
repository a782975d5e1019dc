# Everything a newcomer types. Needs Python >= 3.11 and make; fetches the rest into .venv and the tools cache.
SHELL := /bin/sh
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

UV_VERSION := 0.13.9
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.portcullis-synced

export UV_PROJECT_ENVIRONMENT := $(CURDIR)/$(VENV)
export UV_PYTHON_DOWNLOADS := never
unexport VIRTUAL_ENV PYTHONDONTWRITEBYTECODE

.PHONY: help setup tools run test check fix derive prove bench

help: ## list these commands
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

setup: $(STAMP) ## make the virtual environment and install what uv.lock names

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "making the virtual environment $(VENV)"
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "python -m venv failed; on Debian and Ubuntu: apt install python3-venv"; rm -rf $(VENV); exit 1; }

$(BIN)/uv: | $(BIN)/python
	@echo "installing uv $(UV_VERSION) into $(VENV)"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(BIN)/python -m ensurepip >/dev/null
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"

$(STAMP): uv.lock pyproject.toml | $(BIN)/uv
	@echo "installing the locked dependencies"
	@$(BIN)/uv sync --frozen --quiet
	@touch $@

tools: $(STAMP) ## fetch or build the pinned tools (opa)
	@$(BIN)/portcullis tools

run: $(STAMP) ## start the whole marketplace in the foreground; Ctrl-C stops it
	@exec $(BIN)/portcullis run --with-parent

test: tools ## run every test
	@$(BIN)/pytest -n 2 --dist loadfile

check: tools ## what a change must pass before its tests: format, lint, types, imports, policies, generated files
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/portcullis derive --check
	$(BIN)/portcullis policy check
	$(BIN)/pytest tests/governance

fix: $(STAMP) ## format, and mend what can be mended mechanically
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

derive: $(STAMP) ## generate what is generated: edge checks, schemas, diagrams, references
	$(BIN)/portcullis derive

prove: tools ## the long gates: races by the thousand, PostgreSQL 15 and 18, a second type checker
	@$(BIN)/portcullis prove

bench: tools ## measure as ratios in one run, beside the floors
	@$(BIN)/portcullis bench
