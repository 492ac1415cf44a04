#!/usr/bin/env bash
# Refreshes the reference data: every scripts/data/*.mjs fetches one source and writes its file.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

shopt -s nullglob
refreshers=(scripts/data/*.mjs)
((${#refreshers[@]})) || fail "There are no reference data to refresh yet: scripts/data holds no .mjs file."
has node || fail "'node' is missing. Install Node.js 18 or newer and try again."
for refresher in "${refreshers[@]}"; do
  say "$refresher"
  node "$refresher"
done
