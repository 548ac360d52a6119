# Two commands: `make run` and `make test`. The work is done by the scripts of bin/.
PORT ?= 8000
ARGS ?=
QUICK ?=
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test check bench stop clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-7s %s\n", $$1, $$2}' Makefile

run: ## Install what is missing, then serve on 127.0.0.1 until Ctrl-C [PORT=8000]
	@bin/serve

test: ## Install what is missing, then run the tests [ARGS="-k pins"]
	@bin/test $(ARGS)

check: ## Lint, format, types, templates, import direction, migrations, deployment
	@bin/check

bench: ## Measure against peers [QUICK=1]
	@QUICK=$(QUICK) bin/bench $(ARGS)

stop: ## Stop the server and the local database of this checkout
	@bin/stop

clean: ## Stop, then delete .venv, .local (the local database) and caches
	@bin/clean
