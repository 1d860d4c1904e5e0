# `make run` starts the portal, `make test` tests it, `make check` reads it. Each sets up what it needs.
# A fresh machine needs Python 3.11 or newer and make, nothing else.

SHELL := /bin/sh
PYTHON ?= python3
VENV := var/venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
export PYTHONUTF8 := 1

.PHONY: run test check bench format messages manage requirements help clean
.DELETE_ON_ERROR:

help: ## List the commands
	@grep -hE '^[a-z]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed 's/:.*## /\t/' | expand -t 16

run: var/setup/local var/setup/look var/setup/catalogues ## Start the portal on this machine (PORT=, HOST=)
	@exec $(BIN)/python -m elbe_elster.supervisor --host '$(HOST)' --port '$(PORT)'

test: var/setup/test var/setup/look var/setup/catalogues var/setup/browser ## Run every test, browser included (ARGS=)
	@$(BIN)/python -m tests.run $(ARGS)

check: var/setup/test ## Lint, types, import contracts, templates, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djangofmt --check templates
	$(BIN)/djangofmt check templates
	PORTAL_BUILDING=1 $(BIN)/python manage.py makemigrations --check --dry-run

bench: var/setup/test var/setup/look var/setup/catalogues var/setup/browser ## Measure the running portal (ARGS=)
	@$(BIN)/python -m bench.run $(ARGS)

format: var/setup/test ## Put code and templates into shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djangofmt templates

messages: var/setup/test ## Collect the texts to translate into locale/
	@$(BIN)/python -m elbe_elster.ui.catalogues update

manage: var/setup/local var/setup/look ## Run Django's command line, such as ARGS="shell"
	@$(BIN)/python manage.py $(ARGS)

requirements: var/setup/venv ## Compile requirements/*.in to hashed lists (ARGS=--upgrade)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@cd requirements && for pair in base "local -c base.txt" "test -c local.txt"; do set -- $$pair; name=$$1; shift; \
	  ../$(BIN)/uv pip compile --quiet --python-version 3.11 --universal --generate-hashes --no-emit-index-url \
	  --no-header --annotation-style line $(ARGS) $$name.in $$@ -o $$name.txt || exit 1; done

clean: ## Remove what was built; data below var/ stays
	@rm -rf var/setup var/venv var/look var/node var/static var/browser var/prepared

# One stamp a step, written last: a second start skips what has not changed, an interrupted step is done again.

var/setup/venv:
	@command -v '$(PYTHON)' >/dev/null || { echo "Python fehlt: $(PYTHON) ist nicht zu finden. Nötig ist Python 3.11 oder neuer; mit PYTHON=… wählen Sie es."; exit 1; }
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Das Portal braucht Python 3.11 oder neuer, hier ist " + sys.version.split()[0] + ". Mit PYTHON=… wählen Sie ein anderes.")'
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "Diesem Python fehlt das Modul venv. Richten Sie es ein (unter Debian und Ubuntu: apt install python3-venv) und rufen Sie make noch einmal auf."; exit 1; }
	@echo "Python-Umgebung wird angelegt …"
	@$(PYTHON) -m venv --clear $(VENV) || { echo "Die Python-Umgebung lässt sich nicht anlegen; der Grund steht darüber."; exit 1; }
	@mkdir -p var/setup && touch $@

var/setup/local: requirements/local.txt | var/setup/venv
	@echo "Python-Pakete werden eingerichtet …"
	@$(PIP) -r $< || { echo "Die Python-Pakete lassen sich nicht einrichten (Netz, Platz?); der Grund steht darüber."; exit 1; }
	@touch $@

var/setup/test: requirements/test.txt | var/setup/venv
	@echo "Python-Pakete für die Tests werden eingerichtet …"
	@$(PIP) -r $< || { echo "Die Python-Pakete lassen sich nicht einrichten (Netz, Platz?); der Grund steht darüber."; exit 1; }
	@touch var/setup/local $@

LOOK := $(wildcard elbe_elster/ui/look/* elbe_elster/ui/build.py)
var/setup/look: $(LOOK) | var/setup/local
	@echo "Aussehen wird gebaut …"
	@$(BIN)/python -m elbe_elster.ui.build
	@touch $@

CATALOGUES := $(wildcard locale/*/LC_MESSAGES/*.po)
var/setup/catalogues: $(CATALOGUES) | var/setup/local
	@echo "Übersetzungen werden eingerichtet …"
	@$(BIN)/python -m elbe_elster.ui.catalogues compile
	@touch $@

BROWSER := $(wildcard tests/browser/install.py tests/browser/package*.json)
var/setup/browser: $(BROWSER) | var/setup/test
	@echo "Browser für die Tests wird eingerichtet …"
	@$(BIN)/python -m tests.browser.install
	@touch $@
