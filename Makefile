# Berth by name: `make help` lists what there is.

SHELL := /bin/bash
.DEFAULT_GOAL := help

# The flags of every Swift build; lld links in a fraction of gold's time.
SWIFT ?= swift
SWIFT_FLAGS := -Xswiftc -use-ld=lld
# Flags evict each other's object files, so each set of flags has a build folder of its own.
RELEASE := -c release --scratch-path .build-release --static-swift-stdlib -Xlinker -s

# What the Debian packages are for: the embedded database, the resumable hash, XML of the Query protocol, zlib of swift-nio, and finding them.
BUILD_PACKAGES := libsqlite3-dev libssl-dev libxml2-dev zlib1g-dev pkg-config

.PHONY: help run build test check model fmt docs bench torture scale sanitize fuzz build-dependencies

help: ## what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: build ## build optimised, then serve on http://localhost:5000
	bin/berth serve

build: build-dependencies ## the optimised, static, stripped binary at bin/berth
	@echo "Building Berth optimised. The first time this takes about a quarter of an hour on 2 cores; later it takes seconds."
	$(SWIFT) build $(RELEASE) $(SWIFT_FLAGS) --product berth
	@mkdir -p bin
	@install -m 755 "$$($(SWIFT) build $(RELEASE) $(SWIFT_FLAGS) --product berth --show-bin-path)/berth" bin/berth
	@echo "bin/berth is ready ($$(du -h bin/berth | cut -f1))."

# How many tests run at a time. Without a bound all of them start at once, each with its databases, and beyond some 1,300 open
# files Foundation's Process.run reads past the buffer in which it lists them.
test: export SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH := 16
test: build-dependencies ## all tests, those with real clients among them
	scripts/test-dependencies
	SWIFT=$(SWIFT) scripts/test

check: build-dependencies model ## formatting, links of the documents, arrows between modules, file sizes, models of protocols
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests
	scripts/check-documents
	$(SWIFT) test $(SWIFT_FLAGS) --disable-xctest --filter ArchitectureTests

model: ## every interleaving of pushes and the collector, by spin
	@scripts/install-packages spin gcc libc6-dev
	scripts/model

fmt: ## format all Swift code in place
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

docs: ## the documentation of all modules as HTML
	@$(call absent,there is no generated documentation; read README.md and docs/)

bench: build ## compare with docker-registry, nginx and moto
	scripts/bench

torture: build ## kill the server at every point of a push, and cut the power
	scripts/torture

scale: build ## start, pages and memory with a million images
	scripts/scale

sanitize: build-dependencies ## all tests but those with real clients under the thread and address sanitizers
	scripts/test-dependencies
	scripts/sanitize thread $(SANITIZE)
	scripts/sanitize address $(SANITIZE)

# Each of the ten parsers gets so many seconds.
fuzz: build-dependencies ## an hour of libFuzzer on the parsers of what strangers send; their corpora grow by it
	scripts/fuzz $(or $(FUZZ_SECONDS),360)

build-dependencies:
	@scripts/install-packages $(BUILD_PACKAGES)

# A target that is planned (docs/roadmap.md) fails and says so; it never pretends.
absent = echo "make $@: not there yet: $(1)." >&2; exit 2
