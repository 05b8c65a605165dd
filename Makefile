# Two commands are for everyone: `make demo` shows the main job on the real engine, `make test` runs all tests.
# Everything is installed into .venv; nothing outside of this folder is touched.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
WORKERS ?= auto

.PHONY: help demo test lint format types package collection matrix bench docs links readme reference pictures schema man clean

help:
	@echo "make demo     the main job on the real engine: validate, plan, apply, plan again"
	@echo "make test     all tests"
	@echo "make lint     ruff and mypy"
	@echo "make package  build the wheel and try it in an empty virtual environment"
	@echo "make collection  build the Ansible collection; ansible-doc, ansible-lint, ansible-test"
	@echo "make bench    measure against the bare engine script, rsync, openssl and others; and what a fleet costs"
	@echo "make matrix   the engine's contract tests against every published release"
	@echo "make docs     the documentation as a site, in build/docs; a link that leads nowhere is an error"
	@echo "make links    whether the links to other sites still lead somewhere; needs the internet"
	@echo "What is made of something else, and kept beside it, is written anew by:"
	@echo "make schema     schemas/manifest.schema.json, compiled into Python"
	@echo "make reference  docs/reference, of the schemas, the commands and the exit codes"
	@echo "make man        docs/ocrstate.1, of what the commands say with --help"
	@echo "make readme     what the commands in README.md and docs/ print"
	@echo "make pictures   docs/pictures, of commands that run in a terminal"

$(VENV)/.made:
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade 'pip>=25.1'
	@touch $@

$(VENV)/.user: $(VENV)/.made pyproject.toml
	$(PIP) install --quiet --editable .
	@touch $@

$(VENV)/.developer: $(VENV)/.made pyproject.toml
	$(PIP) install --quiet --editable . --group test --group lint --group build
	@touch $@ $(VENV)/.user

$(VENV)/.docs: $(VENV)/.made pyproject.toml
	$(PIP) install --quiet --editable . --group docs
	@touch $@ $(VENV)/.user

demo: $(VENV)/.user
	@PATH="$(CURDIR)/$(BIN):$$PATH" examples/demo.sh

test: $(VENV)/.developer
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

lint: $(VENV)/.developer
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

types: $(VENV)/.developer
	$(BIN)/mypy

format: $(VENV)/.developer
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

package: $(VENV)/.developer
	.ci/package $(BIN)/python

collection: $(VENV)/.developer
	.ci/collection $(BIN)/python

matrix: $(VENV)/.developer
	$(BIN)/python tests/contract/matrix.py $(ARGS)

bench: $(VENV)/.developer
	$(BIN)/python bench/run.py $(ARGS)

docs: $(VENV)/.docs
	@$(BIN)/python -m sphinx --fail-on-warning --keep-going --quiet --builder html docs build/docs
	@echo "made build/docs/index.html"

links: $(VENV)/.docs
	$(BIN)/python -m sphinx --fail-on-warning --keep-going --builder linkcheck docs build/links

readme: $(VENV)/.developer
	$(BIN)/python -m tests.readme

reference: $(VENV)/.developer
	$(BIN)/python -m tests.reference

pictures: $(VENV)/.developer
	$(BIN)/python -m tests.pictures

schema: $(VENV)/.developer
	$(BIN)/python -m tests.compiled_schema

man: $(VENV)/.developer
	$(BIN)/python -m tests.manual

clean:
	rm -rf $(VENV) .bench .demo .matrix .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist
