# What people run. All of it is `cargo xtask`; this file only says what is missing on a machine before that can work.

ifdef CI
# A CI run keeps what it compiled between clones.
export CARGO_TARGET_DIR ?= $(HOME)/.cache/recollect/target
endif

XTASK := cargo build --bin xtask && cargo xtask

.DEFAULT_GOAL := help
.PHONY: help run dev test bench release openapi queries tidy clean rust node python

help: ## Show this
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' Makefile | expand -t 16

run: rust node python ## Run the portal on this machine, until Ctrl-C
	@$(XTASK) dev

dev: rust node python ## The same; functions and pages are rebuilt when their sources change
	@$(XTASK) dev --watch

test: rust node python ## Run all that CI runs
	@$(XTASK) test

bench: rust node python ## Measure the portal on this machine
	@$(XTASK) cloud --open-ai-peer -- cargo run --bin bench

release: rust python ## Build the functions as Lambda gets them, and check their sizes
	@$(XTASK) release

openapi: rust node ## Renew docs/openapi.json and the types of the pages
	@$(XTASK) openapi

queries: rust ## Renew .sqlx, the descriptions of the SQL queries
	@$(XTASK) queries

tidy: rust ## Check the rules of the project's shape
	@$(XTASK) tidy

clean: ## Throw away what was built; conversations and settings stay
	@rm -rf target dist frontend/dist frontend/node_modules infra/local/node_modules infra/front-door/node_modules \
		tests/e2e/node_modules tests/artifacts .local/venv .local/logs

rust:
	@command -v cargo >/dev/null || { echo "Rust is missing: install it from https://rustup.rs, then try again."; exit 1; }
	@command -v cc >/dev/null || { echo "A C compiler is missing (Debian: build-essential): Rust links with it."; exit 1; }

node:
	@node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null \
		|| { echo "Node 20.19 or newer is missing: install it from https://nodejs.org, then try again."; exit 1; }
	@command -v npm >/dev/null || { echo "npm is missing: it comes with Node, or as the package npm of your system."; exit 1; }

python:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or newer is missing: install it from https://www.python.org, then try again."; exit 1; }
	@python3 -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "Python has no venv module (Debian: python3-venv): install it, then try again."; exit 1; }
