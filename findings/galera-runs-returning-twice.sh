#!/bin/bash
# MariaDB with Galera: the answer to INSERT … RETURNING has the rows of two runs.
#
# Versions: mariadb-server 1:10.11.19-0+deb12u1, galera-4 26.4.23-0+deb12u1 (Debian 12), all defaults.
# Expected: one row for each row of VALUES. When a statement that commits by itself loses in certification, the node runs
#   it again (`wsrep_retry_autocommit`, 1 by default), which a client should not notice.
# Seen: the rows of the first run were sent by then, those of the second one follow in the same result set. Of one row in
#   VALUES come two back: first the one that the lost run wrote, then the one that is really there. Whoever reads the
#   first row takes a key that is somebody else's for his own.
# Exit 0 when that is what happens; else 1. As root, on Debian 12.
set -eu
apt-get -o DPkg::Lock::Timeout=600 install -y --no-install-recommends \
  mariadb-server=1:10.11.19-0+deb12u1 galera-4=26.4.23-0+deb12u1 rsync lsof >/dev/null

DIR=$(mktemp -d /tmp/finding-XXXXXX)
chmod 755 "$DIR"
trap 'kill $(cat "$DIR"/*/pid) 2>/dev/null || true; wait; rm -rf "$DIR"' EXIT
BASE=$((20000 + RANDOM % 10000))

sql() { mariadb --no-defaults --socket="$DIR/$1/s" -uroot -N -B "${@:2}"; }

start() { # NODE [more options]
  mkdir -p "$DIR/$1" && chown mysql: "$DIR/$1"
  mariadb-install-db --no-defaults --user=mysql --datadir="$DIR/$1/data" --skip-test-db \
    --auth-root-authentication-method=normal >/dev/null 2>&1
  mariadbd --no-defaults --user=mysql --datadir="$DIR/$1/data" --socket="$DIR/$1/s" --pid-file="$DIR/$1/pid" \
    --skip-networking --log-error="$DIR/$1/log.err" --binlog-format=ROW --innodb-autoinc-lock-mode=2 --wsrep-on=ON \
    --wsrep-provider=/usr/lib/galera/libgalera_smm.so --wsrep-sst-method=rsync --wsrep-cluster-name=finding \
    --wsrep-cluster-address="gcomm://127.0.0.1:$((BASE + 1)),127.0.0.1:$((BASE + 2))" \
    --wsrep-node-address="127.0.0.1:$((BASE + $1))" --wsrep-sst-receive-address="127.0.0.1:$((BASE + 30 + $1))" \
    --wsrep-provider-options="gmcast.listen_addr=tcp://127.0.0.1:$((BASE + $1));ist.recv_addr=127.0.0.1:$((BASE + 20 + $1));ist.recv_bind=127.0.0.1:$((BASE + 20 + $1))" \
    "${@:2}" >/dev/null 2>&1 &
  for _ in $(seq 600); do
    if [ "$(sql "$1" -e "SHOW STATUS LIKE 'wsrep_local_state_comment'" 2>/dev/null | cut -f2)" = Synced ]; then return; fi
    sleep 0.2
  done
  echo "node $1 does not start" && cat "$DIR/$1/log.err" && exit 1
}

start 1 --wsrep-new-cluster
start 2
sql 1 -e 'CREATE DATABASE d; CREATE TABLE d.t (id varchar(20) PRIMARY KEY, k varchar(20) UNIQUE)'

# The same keys at both nodes at the same time, each node with ids of its own; a line before each answer.
ROWS=500
for node in 1 2; do
  for n in $(seq $ROWS); do
    echo "SELECT '-';"
    echo "INSERT INTO d.t VALUES ('node$node-$n', 'k$n') ON DUPLICATE KEY UPDATE id = id RETURNING id;"
  done >"$DIR/$node.sql"
done
for round in 1 2 3 4 5; do
  for node in 1 2; do sql $node -f <"$DIR/$node.sql" >"$DIR/$node.out" 2>/dev/null & PIDS[node]=$!; done
  wait "${PIDS[1]}" "${PIDS[2]}"
  doubled=$(cat "$DIR"/?.out | awk '/^-$/ { n = 0; next } { if (++n == 2) doubled += 1 } END { print doubled + 0 }')
  echo "round $round: $doubled of $((2 * ROWS)) answers to one row have two"
  [ "$doubled" = 0 ] || exit 0
  sql 1 -e 'DELETE FROM d.t'
done
echo 'No answer had too many rows: this has changed.'
exit 1
