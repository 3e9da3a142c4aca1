#!/usr/bin/env bash
# The stack of compose.yaml without containers: the same processes with the same commands, on a small internet on loopback.
#
#   stack.sh BINARY DIR [NAMES]
#
# BINARY is the built beianwatch, DIR an empty folder for everything that is made here. It needs nsd, nginx, PostgreSQL and a
# Chromium, and leaves nothing running. A run is begun by the API, a worker gets kill -9 in its midst, and at the end every name
# has the verdict that it must have, pages drawn by the renderer among them. Then a backup is taken, restored and read.
set -euo pipefail
bin=$(realpath "$1") names=${3:-40}
mkdir -p "$2"; dir=$(realpath "$2"); chmod 755 "$dir"
top=$(realpath "$(dirname "$0")/../..")
. "$top/docs/bench/internet.sh"
. "$top/docs/bench/postgres.sh"
declare -A pids=()

clean() {
  for p in "${pids[@]}"; do kill "$p" 2>/dev/null || true; done
  for p in "${pids[@]}"; do wait "$p" 2>/dev/null || true; done
  stop_pg || true
  rm -rf "${pg:-$dir/none}"
}
fail() { echo "stack.sh: $*" >&2; tail -n 5 "$dir"/log/* >&2; exit 1; }

# PostgreSQL, with the settings of its service. Its folder stands apart: its user may not be let into the folders above DIR.
rm -rf "$dir"/{lab,config,data,reports,log}; mkdir "$dir"/{lab,config,data,reports,log}
trap clean EXIT
# shellcheck disable=SC2046
make_pg "$(mktemp -d)" $(sed -n 's/^ *command: \[postgres, \(.*\)\]$/\1/p' "$top/compose.yaml" | tr -d ,)
fresh_pg

make_internet "$dir/lab" "$names" "$dir/config/inventory.csv"
web=$(free_port)

cat >"$dir/config/beianwatch.yaml" <<END
lang: en
$(internet_settings "$dir/config/inventory.csv")
END

# begin NAME ROLE starts a process by the command of its service.
begin() {
  local command=() part
  IFS=, read -r -a parts < <(sed -n "s/^ *command: \[serve, --role, $2, \(.*\)\]\$/serve, --role, $2, \1/p" "$top/compose.yaml")
  [ ${#parts[@]} -gt 0 ] || fail "compose.yaml has no service of the role $2"
  for part in "${parts[@]}"; do
    part=${part# } part=${part//\"/}
    part=${part/#postgres:*/$dsn}
    part=${part/#\/etc\/beianwatch/$dir\/config} part=${part/#\/data/$dir\/data} part=${part/#\/reports/$dir\/reports} part=${part/8090/$web}
    command+=("$part")
  done
  "$bin" "${command[@]}" >>"$dir/log/$1" 2>&1 & pids[$1]=$!
}
for part in scheduler:scheduler worker1:worker worker2:worker renderer:renderer web:web; do begin "${part%:*}" "${part#*:}"; done

# call METHOD PATH [JSON] asks the API and prints what it answers.
call() {
  exec 3<>"/dev/tcp/127.0.0.1/$web" || return 1
  printf '%s %s HTTP/1.0\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' "$1" "$2" "${#3}" "$3" >&3
  cat <&3; exec 3>&-
}
field() { grep -o "\"$1\":\"[^\"]*\"" | head -1 | cut -d'"' -f4; }
for _ in $(seq 300); do call GET /healthz "" 2>/dev/null | grep -q '"ok"' && break; sleep 0.2; done
run=$(call POST /api/v1/runs '{"inventory":"inventory.csv"}' | field id)
[ -n "$run" ] || fail "no run was begun"
killed=
for _ in $(seq 900); do
  answer=$(call GET "/api/v1/runs/$run" "")
  state=$(field state <<<"$answer")
  if [ -z "$killed" ] && [ "$state" = active ]; then
    kill -9 "${pids[worker1]}"; wait "${pids[worker1]}" 2>/dev/null || true
    begin worker1 worker; killed=yes
  fi
  [ "$state" != done ] || break
  sleep 0.2
done
[ "$state" = done ] || fail "the run is $state"

# counts prints the domains by status, and those that each rule found, of the newest run in a database.
counts() { "$bin" report latest --db "$1" --dir "$dir/data" --lang en --format jsonl | grep -o '"liveness":"[a-z]*"\|"rule":"footer-number-missing"' | sort | uniq -c; }
counts "$dsn" >"$dir/counts"; cat "$dir/counts"
want() { grep -Eq "^ *$1 $2\$" "$dir/counts" || fail "want $1 of $2"; }
want $((names - names / 4)) '"liveness":"serving"'
want $((names / 4)) '"liveness":"down"'
want $((names / 4)) '"rule":"footer-number-missing"'

# A backup is the database and the folders; what is read from a restored one is the same.
as_pg "$(pgbin pg_dump)" -h "$pg" -U postgres -Fc "$db" >"$dir/backup.dump"
as_pg "$(pgbin createdb)" -h "$pg" -U postgres restored
as_pg "$(pgbin pg_restore)" -h "$pg" -U postgres -d restored <"$dir/backup.dump"
counts "postgres://postgres@/restored?host=$pg" | cmp - "$dir/counts" || fail "the restored database tells something else"
echo "stack.sh: $names names, two workers of which one was killed, a renderer; backup of $(stat -c %s "$dir/backup.dump") bytes restored"
