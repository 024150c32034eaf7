# make run   the whole site on http://127.0.0.1:8000 (PORT=8001 make run for another port)
# make test  every test        make lint  every rule        make bench, make test-faults
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
.PHONY: run test lint bench test-faults browser hooks clean

PYTHON ?= python3
BIN := .venv/bin
APP := .venv/.app-$(shell cat requirements.txt | cksum | cut -d' ' -f1)
DEV := .venv/.dev-$(shell cat requirements.txt requirements-dev.txt | cksum | cut -d' ' -f1)
PAGES := node_modules/.done-$(shell cat package-lock.json | cksum | cut -d' ' -f1)

run: $(APP) $(PAGES)
	@exec $(BIN)/python manage.py up

# Names tests or folders: make test TESTS=tests/care
TESTS ?= tests
test: $(DEV) $(PAGES) browser
	@if command -v chromium > /dev/null || command -v google-chrome > /dev/null; then
		$(BIN)/pytest -n 2 $(TESTS)
	else
		echo "=================================================================="
		echo "NOT RUN: the browser tests (tests/browser). No chromium was found,"
		echo "and make can install it only as root on Debian or Ubuntu. Install"
		echo "it (apt-get install chromium fonts-noto-cjk), then make test again."
		echo "=================================================================="
		$(BIN)/pytest -n 2 $(TESTS) --ignore tests/browser
	fi

# Chromium and Chinese letters for it, where this may be installed.
browser:
	@if ! command -v chromium > /dev/null || ! fc-list 2> /dev/null | grep -qi 'cjk'; then
		if [ "$$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
			echo "Installing chromium and fonts-noto-cjk for the browser tests"
			{ apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
				chromium fonts-noto-cjk fontconfig; } > .venv/apt.log 2>&1 || { tail -5 .venv/apt.log; true; }
		fi
	fi

lint: $(DEV)
	@$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check $$(git ls-files 'templates/*.html')
	$(BIN)/lint-imports
	$(BIN)/mypy apps dms_ssi
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check --database default
	$(BIN)/python -m tests.messages
	echo "make lint: everything holds"

bench: $(DEV) $(PAGES)
	@$(BIN)/python -m benchmarks

test-faults: $(DEV) $(PAGES)
	@$(BIN)/pytest tests/faults

# Lints run before each commit.
hooks: $(DEV)
	@$(BIN)/pre-commit install

clean:
	@$(BIN)/python -c 'from pathlib import Path; from apps.core import embedded; embedded.stop(Path("var"))' || true
	rm -rf .venv node_modules staticfiles

$(APP): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	echo "Installing the Python packages"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	rm -f .venv/.app-*
	touch $@

$(DEV): $(APP) requirements-dev.txt
	@echo "Installing the Python packages for development"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
	rm -f .venv/.dev-*
	touch $@

$(PAGES): package-lock.json
	@echo "Installing the front-end libraries"
	npm ci --silent --no-audit --no-fund --ignore-scripts
	touch $@
