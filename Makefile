# Two commands need nothing but Python 3.11 or later: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Every YAML test, as `openfisca test` takes them.
YAML_TESTS = $(shell find tests -name '*.yaml' | sort)
# What `make demo` writes; git ignores build/.
DEMO := build/demo

.DEFAULT_GOAL := help
.PHONY: help demo test test-yaml test-python browser check quick lint format serve docs bench guard fuzz mutation lock build package release clean

help: ## This list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The environment of the lock file, made again when the lock file changes.
$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or later is needed: make PYTHON=python3.12 …"; exit 1; }
	@echo "Setting up $(VENV) (once)…"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	@UV_PROJECT_ENVIRONMENT=$(VENV) $(BIN)/uv sync --quiet --frozen --extra dev-service --inexact
	@touch $@

demo: $(READY) ## A contract under both laws, where it comes from, and what a nation of them costs
	@echo '$$ assistant-medical calculer --exemple generaliste_deux_lois'
	@$(BIN)/assistant-medical calculer --exemple generaliste_deux_lois
	@printf '\n$$ assistant-medical calculer --exemple generaliste_deux_lois --comparer\n'
	@$(BIN)/assistant-medical calculer --exemple generaliste_deux_lois --comparer
	@printf '\n$$ assistant-medical expliquer --exemple generaliste_deux_lois aide_due 2025 --profondeur 1\n'
	@$(BIN)/assistant-medical expliquer --exemple generaliste_deux_lois aide_due 2025 --profondeur 1
	@mkdir -p $(DEMO)
	@printf '\n$$ assistant-medical population --taille 35000 --graine 1 --sortie $(DEMO)/contrats.parquet\n'
	@$(BIN)/assistant-medical population --taille 35000 --graine 1 --sortie $(DEMO)/contrats.parquet
	@printf '\n$$ assistant-medical simuler $(DEMO)/contrats.parquet --annees 2024-2027 --sortie $(DEMO)/resultat --remplacer\n'
	@$(BIN)/assistant-medical simuler $(DEMO)/contrats.parquet --annees 2024-2027 --sortie $(DEMO)/resultat --remplacer
	@printf '\n$$ assistant-medical rapport $(DEMO)/resultat\n'
	@$(BIN)/assistant-medical rapport $(DEMO)/resultat

test: test-yaml test-python ## Every test; prints how many cases ran

test-yaml: $(READY)
	@echo "openfisca test (every YAML file of tests/) -c openfisca_assistant_medical"
	@$(BIN)/openfisca test $(YAML_TESTS) -c openfisca_assistant_medical

test-python: $(READY)
	$(BIN)/pytest -m "not navigateur" --numprocesses auto $(PYTEST_OPTIONS)

browser: $(READY) ## The simulator in a real browser: needs Chromium, installed or named by CHROMIUM
	$(BIN)/pytest -m navigateur tests/navigateur

check: $(READY) ## What to run before each commit: under three minutes
	@$(MAKE) --no-print-directory --jobs=2 --output-sync lint test-yaml
	@$(MAKE) --no-print-directory quick

quick: $(READY) ## The Python tests that are not long
	$(BIN)/pytest -m "not long" --numprocesses auto

lint: $(READY) ## Style, types, YAML, import rules, lock file
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/yamllint --strict .
	$(BIN)/lint-imports
	$(BIN)/uv lock --check

format: $(READY) ## Put the code in the style of the house
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

serve: $(READY) ## The API and the simulator, on port 5000
	$(BIN)/assistant-medical servir

docs: $(READY) ## The documentation site, in build/docs; a dead link fails
	@$(BIN)/python -m documentation

bench: $(READY) ## Time and memory against hand-written NumPy, at start-up and for one request
	@for what in population memoire demarrage requete; do \
		echo; echo "$$ python -m benchmarks $$what"; $(BIN)/python -m benchmarks $$what || exit 1; \
	done

guard: $(READY) ## Fail if the model became slower in kind
	@$(BIN)/python -m benchmarks garde

fuzz: $(READY) ## Every door under inputs drawn at random, a minute each; a finding fails
	@$(BIN)/python -m fuzz toutes --graine "$$(date +%Y%m%d)"

mutation: $(READY) ## Change the law a figure, then an operator, at a time: each test that should notice
	$(BIN)/python -m mutation tout --score

lock: $(READY) ## Bring the lock file up to date
	$(BIN)/uv lock --upgrade

build: $(READY) ## The wheel and the source distribution, in dist/, checked
	@$(BIN)/python -m publication archives

package: $(READY) ## The same, the wheel tried alone with each extra, its components (SBOM), the sums
	@$(BIN)/python -m publication paquet

release: $(READY) ## The same, from a clean checkout whose version has no tag; what is left to do
	@$(BIN)/python -m publication publier

clean: ## Remove what the other commands made
	rm -rf $(VENV) .ci-env build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .grimp_cache
