# The commands of the house. `make demo` and `make test` need Python 3.11, git and make, nothing else.

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint audit soak bench load conformance clean
.DELETE_ON_ERROR:
SHELL := /bin/bash

PORT ?= 8000
VENV := .venv
STAMPS := $(VENV)/.stamps
export GENDAN_PYTHON
# A start that compiles every module anew takes twice as long.
unexport PYTHONDONTWRITEBYTECODE

# What the built assets and the compiled catalogues are made of.
PAGES := $(wildcard package.json package-lock.json)
ASSETS := $(shell find webui -type f \( -name "*.js" -o -name "*.mjs" -o -name "*.css" -o -name "*.svg" -o -name "*.woff2" \) -not -path "*/dist/*" 2>/dev/null)
CATALOGUES := $(shell find webui engine processes -name '*.po' 2>/dev/null)

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## */\1\t/' | expand -t 14

setup: $(STAMPS)/python $(STAMPS)/assets $(STAMPS)/translations  ## prepare .venv, the assets and the translations

$(STAMPS)/python: pyproject.toml constraints.txt .ci/environment
	@.ci/environment $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/npm: $(PAGES) $(STAMPS)/python
	@if [ -f package.json ]; then .ci/npm ci --no-audit --no-fund --loglevel=error; fi
	@touch $@

$(STAMPS)/assets: $(STAMPS)/npm $(ASSETS)
	@if [ -f package.json ]; then .ci/npm run --silent build; fi
	@touch $@

$(STAMPS)/translations: $(CATALOGUES) $(STAMPS)/python
	@.ci/translations
	@touch $@

demo: setup  ## set up, fill a database with demonstration orders and serve it on 127.0.0.1:PORT
	@$(VENV)/bin/gendan init --demo
	@exec $(VENV)/bin/gendan serve --port $(PORT)

lint: setup  ## style, types, layers and templates
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports --no-logo
	@if [ -d webui/templates ]; then $(VENV)/bin/djlint --lint --quiet webui/templates; fi

audit: setup  ## ask for known vulnerabilities of everything that is pinned
	@$(VENV)/bin/python .ci/audit

test: setup lint  ## everything that is checked before a change goes in
	@$(VENV)/bin/python .ci/audit --if-reachable
	@.ci/chromium
	@$(VENV)/bin/pytest -n 2 --dist worksteal

soak: setup  ## the long proofs: many generated diagrams and runs
	@$(VENV)/bin/pytest -n 2 -m soak

bench: setup  ## measure the figures to hold into bench/results.json (and on PostgreSQL beside it)
	@$(VENV)/bin/python -m bench
	@$(VENV)/bin/python -m bench --postgresql

load: setup  ## two hundred people at once for ten minutes on PostgreSQL
	@$(VENV)/bin/python -m bench.load

conformance: setup  ## run the models of others in DIR: make conformance DIR=path [JSON=report.json]
	@test -n "$(DIR)" || { echo "Name the folder with the models: make conformance DIR=path" >&2; exit 2; }
	@$(VENV)/bin/python -m tests.conformance "$(DIR)" $(if $(JSON),--json "$(JSON)")

clean:  ## remove everything that was made, the demonstration database too
	@rm -rf $(VENV) node_modules webui/static/dist var build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
