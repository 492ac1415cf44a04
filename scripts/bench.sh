#!/usr/bin/env bash
# Measures ratios in one run and writes artifacts/bench.json.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/setup.sh bench
mkdir -p artifacts
exec dotnet run --configuration Release --project tests/LeadIngest.Benchmarks -- "$@"
