# `make run` and `make test` do all the set-up that a fresh machine needs.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
MANAGE := $(BIN)/python manage.py

# Each of the many processes of the tests would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test coverage check format bench pagequality endurance clean

run: $(VENV)/run.installed
	@DEBUG=on $(MANAGE) migrate --verbosity 0
	@DEBUG=on $(MANAGE) load_knowledge
	@DEBUG=on $(MANAGE) create_first_editor
	@echo "Readers:  http://127.0.0.1:$(PORT)/"
	@echo "Editors:  http://127.0.0.1:$(PORT)/admin/"
	@DEBUG=on $(MANAGE) runserver --noreload 127.0.0.1:$(PORT)

# Each process begins with a half, so that what neighbours share is made once.
test: $(VENV)/test.installed
	$(BIN)/python -m pytest -n 2 --dist worksteal $(ARGS)

# Takes twice as long as the tests alone.
coverage: $(VENV)/test.installed
	$(BIN)/python -m pytest -n 2 --cov --cov-fail-under=97 $(ARGS)

check: $(VENV)/test.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	DEBUG=on $(BIN)/mypy
	$(BIN)/deptry advisor comparisons config
	$(BIN)/djlint templates --lint --quiet
	DEBUG=on $(MANAGE) makemigrations --check --dry-run

format: $(VENV)/test.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The first time takes ten minutes more; ARGS="--frameworks 12" does without the rest.
bench: $(VENV)/test.installed
	@DEBUG=on $(MANAGE) collectstatic --no-input --verbosity 0
	DEBUG=on $(BIN)/python -m tests.bench $(ARGS)

# The rules of axe on every kind of page for every reader, then Lighthouse by npx.
pagequality: $(VENV)/test.installed
	$(BIN)/python -m pytest tests/browser/test_accessibility.py
	@DEBUG=on $(MANAGE) collectstatic --no-input --verbosity 0
	DEBUG=on $(BIN)/python -m tests.lighthouse $(ARGS)

# Each stops after so many minutes: readers 5, fuzz 60, markup 30, faults 60.
# ARGS="--minutes 10 --engine postgresql" is for one alone, as in endurance-readers.
endurance: $(VENV)/test.installed
	$(BIN)/python -m tests.endurance.readers
	$(BIN)/python -m tests.endurance.fuzz
	$(BIN)/python -m tests.endurance.markup
	$(BIN)/python -m tests.endurance.faults
	PROPERTIES=long $(BIN)/python -m pytest tests/advisor/ranking/test_properties.py

endurance-%: $(VENV)/test.installed
	$(BIN)/python -m tests.endurance.$* $(ARGS)

clean:
	rm -rf $(VENV) staticfiles .coverage .pytest_cache .ruff_cache .mypy_cache .hypothesis

# Groups of dependencies need pip 25.1 or newer.
$(VENV)/pip.installed:
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade "pip>=25.1"
	@touch $@

$(VENV)/run.installed: pyproject.toml $(VENV)/pip.installed
	$(BIN)/pip install --quiet .
	@touch $@

# Little of the tools is ever imported, and is compiled then. Samples keep nothing that
# they compile, so all that they import is compiled here.
$(VENV)/test.installed: pyproject.toml $(VENV)/run.installed
	$(BIN)/pip install --quiet --group samples
	$(BIN)/pip install --quiet --no-compile --group dev
	@touch $@
