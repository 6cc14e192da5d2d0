# Two commands set everything up on a fresh machine with Python 3.11 or newer: make run, make test.
# PYTHON names the interpreter to start from; VENV the environment that is made.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.PHONY: run test check prove bench clean

run: $(VENV)/.app
	@$(BIN)/bptt

# Everything that may take up to five minutes on two cores.
test: $(VENV)/.dev
	$(BIN)/python -m pytest -n 2 -m "not prove and not reference"

# What a change must pass before it is proposed.
check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/bptt bank check
	$(MAKE) test

# Everything that takes longer: all keys anew, every mutant, the kill tests at length.
prove: $(VENV)/.dev
	$(BIN)/bptt bank certify --full
	$(BIN)/python -m pytest -m prove

# One line a figure: name, value, unit, ratio, reference. Writes benchmarks/results.json.
bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

$(VENV)/.app: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
