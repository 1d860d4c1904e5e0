# `make run` starts the portal, `make test` tests it, `make check` reads it. Each sets up what it needs.
# A fresh machine needs Python 3.11 or newer and make, nothing else.

PYTHON ?= python3
VENV := var/venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000
export PYTHONWARNINGS ?= default

.PHONY: run test check bench format messages requirements help

help: ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

run: var/setup/local var/setup/look ## Start the portal on this machine (PORT=, HOST=)
	@$(BIN)/python -m elbe_elster.supervisor --host $(HOST) --port $(PORT)

test: var/setup/test var/setup/look var/setup/browser ## Run every test, browser included
	@$(BIN)/python -m tests.run $(ARGS)

check: var/setup/test ## Lint, types, import contracts, templates, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djangofmt check templates
	PORTAL_BUILDING=1 $(BIN)/python manage.py makemigrations --check --dry-run

format: var/setup/test ## Put code and templates into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djangofmt templates

messages: var/setup/local ## Collect texts for translation into locale/
	@$(BIN)/python -m elbe_elster.ui.catalogues update

# One stamp a step: a second start skips what has not changed.

var/setup/venv:
	@$(PYTHON) -c 'import sys; sys.exit("Das Portal braucht Python 3.11 oder neuer, hier ist " + sys.version.split()[0] + ". Mit PYTHON=… wählen Sie ein anderes.") if sys.version_info < (3, 11) else None'
	@echo "Python-Umgebung wird angelegt …"
	@$(PYTHON) -m venv $(VENV)
	@mkdir -p var/setup && touch $@

var/setup/local: requirements/local.txt | var/setup/venv
	@echo "Python-Pakete werden eingerichtet …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch $@

var/setup/test: requirements/test.txt | var/setup/venv
	@echo "Python-Pakete für die Tests werden eingerichtet …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r $<
	@touch $@ var/setup/local

var/setup/browser: tests/browser/package-lock.json tests/browser/install.py | var/setup/test
	@echo "Browser für die Tests wird eingerichtet …"
	@$(BIN)/python -m tests.browser.install
	@touch $@
