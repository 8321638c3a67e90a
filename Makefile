# Huanzhi 环治. `make run` does all set-up, runs the main job and opens a living city; `make test` does all set-up and runs every test.
PYTHON ?= python3
BIN := .venv/bin
DATA ?=

.PHONY: setup run test test-postgresql check schema schema-check bench lock clean

setup: .venv/ready src/huanzhi/web/static/ready

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Huanzhi needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

src/huanzhi/web/static/ready: $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)
	cd frontend && npm ci --no-audit --no-fund --loglevel=error && npm run build
	touch $@

run: setup
	$(BIN)/huanzhi demo $(if $(DATA),--data $(DATA))
	$(if $(DATA),,$(BIN)/huanzhi live)

test: setup
	$(BIN)/python -m pytest -n 2 --ignore tests/e2e
	cd frontend && npm test
	$(BIN)/python -m pytest tests/e2e

test-postgresql: setup
	$(BIN)/python -m tests.on_postgresql -q -n 2

check: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd frontend && npm run check

schema: setup
	$(BIN)/python .ci/schema.py

schema-check: setup
	$(BIN)/python .ci/schema.py --check

bench: setup
	$(BIN)/python -m benchmarks

lock:
	$(BIN)/python -m pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --extra dev --extra bench --extra fast --extra oidc --extra postgresql --generate-hashes --strip-extras --allow-unsafe \
	  --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header -o requirements.lock pyproject.toml

clean:
	rm -rf .venv frontend/node_modules src/huanzhi/web/static var
