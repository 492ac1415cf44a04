#!/usr/bin/env bash
# Starts the emulated CRMs and the service with a demo project. Ctrl-C or SIGTERM stops both, the service first; a second one forces it.
# Variables: PORT EMULATOR_PORT DATA DEMO_API_KEY ADMIN_PASSWORD HISTORY_MONTHS
set -euo pipefail
# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

port="${PORT:-8080}"
emulator_port="${EMULATOR_PORT:-8090}"
service="http://127.0.0.1:$port"
emulator="http://127.0.0.1:$emulator_port"
history_months="${HISTORY_MONTHS:-18}"
service_pid='' emulator_pid='' interrupts=0

for number in "$port" "$emulator_port"; do
  if [[ ! "$number" =~ ^[1-9][0-9]{0,4}$ ]] || ((number > 65535)); then
    fail "'$number' is not a port: PORT and EMULATOR_PORT take 1 to 65535."
  fi
done
[[ "$port" != "$emulator_port" ]] || fail "PORT and EMULATOR_PORT are both $port: give them different values."

if [[ ! "$history_months" =~ ^[0-9]{1,2}$ ]] || ((10#$history_months > 36)); then
  fail "HISTORY_MONTHS is 0 to 36: months of made-up history that a new demo gets."
fi

scripts/setup.sh run

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
! taken "$port" || fail "Port $port is taken by another program: stop it, or choose another one (make run PORT=8081)."
! taken "$emulator_port" || fail "Port $emulator_port is taken by another program: stop it, or choose another one (make run EMULATOR_PORT=8091)."

data="${DATA:-.data}"
mkdir -p "$data/logs" || fail "The folder $data cannot be made: choose another one (make run DATA=/path)."
data="$(cd "$data" && pwd)"

# What the emulated amoCRM remembers belongs to the database whose deals it holds.
past="$data/demo-crm.json"
[[ -e "$data/postgres/cluster/PG_VERSION" ]] || rm -f "$past"

# secret FILE: made once and kept, so that a program configured yesterday works today.
secret() {
  [[ -s "$1" ]] || (umask 077 && head -c 64 /dev/urandom | base64 | tr -dc 'A-Za-z0-9' | head -c 40 >"$1")
  cat "$1"
}
api_key="${DEMO_API_KEY:-$(secret "$data/demo-api-key")}"
admin_password="${ADMIN_PASSWORD:-$(secret "$data/demo-admin-password")}"
call_token="$(secret "$data/demo-call-token")"

say "Building …"
build src/LeadIngest.Api src/LeadIngest.CrmEmulator || fail "The build failed."

# A session of its own keeps the terminal's Ctrl-C away from a program: the service has to end before the CRM that it delivers to.
in_session=()
! has setsid || in_session=(setsid)

start_emulator() {
  ASPNETCORE_ENVIRONMENT=Demo ASPNETCORE_CONTENTROOT="$root/src/LeadIngest.CrmEmulator" \
    "${in_session[@]}" dotnet exec src/LeadIngest.CrmEmulator/bin/Release/net10.0/LeadIngest.CrmEmulator.dll \
    --urls "$emulator" --amocrm:past="$past" --bitrix24:plan=enterprise --amocrm:redirectUri="$service/v1/crm/oauth/amocrm" \
    --bitrix24:redirectUri="$service/v1/crm/oauth/bitrix24" --pbx:webhook="$service/v1/calls/generic/$call_token" >"$data/logs/emulator.log" 2>&1 </dev/null &
  emulator_pid=$!
}

start_service() {
  ASPNETCORE_ENVIRONMENT=Demo ASPNETCORE_CONTENTROOT="$root/src/LeadIngest.Api" ASPNETCORE_URLS="$service" Data__Folder="$data" \
    Crm__AllowedHosts__0="127.0.0.1:$emulator_port" Crm__Emulator="$emulator" Calls__RecordingHosts__0="127.0.0.1:$emulator_port" Demo__Enabled=true Demo__EmulatorUrl="$emulator" Demo__ApiKey="$api_key" Demo__AdminPassword="$admin_password" Demo__CallToken="$call_token" \
    Demo__HistoryMonths="$((10#$history_months))" Demo__PastFile="$past" Visits__KeepDays=1200 \
    "${in_session[@]}" dotnet exec src/LeadIngest.Api/bin/Release/net10.0/LeadIngest.Api.dll >"$data/logs/service.log" 2>&1 </dev/null &
  service_pid=$!
}

alive() { [[ -n "$1" ]] && kill -0 "$1" 2>/dev/null; }
# A trapped signal ends `wait` early; the program may well run on.
wait_for() { while alive "$1"; do wait "$1" 2>/dev/null || true; done; }

stop() {
  ! alive "$service_pid" || kill -TERM "$service_pid" 2>/dev/null
  wait_for "$service_pid"
  ! alive "$emulator_pid" || kill -TERM "$emulator_pid" 2>/dev/null
  wait_for "$emulator_pid"
}

# shellcheck disable=SC2317  # called by the trap below
interrupted() {
  interrupts=$((interrupts + 1))
  if ((interrupts > 1)); then
    say "Forcing the end."
    for pid in "$service_pid" "$emulator_pid"; do ! alive "$pid" || kill -KILL "$pid" 2>/dev/null || true; done
    # A killed service leaves its database running.
    local postmaster="$data/postgres/cluster/postmaster.pid"
    [[ ! -r "$postmaster" ]] || kill -INT "$(head -n 1 "$postmaster")" 2>/dev/null || true
    exit 130
  fi
}
trap interrupted INT TERM HUP

leave() {
  ((interrupts == 0)) || { say ""; say "Stopping; once more Ctrl-C forces it."; }
  stop || true
  exit "$1"
}

# died NAME PID LOG: says why a program has ended, and stops the other one.
died() {
  local code=0
  wait "$2" 2>/dev/null || code=$?
  say "The $1 has ended with exit code $code. Its last lines ($3):"
  tail -n 20 "$3" >&2
  leave 1
}

watch() {
  alive "$emulator_pid" || died emulator "$emulator_pid" "$data/logs/emulator.log"
  alive "$service_pid" || died service "$service_pid" "$data/logs/service.log"
}

status() { curl --noproxy '*' -s -o /dev/null -m 5 -w '%{http_code}' "$1" 2>/dev/null || true; }
# page NAME URL: printed only when there is something at that address.
page() {
  case "$(status "$2")" in 404 | 000 | '') ;; *) printf '  %-22s %s\n' "$1" "$2" ;; esac
}

# until_answers NAME URL: bounded, and over at once when a program ends or the user wants out.
until_answers() {
  local deadline=$((SECONDS + 60))
  until [[ "$(status "$2")" == "$3" ]]; do
    ((interrupts == 0)) || leave 0
    watch
    if ((SECONDS >= deadline)); then
      say "The $1 does not answer at $2 after 60 s. See $data/logs."
      leave 1
    fi
    sleep 0.1
  done
}

start_emulator
start_service
until_answers emulator "$emulator/_state/amocrm/leads" 200
until_answers service "$service/health/ready" 200

echo
echo "LeadIngest is running: a demo, on this machine only."
page "Page" "$service/"
printf '  %-22s %s\n' "Login" "admin@demo.local  $admin_password"
page "Playground" "$service/playground/"
page "API description" "$service/swagger/index.html"
page "Emulator" "$emulator/"
page "Emulated amoCRM" "$emulator/_state/amocrm/leads"
page "Emulated Bitrix24" "$emulator/_state/bitrix24/deals"
printf '  %-22s %s\n' "Site key" demo-site "API key" "$api_key" "Calls come to" "$service/v1/calls/generic/$call_token" "Data" "$data" "Logs" "$data/logs"
echo
echo "Send a first lead:"
echo "  curl -i $service/v1/sites/demo-site/leads -H 'Content-Type: application/json' \\"
echo "    -d '{\"name\":\"Анна\",\"phone\":\"+7 916 123-45-67\",\"page\":\"$service/?utm_source=yandex&utm_medium=cpc&utm_campaign=demo\"}'"
echo
echo "Ctrl-C stops everything."
[[ -e "$past" || "$history_months" =~ ^0+$ ]] || history_told=''

# While a new demo gets its past: a line with how far it is, printed when that changes.
show_history() {
  local line
  line="$(grep -o 'demo history: .*' "$data/logs/service.log" | tail -n 1)" || return 0
  [[ "$line" != "$history_told" ]] || return 0
  history_told="$line"
  echo "${line^}"
  case "$line" in *%) ;; *) unset history_told ;; esac
}

while ((interrupts == 0)); do
  watch
  [[ -z "${history_told+set}" ]] || show_history
  # In the background, as a trap runs only between commands, and `wait` is the one that it cuts short.
  sleep 0.5 &
  wait $! 2>/dev/null || true
done
leave 0
