# Everything on a machine with only Python >= 3.11, make and a package index.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test browser lint types generated site check benchmark clean

demo: $(VENV)/.installed
	$(BIN)/computecalc train llama-3.1-405b --tokens "15.6T tokens" --accelerator h100-sxm --count 16384 --mfu 0.40 --region US-VA --price "2.50 USD/accelerator/h"

test: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto --dist worksteal --ignore=tests/browser

# Pages in a headless Chromium, which must be there with its chromedriver: apart, because few machines have it.
browser: $(VENV)/.installed-dev
	$(BIN)/python -m pytest -n auto tests/browser

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

generated: $(VENV)/.installed-dev
	$(BIN)/python scripts/build_catalog_index.py --check
	$(BIN)/python scripts/build_docs.py --check

site: $(VENV)/.installed-dev
	rm -rf build/site
	$(BIN)/sphinx-build -W --keep-going -n -E -q -c docs -d build/doctrees -b html . build/site
	$(BIN)/python scripts/check_site.py build/site
	@echo "build/site/index.html"

check: lint types generated site test

benchmark: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/startup.py
	$(BIN)/python benchmarks/catalog.py
	$(BIN)/python benchmarks/search.py
	$(BIN)/python benchmarks/scenarios.py
	$(BIN)/python benchmarks/uncertainty.py
	$(BIN)/python benchmarks/serving.py
	$(BIN)/python benchmarks/sweep.py

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt scripts/fetch_junit_schema.py
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e ".[dev]"
	$(BIN)/python scripts/fetch_junit_schema.py
	touch $(VENV)/.installed $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache
