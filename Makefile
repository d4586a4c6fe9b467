# The tasks a person runs and the tasks CI runs are the same ones.
#
#   make demo                 the main job on 99 fixture pages, beside the pure-Python way
#   make demo URLS="https://… https://…"   the same records for pages of your choice
#   make test                 all tests; `make test-rust test-python test-kotlin test-swift` are some of them
#   make lint                 formatters, linters, type checkers
#   make load                 100,000 URLs of 200 hosts with faults among them
#   make bench                the side-by-side comparison, written to target/bench/
#   make bench-fetch          fetching, beside aiohttp, httpx, Scrapy, requests, bare reqwest and hyper, and Go
#   make bench-boundary       what a call costs, beside PyO3, cffi, ctypes, Go, gopy and protobuf
#   make bench-languages      what calls cost in Python, Kotlin and Swift, and whether a million of them leak
#   make bench-extract        what reading a page costs, beside parsers and extractors (PAGES=DIR)
#   make fuzz-extract         damaged pages, every engine against html5ever (DOCUMENTS=100000 PAGES=DIR)
#   make fuzz                 cargo-fuzz over what reads from the network (TARGET=extract SECONDS=600)
#   make score CASES=DIR      the extractor over a folder of scored pages
#   make wheel                the Python package, in target/wheels/
#   make snapshots            accepts a change of the public API
#   make dist                 what is released, for every platform that can be built here, checked, in target/dist/

PYTHON ?= python3
VENV   := .venv
PY     := $(VENV)/bin/python
CARGO  ?= cargo
WHEELS := target/wheels

RUST_SOURCES   := $(shell find src uniffi-bindgen -name '*.rs' -o -path '*/runtime/*.py') Cargo.toml Cargo.lock uniffi.toml
SERVER_SOURCES := $(shell find tests/server -name '*.rs' -o -name Cargo.toml)
PYTHON_SOURCES := $(shell find bindings/python/src -name '*.py' -not -path '*/_ffi/*') bindings/python/pyproject.toml

.PHONY: help demo load test test-rust test-boundary test-python test-scripts test-languages lint snapshots snapshots-check format bench bench-boundary bench-fetch bench-extract fuzz-extract fuzz score wheel testserver clean
.DEFAULT_GOAL := help

help:
	@sed -n '3,/^$$/s/^# *//p' Makefile

# --- setting up -------------------------------------------------------------------------------------------------

$(VENV)/.tools: bindings/python/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.10 or later is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 10) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(PY) -m pip install --quiet --upgrade 'pip>=25.1' 'maturin>=1.16,<2'
	cd bindings/python && ../../$(PY) -m pip install --quiet --group test --group bench 'rich>=13'
	@touch $@

# The wheel is built and installed as a user's would be; the tests never see the source tree.
$(VENV)/.installed: $(VENV)/.tools $(RUST_SOURCES) $(PYTHON_SOURCES)
	@rm -rf $(WHEELS)
	cd bindings/python && ../../$(PY) -m maturin build --release --quiet --out ../../$(WHEELS)
	$(PY) -m pip install --quiet --force-reinstall --no-deps $(WHEELS)/*.whl
	@touch $@

target/release/sitelift-testserver: $(SERVER_SOURCES) Cargo.lock
	$(CARGO) build --quiet --release -p sitelift-testserver
	@touch $@

wheel: $(VENV)/.installed
	@ls -l $(WHEELS)

testserver: target/release/sitelift-testserver

include bindings/native.mk bindings/dist/dist.mk

# --- the main job -----------------------------------------------------------------------------------------------

demo: $(VENV)/.installed testserver
	@$(PY) benches/side_by_side/run.py --show 10 $(if $(URLS),--urls $(URLS),--sites 99)

bench: $(VENV)/.installed testserver
	@$(PY) benches/side_by_side/run.py --sites 49 99 --json target/bench/side_by_side.json

bench-boundary: $(VENV)/.tools
	@$(PY) benches/boundary/bench.py $(if $(ROUNDS),--rounds $(ROUNDS))

# One by one, so that a library that does not install here is only left out; the run names it.
$(VENV)/.extractors: GROUP = bench-extract
$(VENV)/.fetchers: GROUP = bench-fetch
$(VENV)/.extractors $(VENV)/.fetchers: $(VENV)/.tools
	@$(PY) -c 'from pip._vendor import tomli; print(*tomli.load(open("bindings/python/pyproject.toml", "rb"))["dependency-groups"]["$(GROUP)"], sep="\n")' \
		| while read -r peer; do $(PY) -m pip install --quiet "$$peer" || echo "$$peer does not install here" >&2; done
	@touch $@

bench-extract: $(VENV)/.installed $(VENV)/.extractors
	@$(PY) benches/extract/bench.py $(if $(PAGES),--pages "$(PAGES)") $(if $(ROUNDS),--rounds $(ROUNDS))

fuzz-extract:
	SITELIFT_DAMAGED=$(or $(DOCUMENTS),100000) $(if $(PAGES),SITELIFT_PAGES='$(abspath $(PAGES))') \
		$(CARGO) test --release --lib differential -- --nocapture

# Needs `cargo install cargo-fuzz`. The sanitizers are for unsafe code, of which there is none.
TARGET ?= extract
SECONDS ?= 600
fuzz:
	mkdir -p fuzz/corpus/$(TARGET)
	RUSTC_BOOTSTRAP=1 $(CARGO) fuzz run --sanitizer none $(TARGET) fuzz/corpus/$(TARGET) tests/fixtures/pages -- \
		-max_total_time=$(SECONDS) -timeout=20 -max_len=65536 -dict=fuzz/markup.dict

bench-fetch: $(VENV)/.installed $(VENV)/.fetchers testserver
	@$(PY) benches/fetch/bench.py $(if $(ROUNDS),--rounds $(ROUNDS))

score: $(VENV)/.installed
	@test -n "$(CASES)" || { echo 'make score CASES=DIR: name a folder of <source>/<case>/page.html' >&2; exit 2; }
	@$(PY) tests/score.py "$(CASES)"

# --- checking ---------------------------------------------------------------------------------------------------

test: test-rust test-boundary test-python test-scripts test-languages snapshots-check

# See test-languages.sh for what a machine lacks.
test-languages: test-rust test-python
	MAKE='$(MAKE)' bindings/test-languages.sh $(PYTHON)

# The scripts around the packages: what they do where a tool is missing, or on a Mac.
test-scripts: $(VENV)/.tools
	$(PY) -m pytest --quiet -c bindings/python/pyproject.toml --rootdir . tests/scripts

# The server is a program of its own, so that all languages share it; the Rust tests start it too.
test-rust: testserver
	$(CARGO) test --workspace --quiet

# 100,000 URLs of 200 hosts with faults among them. A tenth of it takes seconds, and is a part of test-rust.
load: testserver
	SITELIFT_LOAD=$(or $(URLS),100000) $(CARGO) test --release --quiet --test load -- --nocapture

# The generator and the accelerator, over a library made for that.
test-boundary: $(VENV)/.tools
	$(CARGO) test --quiet --features bindgen --bin uniffi-bindgen
	cd tests/boundary && ../../$(PY) -m pytest --quiet

test-python: $(VENV)/.installed testserver
	cd bindings/python && ../../$(PY) -m pytest

lint: $(VENV)/.installed
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --quiet -- -D warnings
	$(CARGO) clippy -p sitelift --all-targets --features bindgen --quiet -- -D warnings
	cd bindings/python && ../../$(VENV)/bin/ruff check . ../../tests ../../benches ../../examples ../snapshots ../dist
	cd bindings/python && ../../$(VENV)/bin/ruff format --check . ../../tests ../../benches ../../examples ../snapshots ../dist
	cd bindings/python && ../../$(PY) -m mypy --package sitelift
	cd bindings/python && MYPYPATH=../snapshots ../../$(PY) -m mypy ../snapshots/check.py
	cd bindings/python && MYPYPATH=../dist ../../$(PY) -m mypy ../dist/build.py ../dist/check.py
	cd bindings/python && ../../$(PY) -m mypy ../../tests/score.py ../../tests/folder.py ../../tests/uniffi_suite.py ../../tests/cases/compare.py
	$(VENV)/bin/shellcheck .ci/run bindings/*.sh bindings/*/*.sh
	RUSTDOCFLAGS='-D warnings' $(CARGO) doc -p sitelift -p uniffi-python-accelerator --no-deps --quiet

# The public API of each language against bindings/snapshots; `make snapshots` accepts what has changed.
snapshots-check: $(VENV)/.installed native
	$(PY) bindings/snapshots/check.py $(NATIVE)

snapshots: $(VENV)/.installed native
	$(PY) bindings/snapshots/check.py $(NATIVE) --write

format:
	$(CARGO) fmt --all
	cd bindings/python && ../../$(VENV)/bin/ruff check --fix . ../../tests ../../benches ../../examples ../snapshots ../dist
	cd bindings/python && ../../$(VENV)/bin/ruff format . ../../tests ../../benches ../../examples ../snapshots ../dist

clean:
	rm -rf target $(VENV)
