#!/usr/bin/env bash
# Builds, runs every test and checks the API description. The last line is "N passed, N failed, N skipped".
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

passed=0 failed=0 skipped=0
results="$root/artifacts/test-results"

# What failed and the first lines of why, once more at the end: the log before it is long.
name_failed() {
  local file
  for file in "$results"/*/results.trx; do
    [[ -f "$file" ]] || continue
    awk '
      /<UnitTestResult / { name = ""; if (/outcome="Failed"/ && match($0, / testName="[^"]*"/)) { name = substr($0, RSTART + 11, RLENGTH - 12); print "FAILED: " name } }
      name != "" && /<Message>/ { shown = 4 }
      name != "" && shown > 0 { line = $0; gsub(/<[^>]*>/, "", line); if (line ~ /[^ ]/) print "    " substr(line, 1, 300); shown-- }
      /<\/Message>/ { shown = 0 }
    ' "$file"
  done
}

finish() {
  ((failed == 0)) || name_failed
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0 && passed > 0)) || exit 1
  exit 0
}

# step NAME COMMAND...: one more thing that passes or fails, counted like a test.
step() {
  local name="$1"
  shift
  if "$@"; then
    passed=$((passed + 1))
  else
    say "FAILED: $name"
    failed=$((failed + 1))
    return 1
  fi
}

# Servers that outlive the build would hold a build machine's output open.
if [[ -n "${CI:-}" ]]; then
  export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false
fi

if ! scripts/setup.sh test || ! build LeadIngest.sln; then
  say "FAILED: nothing could be tested"
  failed=1
  finish
fi

# The files tell more surely than the console: its wording changes with the SDK and with the language.
count() { sed -n "s/.*[ \"]$2=\"\([0-9]*\)\".*/\1/p" <<<"$1"; }

# A folder of its own each: files named by the second may collide.
folder_of() { echo "$results/$(basename "$1" .csproj)"; }

run_project() {
  local outcome=0
  dotnet test "$1" --configuration Release --no-build --nologo \
    --logger 'trx;LogFileName=results.trx' --results-directory "$(folder_of "$1")" </dev/null || outcome=$?
  mkdir -p "$(folder_of "$1")"
  echo "$outcome" >"$(folder_of "$1")/outcome"
}

add_up() {
  local project="$1" folder outcome counters total executed good bad=0
  folder="$(folder_of "$project")"
  outcome="$(cat "$folder/outcome")"
  if [[ -f "$folder/results.trx" ]]; then
    counters="$(grep -o '<Counters [^>]*>' "$folder/results.trx" | tail -n 1)"
    total="$(count "$counters" total)" executed="$(count "$counters" executed)" good="$(count "$counters" passed)"
    bad=$((executed - good))
    passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + total - executed))
  fi
  if ((outcome != 0 && bad == 0)); then
    say "FAILED: $project ended before its tests did (exit code $outcome)"
    failed=$((failed + 1))
  fi
}

rm -rf "$results"
mkdir -p "$results"
# Projects that start services over a database take the machine one after the other; the others need little of it and go beside them.
heavy=() light=()
for project in tests/*/*.csproj; do
  grep -q '<IsTestProject>true' "$project" || continue
  if grep -q 'LeadIngest.Api.csproj' "$project"; then heavy+=("$project"); else light+=("$project"); fi
done
trap 'kill $(jobs -p) 2>/dev/null || true' INT TERM
for project in "${light[@]}"; do run_project "$project"; done >"$results/light.log" 2>&1 &
for project in "${heavy[@]}"; do run_project "$project"; done
wait
cat "$results/light.log"
for project in "${heavy[@]}" "${light[@]}"; do add_up "$project"; done

if ((passed + failed + skipped == 0)); then
  say "FAILED: no test ran"
  failed=1
fi

if [[ -f api-spec/openapi.json ]]; then
  step "api-spec/openapi.json breaks a rule of api-spec/redocly.yaml" lint || true
fi

finish
