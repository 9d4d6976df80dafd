# Every task of the project. `make run` and `make test` need Python >= 3.11 and nothing else set up.
PYTHON ?= python3
BIN := .venv/bin
MINUTES ?= 30

.PHONY: help run setup setup-test test test-slow search check audit format types lint rooms bench bench-large soak soak-faults conformance study docs screenshots lock clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | sort

run: setup ## make the environment, load the demo people and serve them
	@$(BIN)/patientoverblik demo

setup: ## make the environment in .venv without starting anything
	@$(PYTHON) tools/setup.py run

setup-test:
	@$(PYTHON) tools/setup.py test

test: setup-test lint types rooms audit ## set up what the tests need and run them all
	@echo "journeys in a real browser …"
	@$(BIN)/pytest -n 2 --dist loadfile -m "browser and not slow" tests/journeys
	@echo "everything else …"
	@$(BIN)/pytest -n 2 --dist worksteal -m "not slow and not browser"

test-slow: setup-test ## oracles and soaks that take their time
	@$(BIN)/pytest -m slow

search: setup-test ## look for examples that break a law: fresh ones, round after round, for MINUTES (30)
	@end=$$(($$(date +%s) + 60 * $(MINUTES))); while [ $$(date +%s) -lt $$end ]; do \
	  $(BIN)/pytest -n 2 --dist worksteal -m "hypothesis and not browser and not slow" --hypothesis-profile=search || exit 1; done

check: lint types rooms ## everything that is checked without running a test

lint:
	@$(BIN)/ruff format --quiet --check src tests benches tools
	@$(BIN)/ruff check --quiet src tests benches tools
	@$(BIN)/python tools/measure.py

types:
	@$(BIN)/mypy --no-error-summary

rooms:
	@$(BIN)/lint-imports --no-logo > /dev/null || $(BIN)/lint-imports --no-logo

audit: setup-test ## hold the locked packages against what is known to be bad (needs no internet)
	@$(BIN)/python tools/audit.py

format: ## put the code in its one look
	@$(BIN)/ruff format src tests benches tools
	@$(BIN)/ruff check --fix src tests benches tools

bench: setup-test ## measure against the floors on this machine
	@$(BIN)/python -m benches

bench-large: setup-test ## growth from 10 000 to 1 000 000 documents, warm and cold
	@$(BIN)/python -m benches.large

soak: setup-test ## whether memory stays flat over 100 000 requests at the XDS.b door
	@$(BIN)/python -m benches.soak

soak-faults: setup-test ## workers and databases killed, full, slow and gone under load, 25 rounds of each
	@PATIENTOVERBLIK_FAULT_ROUNDS=25 $(BIN)/pytest -s tests/faults

conformance: setup-test ## let a client of another making (IPF, Java) drive the XDS.b door; needs Maven
	@$(BIN)/python -m tools.conformance
	@$(BIN)/python -m tools.conformance.fhir

study: setup-test ## seconds and clicks to fifteen facts, in the overview and in the documents; needs Chromium
	@$(BIN)/python -m tools.study

docs: setup ## write the generated pages of the manual anew
	@$(BIN)/python tools/write_docs.py

screenshots: setup-test ## make the pictures of the manual anew; needs Chromium
	@$(BIN)/python tools/screenshots.py

lock: ## lock the Python dependencies anew, with hashes
	@for part in build runtime node dev; do uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-header --no-annotate \
	  -o requirements/$$part.txt requirements/$$part.in; done

clean: ## remove the environment and what was built
	rm -rf .venv node_modules var build dist
