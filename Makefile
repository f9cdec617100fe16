# Levada: `make run` and `make test` are all one needs; `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help run build test soak bench format clean

help: ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: build ## build and start the broker in the foreground: AMQP 5672, HTTP 15672, data in ./data
	@exec bin/levada server --data-dir data

build: bin/levada ## leave an executable bin/levada

# Publishing takes half a minute, so only when a source is newer.
bin/levada: $(shell find src web -type f -not -path '*/obj/*' -not -path '*/bin/*' -not -path '*/node_modules/*' \
		-not -path '*/dist/*') scripts/build scripts/web \
		Directory.Build.props Directory.Packages.props global.json
	@scripts/build

test: ## run every test; the last line is the sum
	@tests/run

soak: ## the broker among bad clients on a bad network for MINUTES (30), SEED to repeat one
	@scripts/prerequisites build
	@tests/soak $(or $(MINUTES),30) $(SEED)

bench: ## micro-benchmarks: processor time and bytes allocated per message; ONLY=Topic for some
	@scripts/prerequisites build
	dotnet run -c Release --project bench/Levada.Bench -- --filter '*$(ONLY)*'

format: ## put the source into the house's shape
	@scripts/prerequisites build
	dotnet format Levada.slnx
	@scripts/web
	npm run --silent --prefix web format

clean: ## remove what builds leave; the data folder stays
	rm -rf bin artifacts TestResults web/dist
	find src tests bench -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
