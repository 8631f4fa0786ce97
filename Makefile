# Storno's two commands: `make serve` and `make test`. Both install what the system lacks.

SWIFT ?= swift
HOST ?= 127.0.0.1
PORT ?= 8080
DATABASE ?= sqlite:storno.sqlite

.PHONY: serve test setup format lint clean

serve: setup
	$(SWIFT) build -c release --product storno
	exec $$($(SWIFT) build -c release --show-bin-path)/storno serve --demo --host $(HOST) --port $(PORT) --database $(DATABASE)

test: setup
	scripts/test

setup:
	@scripts/setup

format:
	$(SWIFT) format --in-place --recursive Package.swift Sources Dialects Connectors Tests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Sources Dialects Connectors Tests

clean:
	$(SWIFT) package clean
