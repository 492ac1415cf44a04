#!/usr/bin/env bash
# Kills, cuts and floods the service, and writes artifacts/soak.json. SMOKE=1 takes the short form, SEED= replays a run, ONLY=kills,faults plays some.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/setup.sh bench
mkdir -p artifacts
build tests/LeadIngest.Resilience
# Not through "dotnet run": a signal has to reach the program itself, which then stops everything that it has started.
exec tests/LeadIngest.Resilience/bin/Release/net10.0/LeadIngest.Resilience "$@"
