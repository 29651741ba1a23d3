# Linghang: `make run` and `make test` are all that a newcomer needs; `make help` lists the rest.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STUDIO ?= 1
CUSTOMERS ?= 200000
export LINGHANG_HOME ?= .linghang

.PHONY: help run test test-again test-browser test-cluster test-databases check format lock clean

help: ## list the verbs
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: $(BIN)/.installed ## set up, run a campaign of the demo institution from sentence to report, keep the studio open
	@$(BIN)/linghang fonts install >/dev/null
	@$(BIN)/linghang creative warm >/dev/null
	@$(BIN)/linghang demo --customers $(CUSTOMERS) $(if $(filter 0,$(STUDIO)),--no-studio,)

test: $(BIN)/.dev ## set up and run the tests
	$(BIN)/pytest -p no:randomly

test-again: $(BIN)/.dev ## once more only the tests that failed in the last run (a busy machine can upset tests with kill -9)
	$(BIN)/pytest -p no:randomly --last-failed --last-failed-no-failures none

test-browser: $(BIN)/.dev ## tests that drive Chromium (see scripts/install-test-tools)
	$(BIN)/pytest -m browser -p no:randomly

test-cluster: $(BIN)/.dev ## tests on two real ClickHouse nodes on loopback (see scripts/install-test-tools)
	$(BIN)/pytest -m cluster -p no:randomly tests/cluster tests/contracts

test-databases: $(BIN)/.dev ## tests on a real PostgreSQL and MariaDB (see scripts/install-test-tools)
	$(BIN)/pytest -m database -p no:randomly tests/databases

check: $(BIN)/.dev ## format, lint, types, import contracts, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/lint-imports
	$(BIN)/python scripts/lint_docs.py

format: $(BIN)/.dev ## format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ## pin every dependency anew
	uv pip compile pyproject.toml --group dev --extra ocr --extra bench --universal --no-emit-index-url --no-header -q -o requirements.lock

$(BIN)/.installed: pyproject.toml requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --disable-pip-version-check -c requirements.lock -e .
	@touch $@

$(BIN)/.dev: $(BIN)/.installed
	$(BIN)/python -m pip install -q --disable-pip-version-check --upgrade 'pip>=25.1'
	$(BIN)/python -m pip install -q --disable-pip-version-check -c requirements.lock --group dev
	@touch $@

clean: ## remove the virtual environment (the home is yours: it stays)
	rm -rf $(VENV)
