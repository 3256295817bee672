# The two commands: `make run` serves the map, `make test` passes the tests. Each sets up what it needs.
SHELL := /bin/sh
PYTHON ?= python3
VENV ?= .venv
PORT ?= 8501
STORY ?= seeds
DESK ?=
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench lock gazetteer basemap golden clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run ## serve the map at http://localhost:8501 (PORT=8600, STORY=folder; DESK=1 adds the desk)
	DATELINE_STORY=$(STORY) DATELINE_DESK=$(DESK) $(BIN)/streamlit run app.py --server.port $(PORT) --server.headless true

test: $(VENV)/.dev ## pass the tests, those in a browser included
	@sh .ci/chromium $(BIN)
	$(BIN)/python -m pytest

lint: $(VENV)/.dev ## check style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.dev ## lay the code out
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## print the benchmark tables
	@for bench in benches/bench_*.py; do echo "== $$bench"; PYTHONPATH=. $(BIN)/python $$bench || exit 1; done

lock: $(VENV)/.dev ## choose exact versions anew, within the ranges of the requirements
	$(BIN)/python -m pip install --quiet uv
	for name in requirements requirements-dev; do \
		UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --universal --generate-hashes --upgrade \
			--python-version 3.11 --output-file $$name.lock $$name.txt || exit 1; done

gazetteer: $(VENV)/.dev ## derive seeds/gazetteer.csv anew from GeoNames
	$(BIN)/python -m geo gazetteer

basemap: $(VENV)/.dev ## derive seeds/basemap.json anew from Natural Earth
	$(BIN)/python -m geo basemap

golden: $(VENV)/.dev ## write the golden geometry anew; look at what changed before you commit it
	PYTHONPATH=. $(BIN)/python tests/goldens.py --write

clean: ## remove what the other commands made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@sh .ci/venv $(PYTHON) $(VENV)

$(VENV)/.run: requirements.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.run
