# Everything runs from .venv in this folder. Nothing is installed elsewhere.

PYTHON ?= python3
UV_VERSION := 0.13.9

ENV := .venv/.installed
BIN := .venv/bin
PIP_INSTALL := install -qq --disable-pip-version-check

# Another project's module path must not leak in.
unexport PYTHONHOME PYTHONPATH
# Only Material's banner about MkDocs 2; pyproject.toml keeps MkDocs below 2.
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check lint format types imports docs bench bench-scale lock floors clean FORCE

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

demo: $(ENV) ## run the whole job on sample data, into build/demo
	$(BIN)/devrel sample --out build/demo/input --force
	$(BIN)/devrel run build/demo/input/program.toml --people build/demo/input/people.csv --today 2026-01-05 --out build/demo/results --force

check: lint types imports docs test ## everything below that must be green: lint, types, imports, docs, test

test: $(ENV) ## run all tests, with the gate on branch coverage
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal --cov --cov-report=term

lint: $(ENV) ## look for mistakes and for lines that are not formatted
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .

format: $(ENV) ## write the code in the one format, and mend what can be mended
	$(BIN)/python -m ruff check --fix-only .
	$(BIN)/python -m ruff format .

types: $(ENV) ## check the types (mypy, strict)
	$(BIN)/python -m mypy

imports: $(ENV) ## check that imports go down, never up
	$(BIN)/lint-imports

docs: $(ENV) ## build the documentation into build/site
	$(BIN)/python -m mkdocs build --strict
	@echo "Read them with search at localhost:8000: .venv/bin/python -m http.server -d build/site"

bench: $(ENV) ## measure
	$(BIN)/python benchmarks/run.py

bench-scale: $(ENV) ## measure large matchings, which takes hours; with ONLY=20000 one row of them
	$(BIN)/python benchmarks/scale.py $(if $(ONLY),--only $(ONLY)) $(if $(PEOPLE),--people $(PEOPLE))

floors: build/floors/.installed ## run the tests on the lowest versions that pyproject.toml allows
	build/floors/bin/python -m pytest

lock: build/lock/.installed ## write requirements.lock; with UPGRADE=1 take the newest versions
	@cp requirements.lock build/requirements.lock
	build/lock/bin/uv pip compile pyproject.toml --all-extras --quiet $(if $(UPGRADE),--upgrade) \
		--universal --python-version 3.11 --fork-strategy fewest --generate-hashes --no-annotate \
		--no-config --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		--output-file build/requirements.lock
	@cmp -s build/requirements.lock requirements.lock || mv build/requirements.lock requirements.lock

clean: ## remove everything that make and the tools made, .venv too
	rm -rf .venv build dist .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find src tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- environments ---------------------------------------------------------------------------------------------------
# A stamp is written when its environment is whole, and says in which folder that was: an environment that was broken
# off, or that moved with its folder, has no stamp or the wrong one and is made anew.

define check_python
@command -v "$(PYTHON)" >/dev/null 2>&1 || { echo "'$(PYTHON)' is not there. Install Python 3.11 or newer, or name one: make PYTHON=python3.11" >&2; exit 1; }
@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "'$(PYTHON)' is $$("$(PYTHON)" --version 2>&1), and Python 3.11 or newer is needed. Name one: make PYTHON=python3.11" >&2; exit 1; }
@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "'$(PYTHON)' cannot make virtual environments: its modules venv and ensurepip are missing. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
endef

# $(call whole,FOLDER): FORCE unless the stamp is that of a whole environment of this folder
whole = $(shell test -x $(1)/bin/python && test "$$(cat $(1)/.locked 2>/dev/null)" = "$$(pwd -P)" || echo FORCE)

FORCE:

.venv/.locked: requirements.lock $(call whole,.venv)
	$(check_python)
	@echo "Making .venv from requirements.lock; this takes a minute, once."
	@rm -rf .venv
	@"$(PYTHON)" -m venv .venv
	@# The lock names everything, so nothing is resolved: older versions of pip would look past a pin for an extra.
	@$(BIN)/python -m pip $(PIP_INSTALL) --no-deps --require-hashes -r requirements.lock
	@pwd -P > $@

.venv/.installed: .venv/.locked pyproject.toml
	@rm -f $@
	@$(BIN)/python -m pip $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@found=$$($(BIN)/python -m pip check) || { echo "$$found" >&2; echo "requirements.lock does not fit pyproject.toml: make lock" >&2; exit 1; }
	@pwd -P > $@

build/floors/.locked: pyproject.toml requirements.lock tools/floors.py $(call whole,build/floors)
	$(check_python)
	@echo "Making build/floors from the lowest versions; this takes a minute, once."
	@rm -rf build/floors
	@mkdir -p build
	@"$(PYTHON)" tools/floors.py > build/floors.txt
	@cat build/floors.txt
	@"$(PYTHON)" -m venv build/floors
	@build/floors/bin/python -m pip $(PIP_INSTALL) --only-binary :all: -r build/floors.txt
	@pwd -P > $@

build/floors/.installed: build/floors/.locked
	@rm -f $@
	@build/floors/bin/python -m pip $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@pwd -P > $@

build/lock/.locked: $(call whole,build/lock)
	$(check_python)
	@rm -rf build/lock
	@mkdir -p build
	@"$(PYTHON)" -m venv build/lock
	@pwd -P > $@

build/lock/.installed: build/lock/.locked Makefile
	@rm -f $@
	@build/lock/bin/python -m pip $(PIP_INSTALL) uv==$(UV_VERSION)
	@pwd -P > $@
