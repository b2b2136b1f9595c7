# Weir's front door: a thin layer over CMake and Ninja. `make help` lists what can be asked of it.
#
# Every target that needs Debian packages asks scripts/setup for its group first; where nothing is missing that takes
# some milliseconds. All builds live in build*/ and can be thrown away with `make clean`.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

BUILD  ?= build
PREFIX ?= /usr/local
JOBS   ?= $(shell nproc)
CMAKE_FLAGS ?=
FUZZ_SECONDS ?= 20
QUERIES ?= 20000

configure = scripts/configure

.PHONY: help setup build parquet demo test check bench install asan ubsan tsan fuzz format lint tidy corpus nexmark random clean

help: ## What this Makefile can do (the default)
	@echo 'Weir: Flink SQL in one small process.'
	@echo
	@echo '  make demo      first look: fetches real flights, builds, runs a streaming report'
	@echo '  make build     just the binary: build/weir, build/libweir.so'
	@echo '  make test      everything that must hold (what CI runs)'
	@echo
	@echo 'All targets:'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'Variables: BUILD=build  PREFIX=/usr/local  DESTDIR=  JOBS=$(JOBS)  CMAKE_FLAGS=  FUZZ_SECONDS=20  QUERIES=20000'

setup: ## Install the Debian packages that building and testing need (only missing ones)
	@scripts/setup build test

build: ## Build weir, libweir.so and the unit tests
	@scripts/setup build
	@$(configure) $(BUILD) $(CMAKE_FLAGS)
	@cmake --build $(BUILD) -j $(JOBS)

parquet: ## Build the plug-in for 'format' = 'parquet' (needs cargo)
	@scripts/setup build
	@$(configure) $(BUILD) $(CMAKE_FLAGS)
	@cmake --build $(BUILD) --target weir_parquet

demo: ## Fetch 3 million real flights, build, run a windowed, joined, ranked report over them
	@scripts/setup build demo
	@scripts/demo

test: ## All tests: unit, tidy, corpus, Nexmark, C API, sanitizers; ends with "N passed, N failed"
	@scripts/setup build test
	@scripts/test all

check: ## The minute before a commit: build, unit tests, tidy, corpus
	@scripts/setup build test
	@scripts/test quick

bench: ## Ours beside real Flink 2.3 and DuckDB: wall, CPU, memory, and whether the results agree
	@scripts/setup build bench
	@bench/run

install: build ## Install to PREFIX: binary, library, header, pkg-config file, man page, completion
	@cmake --install $(BUILD) --prefix '$(PREFIX)'

asan: ## The tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@scripts/setup build test
	@scripts/test asan

ubsan: asan ## The same run: both sanitizers live in one build

tsan: ## The tests under ThreadSanitizer
	@scripts/setup build test
	@scripts/test tsan

fuzz: ## Every fuzzer in tests/fuzz for FUZZ_SECONDS each
	@scripts/setup build fuzz
	@scripts/fuzz $(FUZZ_SECONDS)

corpus: build ## Only the acceptance corpus; failures in corpus-failures.txt
	@scripts/test corpus

nexmark: build ## Only the Nexmark queries against what real Flink answered
	@scripts/test nexmark

random: build ## QUERIES random queries, compared among our own runs and with DuckDB
	@QUERIES=$(QUERIES) WEIR_BUILD=$(abspath $(BUILD)) tests/drive/random_queries.py

tidy: ## Only the source checks (include direction, banned calls, lengths, ...)
	@scripts/tidy

format: ## clang-format over the C files that differ from the last commit
	@scripts/setup format
	@scripts/format

lint: ## clang-tidy over the C files that differ from the last commit (scripts/lint --all: all)
	@scripts/setup build lint
	@scripts/lint

clean: ## Throw away every build folder
	rm -rf build build-* corpus-failures.txt
