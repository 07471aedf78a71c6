# One entry point; `make help` lists what there is. `make run` needs nothing but make, a shell, coreutils and Python 3.11 or newer.
SHELL := /bin/sh
PYTHON ?= python3
PORT ?= 8000
# Not from the environment: some shells keep the machine's own name there.
HOST := 127.0.0.1
DEMO ?= 1
DATA_DIR ?= var
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
N ?= 100000

.DEFAULT_GOAL := help

$(VENV)/dev.lock.sha256: requirements-dev.lock
	@$(PYTHON) deploy/run --dev

.PHONY: help run install test check fmt messages lock services services-stop clean
help: ## list the targets
	@$(PYTHON) deploy/make_help.py

run: ## everything to a running site with demonstration content (PORT=8000 HOST=127.0.0.1 DEMO=1 DATA_DIR=var)
	@env PORT='$(PORT)' HOST='$(HOST)' DEMO='$(DEMO)' DATA_DIR='$(DATA_DIR)' $(PYTHON) deploy/run

install: $(VENV)/dev.lock.sha256 ## make the environment with everything that tests and checks need

test: install ## run everything that this machine can (ARGS="-k word" passes arguments on)
	@$(BIN)/python deploy/translations.py compile
	@SECRET_KEY=only-for-tests $(BIN)/python -m pytest $(if $(filter -n% no:xdist,$(ARGS)),,-n 2) $(ARGS)

check: install ## lint, types, import contracts, migrations, translations, templates, system checks
	@$(BIN)/python deploy/check.py

fmt: install ## format code
	@$(BIN)/ruff check --quiet --fix . || true
	@$(BIN)/ruff format --quiet .

messages: install ## collect texts for translation into locale/ (needs gettext)
	@SECRET_KEY=only-for-tests $(BIN)/python manage.py makemessages --settings config.settings_test --locale fr --locale nl --locale de --no-obsolete --no-wrap --add-location file --ignore '.venv*' --ignore var --ignore tests

lock: install ## write the locks anew from pyproject.toml (needs uv)
	@$(BIN)/python deploy/lock.py

services: ## start PostgreSQL and Elasticsearch for tests; prints their addresses
	@deploy/services/start

services-stop: ## stop them
	@deploy/services/stop

bench-%: install ## measure: bench-pages, bench-places, bench-search-quality, … (N=100000; see bench/)
	@DATA_DIR='$(DATA_DIR)' N='$(N)' $(BIN)/python -m bench.$(subst -,_,$*) $(ARGS)

clean: ## remove what can be made again (not var/)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +
	@find locale -name '*.mo' -delete
