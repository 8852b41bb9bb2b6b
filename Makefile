# Everything a person or CI does here. `make` alone lists the targets.
# Windows without make: docs/how-to/install-on-windows.md has the same commands.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Every target but help and setup depends on this stamp, so none needs another one first.
STAMP  := $(VENV)/.installed
OUT    ?= out/demo
PORT   ?= 8000

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench serve docs lock

help: ## List these targets
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Make .venv with the package and everything it needs, each file checked by its hash

$(STAMP): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Wholesystem needs Python 3.11 or later; $(PYTHON) is older or missing." >&2; \
	  echo "Name a later one: make setup PYTHON=python3.12" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: $(STAMP) ## Simulate Oxfordshire in 2017 and make its page in out/demo (OUT=DIR for another folder)
	$(BIN)/wholesystem demo --out $(OUT)

test: $(STAMP) ## Run every test
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

lint: $(STAMP) ## Check form, types and docstrings
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python tools/lint_docstrings.py

bench: $(STAMP) ## Measure speed and memory against the targets
	$(BIN)/python -m benchmarks

serve: $(STAMP) ## Start the review workspace, with a packaged review, on this computer only (PORT=8000)
	$(BIN)/wholesystem serve --port $(PORT)

docs: $(STAMP) ## Build the documentation into site/, any warning being a fault
	@# Not --quiet: it would hide the warnings from --strict too.
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "Open site/index.html"

lock: $(STAMP) ## Make the hashed requirement files again from pyproject.toml
	$(BIN)/python tools/lock.py
