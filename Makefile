# Storno's two commands: `make serve` and `make test`. Both install what the system lacks.

SWIFT ?= swift
HOST ?= 127.0.0.1
PORT ?= 8080
DATABASE ?= sqlite:storno.sqlite

SEEDS ?= 200000
REFUNDS ?= 1000000
FUZZ_SECONDS ?= 180

.PHONY: serve test proof bench fuzz setup format lint clean

serve: setup
	$(SWIFT) build -c release --product storno
	exec $$($(SWIFT) build -c release --show-bin-path)/storno serve --demo --host $(HOST) --port $(PORT) --database $(DATABASE)

test: setup
	scripts/test

# The long forms of what `make test` does in short; hours. Results go to docs/RELIABILITY.md.
proof: setup
	$(SWIFT) build -c release --product simulator
	$(SWIFT) build -c release --product storno
	time $$($(SWIFT) build -c release --show-bin-path)/simulator --seeds $(SEEDS)
	time $$($(SWIFT) build -c release --show-bin-path)/simulator --mutants
	STORNO_PROOF=1 scripts/setup-tests
	STORNO_PROOF=1 scripts/python
	STORNO_PROOF=1 STORNO_BINARY=$$($(SWIFT) build -c release --show-bin-path)/storno .venv/bin/python -m pytest Tests/Binary -q -p no:cacheprovider
	STORNO_PROOF=1 STORNO_BINARY=$$($(SWIFT) build -c release --show-bin-path)/storno scripts/with-postgres env STORNO_TEST_STORE=postgres .venv/bin/python -m pytest Tests/Binary/model Tests/Binary/races -q -p no:cacheprovider
	python3 Tests/Proof/million.py $$($(SWIFT) build -c release --show-bin-path)/storno --refunds $(REFUNDS)
	scripts/thread-sanitizer
	$(MAKE) fuzz

# Everything beside its peers, 40 minutes at the most; QUICK=1 for five lines.
bench: setup
	scripts/setup-bench
	$(SWIFT) build -c release --scratch-path .build-bench --traits PostgreSQL,Benchmarking --product storno
	$(SWIFT) build -c release --scratch-path .build-bench --traits PostgreSQL,Benchmarking --product Instructions
	$(SWIFT) build -c release --package-path Benchmarks
	.venv/bin/python -m pytest Benchmarks/test_load.py -q -p no:cacheprovider
	$(if $(QUICK),,.venv/bin/python Benchmarks/instructions.py .build-bench/release/Instructions)
	.venv/bin/python Benchmarks/bench.py .build-bench/release/storno $(if $(QUICK),--quick)

# Every fuzz target for FUZZ_SECONDS, two at a time.
fuzz: setup
	FUZZ_SECONDS=$(FUZZ_SECONDS) scripts/fuzz

setup:
	@scripts/setup

format:
	$(SWIFT) format --in-place --recursive Package.swift Plugins Sources Dialects Connectors Tests Benchmarks/Package.swift Benchmarks/Sources

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Plugins Sources Dialects Connectors Tests Benchmarks/Package.swift Benchmarks/Sources

clean:
	$(SWIFT) package clean
