# Two commands are all that is needed: `make practice` and `make test`.
# Each sets up what it needs in .venv, with exact versions from constraints.txt.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: practice test check bench screenshot schemas clean

practice: $(VENV)/.runtime
	@$(BIN)/alliance-sim

test: $(VENV)/.dev
	$(BIN)/python -m pytest

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/alliance-sim scenario check scenarios
	$(BIN)/alliance-sim rubric check rubrics

bench: $(VENV)/.dev
	$(BIN)/python -m bench

screenshot: $(VENV)/.dev
	$(BIN)/python -m bench.screenshot docs/images

schemas: $(VENV)/.dev
	$(BIN)/python -m alliance_sim.authoring.schema docs/schema

$(VENV)/.runtime: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r requirements-dev.txt
	@touch $@

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
