# The two commands: `make run` and `make test`. Both set everything up first.

PYTHON ?= python3
BIN := .venv/bin
# Bytecode is what makes the second start fast.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test install check test-slow bench lock

run: install  ## set up, take in corpus/, and open the chat
	@$(BIN)/tumen start

test: install  ## the whole test suite
	$(BIN)/python -m pytest

install: .venv/installed  ## set up only

.venv/installed: requirements.lock pyproject.toml tools/install.sh
	PYTHON=$(PYTHON) sh tools/install.sh
	@touch $@

check: install  ## what CI runs, but for the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test-slow: install  ## the long versions: kill-anywhere at length
	$(BIN)/python -m pytest -m slow --no-cov --timeout 3600

bench: install  ## figures beside their baselines
	$(BIN)/python -m tests.benchmarks.speed
	$(BIN)/python -m tests.benchmarks.multihop
	$(BIN)/python -m tests.benchmarks.squad

lock: install  ## pin the newest versions that fit pyproject.toml
	PYTHON=$(PYTHON) sh tools/lock.sh
