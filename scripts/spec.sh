#!/usr/bin/env bash
# Writes api-spec/openapi.json from the code and checks it.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

scripts/setup.sh spec
build src/LeadIngest.Api
dotnet exec src/LeadIngest.Api/bin/Release/net10.0/LeadIngest.Api.dll spec api-spec/openapi.json </dev/null
lint
