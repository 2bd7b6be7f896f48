# make demo   a fictional city, published and served (SCALE=full: a whole city's year)
# make test   everything, on SQLite and PostgreSQL, with a real browser
# make lint   style, types, floors
# make bench  speed and memory as ratios against named anchors

PYTHON ?= python3
SCALE ?= small
PORT ?= 8000
BIN := .venv/bin
READY := .venv/.ready
DEMO_HOME := var/demo-$(SCALE)
export DJANGO_SETTINGS_MODULE := mingzheng.settings

.PHONY: demo test lint bench system clean

demo: $(READY)
	MINGZHENG_HOME=$(DEMO_HOME) $(BIN)/mingzheng demo --scale $(SCALE)
	MINGZHENG_HOME=$(DEMO_HOME) $(BIN)/mingzheng publish --full
	MINGZHENG_HOME=$(DEMO_HOME) MINGZHENG_REQUIRE_SECOND_FACTOR= $(BIN)/mingzheng serve --port $(PORT)

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/check_lock.py

test: $(READY) system
	$(BIN)/python -m pytest -n auto
	tools/with_postgres $(BIN)/python -m pytest -n auto -m "not browser" tests/city tests/publish tests/measure tests/portal tests/office tests/demo

bench: $(READY)
	$(BIN)/python -m bench

# What cannot come from Python: PostgreSQL, a browser, Chinese fonts, web servers, rsync.
system:
	tools/install_system

$(READY): requirements.lock pyproject.toml
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv || (tools/install_system python3-venv && $(PYTHON) -m venv .venv)
	$(BIN)/pip install --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --editable .
	touch $(READY)

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis bench/out
