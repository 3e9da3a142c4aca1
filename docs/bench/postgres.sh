# A PostgreSQL of a script's own; to be sourced. FOLDER is empty and belongs to it alone; its socket is there.
#
#   make_pg FOLDER [SETTING ...]   begins it; settings are -c NAME=VALUE
#   start_pg, stop_pg [MODE]       again, and for a while or for ever
#   fresh_pg                       makes an empty database and sets db and dsn
#   sql QUERY                      asks it

pgbin() { command -v "$1" || ls /usr/lib/postgresql/*/bin/"$1" | tail -1; }
as_pg() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; else "$@"; fi; }
start_pg() { as_pg "$(pgbin pg_ctl)" -D "$pg/data" -w -s -l "$pg/log" -o "-c listen_addresses= -c unix_socket_directories=$pg $pg_settings" start; }
stop_pg() { [ -z "${pg:-}" ] || as_pg "$(pgbin pg_ctl)" -D "$pg/data" -w -s -m "${1:-fast}" stop; }
make_pg() {
  pg=$1 pg_settings=${*:2}
  mkdir -p "$pg"
  if [ "$(id -u)" = 0 ]; then chown postgres "$pg"; fi
  as_pg "$(pgbin initdb)" -D "$pg/data" -A trust -U postgres -E UTF8 >/dev/null
  start_pg
}
fresh_pg() {
  db=run$RANDOM$RANDOM
  as_pg "$(pgbin createdb)" -h "$pg" -U postgres "$db"
  dsn="postgres://postgres@/$db?host=$pg"
}
sql() { as_pg "$(pgbin psql)" -h "$pg" -U postgres -d "$db" -qAt -c "$1"; }
