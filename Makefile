# Each target sets up what it needs; a machine with Python 3.11 is enough. `make` alone lists them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
SET_UP := $(PYTHON) packaging/set_up.py
BIN := .venv/bin
PORT ?= 8765
# Extra words for pytest: make test PYTEST="-k sheet"
PYTEST ?=
# A file stays with one worker, for what is made once a file; the order is that of tests/conftest.py.
PYTEST_RUN := $(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder $(PYTEST)

.DEFAULT_GOAL := help
.PHONY: help up test lint check check-all journeys bench release

help:  ## Show what can be made
	@grep -hE '^[a-z-]+: *.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

up:  ## Show both strategies and serve the site on this machine (PORT=8765)
	@$(SET_UP) run
	@$(BIN)/esteem up --port $(PORT)

test:  ## Run the tests (the slow ones are left to check-all)
	@$(SET_UP) dev
	@$(SET_UP) browser || echo "The journeys will be skipped." >&2
	@$(SET_UP) database || echo "The tests on PostgreSQL will be skipped." >&2
	@$(SET_UP) spark || echo "The tests on Spark will be skipped." >&2
	@$(PYTEST_RUN) -m "not slow"

lint:  ## Check style, and that imports go down a floor only
	@$(SET_UP) dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

check: lint  ## Lint, strategies, API document, pack and wheel, then the tests
	@$(BIN)/python packaging/checks.py
	@$(MAKE) --no-print-directory test

check-all: lint  ## As check, with the slow tests and a search for new examples
	@$(BIN)/python packaging/checks.py
	@$(SET_UP) browser
	@$(SET_UP) database
	@$(SET_UP) spark
	@HYPOTHESIS_PROFILE=search $(PYTEST_RUN)

journeys:  ## Walk the journeys of people in a real browser
	@$(SET_UP) dev
	@$(SET_UP) browser
	@$(BIN)/pytest -m journey $(PYTEST)

bench:  ## Measure the speeds that docs/speed.md reports
	@$(SET_UP) dev
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

release: check-all  ## Build the wheel and its checksum in dist/
	@$(BIN)/python packaging/wheel.py dist
