# make run | check | test | coverage | demo | lint | pdfa | bench | docs | screenshots | release: each installs what it needs first.
HOST ?= 127.0.0.1
PORT ?= 8000
PYTHON ?= python3
JOBS ?= 4
BIN := .venv/bin
PYTEST := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n $(JOBS) --dist worksteal

.PHONY: run check unit-tests test all-tests coverage demo lint pdfa bench docs screenshots release lock clean

run: .venv/runtime
	@exec $(BIN)/kexie-forms serve --host $(HOST) --port $(PORT)

demo: .venv/runtime
	@$(BIN)/python benchmarks/demo.py out

# Lint, and the tests that need only pip packages; it installs no system packages.
check: .venv/checks
	@$(MAKE) --no-print-directory -j2 lint unit-tests

unit-tests: .venv/checks
	@$(PYTEST) tests/unit

# Linters beside the tests, which often wait for programs.
test: .venv/dev .venv/verapdf
	@$(MAKE) --no-print-directory -j2 lint all-tests

all-tests: .venv/dev .venv/verapdf
	@$(PYTEST) tests

# How much of the code tests/unit run, by module.
coverage: .venv/checks
	@$(PYTEST) tests/unit --cov=service --cov=schemas

lint: .venv/checks
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy && $(BIN)/mypy samples/clients
	@$(BIN)/kexie-forms lint
	@deploy/js/check

# The PDFs of every form, validated by veraPDF; a part of `make test` too.
pdfa: .venv/dev .venv/verapdf
	@PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -rs -s tests/libreoffice/test_pdfa.py

bench: .venv/dev .venv/peers
	@failed=0; \
	$(BIN)/python -m benchmarks.rendering || failed=1; \
	$(BIN)/python -m benchmarks.conversion || failed=1; \
	$(BIN)/python -m benchmarks.sandbox || failed=1; \
	$(BIN)/python -m benchmarks.extraction || failed=1; \
	$(BIN)/python -m benchmarks.batch || failed=1; \
	$(BIN)/python -m benchmarks.memory || failed=1; \
	$(BIN)/python -m benchmarks.archive || failed=1; \
	$(BIN)/python -m benchmarks.audit || failed=1; \
	$(BIN)/python -m benchmarks.load || failed=1; \
	$(BIN)/python -m benchmarks.preview || failed=1; \
	exit $$failed

docs: .venv/docs
	@NO_MKDOCS_2_WARNING=1 .venv/docs/bin/mkdocs build --strict

screenshots: .venv/dev
	@$(BIN)/python -m benchmarks.screenshots

# Builds HEAD into dist/: wheel, source, client, TypeScript types, SBOM; the same bytes each time.
release: .venv/packages .venv/release
	@rm -rf dist
	@$(BIN)/python deploy/build-release dist

lock:
	@deploy/lock

clean:
	rm -rf .venv out var dist

.venv/system: deploy/apt-packages.txt deploy/install-system
	@deploy/install-system deploy/apt-packages.txt
	@mkdir -p .venv && touch $@

.venv/packages: requirements.lock pyproject.toml
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/runtime: .venv/system .venv/packages
	@touch $@

.venv/checks: .venv/packages requirements-dev.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

.venv/dev: .venv/runtime .venv/checks deploy/apt-packages-test.txt
	@deploy/install-system deploy/apt-packages-test.txt
	@touch $@

# Left away where Java, Maven or Maven Central is missing.
.venv/verapdf: deploy/get-verapdf | .venv/dev
	@deploy/get-verapdf $@

# The system's Python, which has LibreOffice's bridge (python3-uno), and the programs to compare with.
.venv/peers: .venv/system benchmarks/helpers/requirements-peers.txt
	@/usr/bin/python3 -m venv --clear --system-site-packages $@
	@$@/bin/python -m pip install -q --disable-pip-version-check --require-hashes \
		-r benchmarks/helpers/requirements-peers.txt || { rm -rf $@; exit 1; }
	@touch $@

# Builds the site of the documentation; setuptools comes first, for jieba has no wheel.
.venv/docs: .venv/system requirements-docs.lock
	@$(PYTHON) -m venv --clear $@
	@{ grep -A2 '^setuptools==' requirements-docs.lock | \
		$@/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r /dev/stdin && \
	$@/bin/python -m pip install -q --disable-pip-version-check --require-hashes --no-build-isolation \
		-r requirements-docs.lock; } || { rm -rf $@; exit 1; }
	@touch $@

# Makes the SBOM.
.venv/release: requirements-release.lock
	@$(PYTHON) -m venv --clear $@
	@$@/bin/python -m pip install -q --disable-pip-version-check --require-hashes \
		-r requirements-release.lock || { rm -rf $@; exit 1; }
	@touch $@
