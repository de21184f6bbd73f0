# One command to run, one to test, one to check. Every target does its own set-up, once.
# Needs Python 3.11 or newer, make and git. Written for GNU make 3.81 and for BSD tools, so that macOS's own will do.

SHELL := /bin/sh
.DEFAULT_GOAL := help

# An empty variable counts as unset. Some shells and Conda export a HOST of their own that is a machine's bare name
# or a compiler's; only what looks like an address is meant for us.
override PORT := $(or $(PORT),8501)
ifeq ($(findstring .,$(HOST))$(findstring :,$(HOST))$(filter localhost,$(HOST)),)
override HOST := 127.0.0.1
endif

# Relative, so that a folder with spaces in its name works. Not called PYTHON: that one is the user's, for setup.sh.
PY := .venv/bin/python
COMPILE := $(PY) -m piptools compile --quiet --strip-extras \
           --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

# What belongs to the caller's other Pythons must not leak into ours.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE
export PIP_USER := 0

# A virtual environment whose Python is gone (moved folder, upgraded system) is made anew.
ifneq ($(shell $(PY) -c 'print("alive")' 2>/dev/null),alive)
STALE := stale
endif

.PHONY: help run test lint format docs bench shots pins clean stale

help: ## List these targets
	@echo 'Synth Avatar Studio. Start with: make run'
	@awk 'BEGIN { FS = ":.*## " } /^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: .venv/.run ## Set up what is missing and serve the dashboard (HOST=127.0.0.1 PORT=8501)
	@echo 'Synth Avatar Studio: http://$(HOST):$(PORT)   (Ctrl+C stops it)'
	@exec $(PY) -m streamlit run app.py --server.address '$(HOST)' --server.port '$(PORT)' \
	  $(if $(filter 127.0.0.1 localhost,$(HOST)),,--server.allowedHosts '*')

test: .venv/.dev ## Run all tests, browser journeys included (ARGS='-k prompt' for some)
	@CHROMIUM="$$($(PY) scripts/browser.py --install)"; export CHROMIUM; \
	  $(PY) -m pytest -n auto --maxprocesses 4 --dist loadgroup $(ARGS)

lint: .venv/.dev ## Check format, style, types, arrows and pins
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	$(PY) -c 'from importlinter.cli import lint_imports_command; lint_imports_command()'
	$(PY) scripts/check_pins.py

format: .venv/.dev ## Write the code in the house format
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

docs: .venv/.dev ## Write docs/cli.md, docs/rest.md and docs/settings.md from the code
	$(PY) scripts/write_docs.py

bench: .venv/.dev ## Measure, and print the tables
	$(PY) -m benchmarks $(ARGS)

shots: .venv/.dev ## Take screenshots of every page from the real dashboard
	@CHROMIUM="$$($(PY) scripts/browser.py --install)" && export CHROMIUM && \
	  $(PY) scripts/screenshots.py $(ARGS)

pins: .venv/.dev ## Compile requirements*.txt from pyproject.toml anew (ARGS=--upgrade for newer versions)
	$(COMPILE) $(ARGS) --output-file=requirements.txt pyproject.toml
	$(COMPILE) $(ARGS) --extra=dev --constraint=requirements.txt --output-file=requirements-dev.txt pyproject.toml

clean: ## Remove what these targets made; runs and pictures in avatar-data stay
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache screenshots build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is touched when its work is whole, so an interrupted installation is repaired by the next make.
.venv/.run: requirements.txt $(STALE)
	@sh scripts/setup.sh requirements.txt
	@touch $@

.venv/.dev: requirements-dev.txt $(STALE)
	@sh scripts/setup.sh requirements-dev.txt
	@touch $@
