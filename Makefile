# One entry point. `make help` lists what there is.
SHELL := /bin/bash
PYTHON ?= python3
DATA_DIR ?= var
VENV := .venv
BIN := $(VENV)/bin
ARGS ?=

.DEFAULT_GOAL := help

$(VENV)/runtime.stamp: requirements.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/runtime.stamp

.PHONY: help install test
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort | expand -t 20

install: $(VENV)/dev.stamp ## make the environment with everything that tests and checks need

test: $(VENV)/dev.stamp ## run everything that this machine can (ARGS="-k word" passes arguments on)
	@SECRET_KEY=test $(BIN)/python -m pytest $(ARGS)
