#!/usr/bin/env bash
# Kills, cuts and floods the service, and writes artifacts/soak.json. SMOKE=1 takes the short form.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/setup.sh bench
mkdir -p artifacts
# It starts both programs itself, from the same place as `make run` does.
build src/LeadIngest.Api src/LeadIngest.CrmEmulator
exec dotnet run --configuration Release --project tests/LeadIngest.Resilience -- "$@"
