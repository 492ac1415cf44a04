#!/usr/bin/env bash
# Measures ratios in one run and writes artifacts/bench.json.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/setup.sh bench
mkdir -p artifacts
say "Building …"
build tests/LeadIngest.Benchmarks || fail "The build failed."
# Not 'dotnet run', which would end at a SIGTERM without passing it on.
exec dotnet exec tests/LeadIngest.Benchmarks/bin/Release/net10.0/LeadIngest.Benchmarks.dll "$@"
