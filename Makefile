# make run | test | demo | lint | bench: each installs what it needs first.
HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test demo lint bench lock clean

run: .venv/runtime
	@exec $(BIN)/kexie-forms serve --host $(HOST) --port $(PORT)

demo: .venv/runtime
	@$(BIN)/python benchmarks/demo.py out

test: .venv/dev lint
	@$(BIN)/pytest

lint: .venv/dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: .venv/dev
	@$(BIN)/python benchmarks/rendering.py

lock:
	@deploy/lock

clean:
	rm -rf .venv out var dist

.venv/system: deploy/apt-packages.txt deploy/install-system
	@deploy/install-system deploy/apt-packages.txt
	@mkdir -p .venv && touch $@

.venv/runtime: .venv/system requirements.lock pyproject.toml
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e . 
	@touch $@

.venv/dev: .venv/runtime requirements-dev.lock deploy/apt-packages-test.txt
	@deploy/install-system deploy/apt-packages-test.txt
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
