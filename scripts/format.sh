#!/usr/bin/env bash
# Formats the code as .editorconfig asks; --verify-no-changes only looks.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

exec dotnet format LeadIngest.sln "$@"
