# What one does here. PYTHON is the interpreter the virtual environment is made of.
PYTHON ?= python3
VENV ?= .venv
SERVE ?= 1
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo bench-portfolio test test-all test-lowest lint format types messages docs bench fuzz recall mutants screenshots clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

$(READY): pyproject.toml
	@echo "==> 建立虛擬環境 / making the virtual environment ($(VENV))"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "需要 Python 3.11 以上 / Python 3.11 or newer is needed"; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@echo "==> 安裝套件 / installing packages"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable . --group dev
	@touch $(READY)

demo: $(READY) ## a finished sample case from sample files, then Fava (SERVE=0: stop before the server)
	@echo "==> 示範案件 / the demo case"
	@$(BIN)/grant demo demo $(if $(filter 0,$(SERVE)),--no-serve,)

test: $(READY) ## the tests that a change is made with: three minutes at most on two cores
	@echo "==> 測試 / tests"
	@$(BIN)/python -m pytest -n 2
	@echo "==> 全部測試通過 / all tests passed"

test-all: test ## and what takes long: the browser, LibreOffice, many seeds, kills
	@echo "==> 其餘測試(較久) / the tests that take long"
	@$(BIN)/python -m pytest -n 2 -m "slow and not bench"
	@echo "==> 其餘測試通過 / all of them passed"

LOWEST := build/lowest
test-lowest: $(READY) ## some tests with the lowest versions that pyproject.toml allows, in an environment of their own
	@mkdir -p build
	@$(BIN)/python -m tests.lowest > build/lowest.txt
	@$(PYTHON) -m venv $(LOWEST)
	@$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(LOWEST)/bin/python -m pip install --quiet --disable-pip-version-check --constraint build/lowest.txt --editable ".[openid]" --group test
	@$(LOWEST)/bin/python -m pytest -n 2 tests/server tests/reports/test_commands.py tests/importers/bank tests/ledger/files

lint: $(READY) ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(READY) ## let ruff mend what it can
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

types: $(READY) ## mypy --strict
	@$(BIN)/mypy

messages: $(READY) ## collect the messages and compile the catalogue
	@mkdir -p build
	@PYTHONPATH=. $(BIN)/pybabel --quiet extract -F babel.cfg --no-location --omit-header --sort-output -o build/messages.pot ledger importers checks reports audit portfolio desk server cli
	@$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 100 --domain grantledger -i build/messages.pot -d ledger/messages
	@$(BIN)/pybabel --quiet compile --domain grantledger -d ledger/messages

docs: $(READY) ## the pages that the program writes itself, and the documentation as a site in build/site
	@$(BIN)/grant --lang zh_TW explain --all > docs/checks.md
	@$(BIN)/python -m reports.export.dictionary
	@$(BIN)/python -m tests.made_tables
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group docs
	@$(BIN)/mkdocs build --quiet

bench: $(READY) ## ratios against the libraries that do the same work, in one run, each with its limit: under ten minutes
	@failed=0; \
	$(BIN)/python -m tests.bench.commands || failed=1; \
	$(BIN)/python -m pytest -m bench -p no:xdist --no-header -q -rA || failed=1; \
	$(BIN)/python -m tests.audit.bench || failed=1; \
	$(BIN)/python -m tests.desk.bench || failed=1; \
	$(BIN)/python -m tests.desk.bench 5000 || failed=1; \
	exit $$failed

bench-portfolio: $(READY) ## the index of 1,000 invented cases against loading them with Beancount
	@$(BIN)/python -m tests.bench.portfolio

fuzz: $(READY) ## damaged files for every reader: no traceback, no hang, no more than 500 MB (docs/reliability.md)
	@$(BIN)/python -m tests.fuzz.run --write

recall: $(READY) ## what every check finds of faults planted on many seeds, and what it says wrongly (docs/recall.md)
	@$(BIN)/python -m tests.recall.recall --write

mutants: $(READY) ## how many faults put into checks/ and the ledger's arithmetic the tests find (docs/mutants.md)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group mutants
	@$(BIN)/python -m tests.mutants

screenshots: $(READY) ## pictures of the audit pages and the desk, from the demo case, into docs/
	@LOGNAME=示範會計 $(BIN)/grant demo build/demo --no-serve
	@$(BIN)/python -m tests.audit.screenshots build/demo docs/pictures 2024-04-30
	@$(BIN)/python -m tests.desk.screenshots build/demo docs/pictures 2024-02-15

clean: ## remove what was made here
	rm -rf $(VENV) build dist demo mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis
