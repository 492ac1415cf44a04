# shellcheck shell=bash
# Sourced by the other scripts: they all work from the repository's root.

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root" || exit

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

# Some containers have no home folder for their user, and the SDK refuses to work without one.
if [[ -z "${HOME:-}" || ! -w "${HOME:-}" ]]; then
  HOME="$root/artifacts/home"
  mkdir -p "$HOME"
  export HOME
fi

# build TARGET...: quiet when all is well; everything the compiler said when it is not.
build() {
  local target output
  for target in "$@"; do
    if ! output="$(dotnet build "$target" --configuration Release --nologo --verbosity quiet 2>&1 </dev/null)"; then
      say "$output"
      return 1
    fi
  done
}

# lint: checks api-spec/openapi.json, with the linter that api-spec/package-lock.json names.
lint() {
  if [[ ! -x api-spec/node_modules/.bin/redocly || api-spec/package-lock.json -nt api-spec/node_modules/.package-lock.json ]]; then
    npm ci --prefix api-spec --no-audit --no-fund --loglevel=error >&2 </dev/null || return 1
  fi
  (cd api-spec && npx --no-install redocly lint openapi.json) >&2 </dev/null
}
