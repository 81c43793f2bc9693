# `make help` says what every target is for.
SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
POLICY ?= liaocheng_2022
RULES := $(if $(wildcard $(POLICY)),$(POLICY),rules/$(POLICY))
# Figures that the circular leaves open, made up for the sample.
GIVEN := $(patsubst %,--parameters %,$(wildcard $(RULES)/parameters.sample.toml))

INSTALLED := $(VENV)/.installed
CORE := $(VENV)/.core
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
MATURIN := PIP_QUIET=1 PIP_DISABLE_PIP_VERSION_CHECK=1 VIRTUAL_ENV=$(CURDIR)/$(VENV) $(BIN)/maturin develop --release --quiet
RUST := Cargo.toml Cargo.lock $(shell find rust -name '*.rs' -o -name '*.toml')

.PHONY: help dev setup demo test lint format bench long fuzz mutants spark clean

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

$(INSTALLED): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 ..."; exit 1; }
	@command -v cargo >/dev/null || { echo "A Rust toolchain is needed: cargo was not found."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) install 'pip>=25' 'maturin>=1.16,<2'
	@touch $@

# Libraries are resolved again only when pyproject.toml changed.
$(CORE): $(INSTALLED) $(RUST)
	@echo "building the core (a minute or two the first time)"
	@if test -e $(CORE) -a $(CORE) -nt $(INSTALLED); then $(MATURIN) --skip-install; else $(MATURIN) --extras dev; fi
	@$(BIN)/python -m compileall -q python/jiugao  # kept even where PYTHONDONTWRITEBYTECODE is set
	@touch $@

dev setup: $(CORE)  ## everything from nothing into .venv: tools, libraries, the built core

PEOPLE ?= 200000
YEAR := --claims demo/year/claims.csv --people demo/year/people.csv --institutions demo/year/institutions.csv --applications demo/year/applications.csv
# A claim on which a limit bound, if there is one: its account shows every step.
SHOWN = $$(awk -F, '$$5 + 0 > 0 && $$1 != "" { if ($$7 == "limit") { print $$1; found = 1; exit } else if (!any) any = $$1 } END { if (!found) print any }' demo/year/planted_errors.csv)

demo: $(CORE)  ## a year of sample claims, settled and reconciled (POLICY=liaocheng_2022 PEOPLE=200000)
	@rm -rf demo
	@printf '\n== the rules: checked, their examples run\n'
	$(BIN)/jiugao check $(RULES) $(GIVEN)
	$(BIN)/jiugao test $(RULES) $(GIVEN) --coverage
	@printf '\n== a year of claims in the national format, with known errors planted\n'
	$(BIN)/jiugao sample $(RULES) $(GIVEN) --people $(PEOPLE) --seed 7 --errors 0.02 -o demo/year
	@printf '\n== settled again and held against what was paid\n'
	$(BIN)/jiugao reconcile $(RULES) $(GIVEN) $(YEAR) -o demo/reconciled || test $$? -eq 4
	$(BIN)/jiugao verify demo/reconciled
	@printf '\n== what funds owe and hold, indicators against their targets, premium subsidies\n'
	$(BIN)/jiugao funds $(RULES) $(GIVEN) --results demo/reconciled --claims demo/year/claims.csv --enrolment demo/year/enrolment.csv -o demo/funds || test $$? -eq 4
	@printf '\n== why one claim got its amount\n'
	@set -- $(BIN)/jiugao explain $(RULES) $(GIVEN) $(YEAR) --settlement "$(SHOWN)"; echo "$$@"; "$$@"

test: $(CORE)  ## all tests that fit in minutes
	$(BIN)/python -m pytest -q -n 2

lint: $(CORE)  ## everything that reads the code without running it
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest jiugao._core
	$(BIN)/lint-imports
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --quiet -- -D warnings
	cargo test --workspace --quiet

format:  ## lay out Python and Rust as the linters want it
	$(BIN)/ruff check --fix-only --quiet
	$(BIN)/ruff format
	cargo fmt --all

bench: $(CORE)  ## speed against peers; writes benches/RESULTS.md
	$(BIN)/python benches/run.py

long: $(CORE)  ## what takes hours: long property runs, large files
	@$(PIP) install 'quicktions>=1.24,<2'
	JIUGAO_PROPERTIES=long PROPTEST_CASES=50000 cargo test --workspace --quiet -- --include-ignored
	JIUGAO_PROPERTIES=long $(BIN)/python -m pytest -q -m long
	$(MAKE) fuzz
	$(MAKE) mutants

SECONDS ?= 3600
fuzz: $(CORE)  ## texts and program files that nobody would write, an hour each (SECONDS=3600); needs a nightly Rust
	@$(PIP) install 'atheris>=3,<4'
	$(BIN)/python -m tests.fuzz.rules --seconds $(SECONDS) --corpus fuzz/rules --found fuzz/found
	$(BIN)/python -m tests.fuzz.programs fuzz/rulesc
	@mkdir -p fuzz/found && test -x fuzz/tools/bin/cargo-fuzz || cargo install --quiet --locked --root fuzz/tools cargo-fuzz
	PATH="$(CURDIR)/fuzz/tools/bin:$$PATH" cargo +nightly fuzz run --fuzz-dir rust/fuzz --sanitizer none --features libfuzzer rulesc fuzz/rulesc -- -max_total_time=$(SECONDS) -max_len=120000 -timeout=60 -artifact_prefix=fuzz/found/ -print_final_stats=1

SAMPLE ?= 100
SEED ?= 1
mutants: $(CORE)  ## whether the tests notice changed code: so many changes of each crate and of the checker (SAMPLE=100 SEED=1)
	@mkdir -p fuzz && test -x fuzz/tools/bin/cargo-mutants || cargo install --quiet --locked --root fuzz/tools cargo-mutants
	@$(PIP) install 'cosmic-ray>=8.7,<9' 'coverage>=7,<8'
	PATH="$(CURDIR)/fuzz/tools/bin:$$PATH" $(BIN)/python -m tests.mutants.rust jiugao_program --sample $(SAMPLE) --seed $(SEED)
	PATH="$(CURDIR)/fuzz/tools/bin:$$PATH" $(BIN)/python -m tests.mutants.rust jiugao_engine --sample $(SAMPLE) --seed $(SEED)
	$(BIN)/python -m tests.mutants.checker --sample $(SAMPLE) --seed $(SEED)

spark: $(CORE)  ## the tests on a local cluster of Spark: downloads it, needs a Java runtime
	@command -v java >/dev/null || { echo "A Java runtime is needed, for example Debian's default-jre-headless."; exit 1; }
	@$(PIP) install 'pyspark>=4.1' 'pandas>=2.2,<3'
	$(BIN)/python -m pytest -q tests/spark

clean:  ## remove what was built
	rm -rf $(VENV) target demo dist fuzz
