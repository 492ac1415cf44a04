.DEFAULT_GOAL := help
.PHONY: run test bench soak spec data format help

PORT ?= 8080
EMULATOR_PORT ?= 8090
DATA ?= .data
ADMIN_PASSWORD ?=
DEMO_API_KEY ?=
HISTORY_MONTHS ?= 18
SMOKE ?=
export PORT EMULATOR_PORT DATA ADMIN_PASSWORD DEMO_API_KEY HISTORY_MONTHS SMOKE

run: ## Build and start the service with a demo project and an emulated CRM; Ctrl-C stops both
	@scripts/run.sh

test: ## Build and run every test; the last line is "N passed, N failed, N skipped"
	@scripts/test.sh

bench: ## Measure, and write artifacts/bench.json
	@scripts/bench.sh $(PART)

soak: ## Kill, cut and flood, and write artifacts/soak.json; SMOKE=1 for the short form
	@scripts/soak.sh

spec: ## Write api-spec/openapi.json from the code and check it
	@scripts/spec.sh

data: ## Refresh the reference data from their sources
	@scripts/data.sh

format: ## Format the code
	@scripts/format.sh

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "  Variables: PORT=$(PORT) EMULATOR_PORT=$(EMULATOR_PORT) DATA=$(DATA) ADMIN_PASSWORD DEMO_API_KEY HISTORY_MONTHS=$(HISTORY_MONTHS) SMOKE"
