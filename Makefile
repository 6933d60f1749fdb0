# `make run` and `make test` do everything on a fresh machine with Python 3.11+, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PYTEST := $(BIN)/pytest --dist worksteal -n

.PHONY: run demo test test-fast soak coverage lint words bench clean

run: $(READY)
	$(BIN)/gatekeeper try

demo: $(READY)
	$(BIN)/gatekeeper demo

# four at a time on two cores: there is always one that waits
test: $(READY)
	$(PYTEST) 4

# for the edit loop: no processes (so no browser and no PostgreSQL), no whole gate, no waiting
test-fast: $(READY)
	$(PYTEST) 2 -m "not process and not gate and not slow"

# every test in its long form, on both databases, then 2,000 cards through a bad week: three quarters of an hour
soak: $(READY)
	$(PYTEST) 2 --soak
	$(BIN)/python -m tests.chaos

coverage: $(READY)
	$(PYTEST) 3 --cov --cov-report=term

lint: $(READY)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# click says its own sentences by gettext, which reads a compiled file
words: $(READY)
	$(BIN)/pybabel compile --input-file gatekeeper/messages/ru/LC_MESSAGES/click.po --output-file gatekeeper/messages/ru/LC_MESSAGES/click.mo

bench: $(READY)
	$(BIN)/pip install --quiet --editable '.[bench]'
	for each in comment_judge duplicates_febrl duplicates_speed inbox tally backup report; do $(BIN)/python -m benchmarks.$$each || exit 1; done

$(READY): setup.cfg pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gatekeeper needs Python 3.11 or newer, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[postgres,test,lint]'
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info
