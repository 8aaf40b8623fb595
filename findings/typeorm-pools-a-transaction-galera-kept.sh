#!/bin/bash
# MariaDB with Galera, and TypeORM: a connection comes back to the pool in an open transaction, and writes over it are
# answered, and never committed.
#
# Versions: mariadb-server 1:10.11.19-0+deb12u1, galera-4 26.4.23-0+deb12u1 (Debian 12); typeorm 1.1.1, mysql2 3.24.6.
# Expected: when `dataSource.transaction()` is rejected its transaction is over, and the next `dataSource.query()` commits
#   by itself.
# Seen: a node that has lost its cluster refuses COMMIT and ROLLBACK alike (1047), and keeps the transaction. TypeORM
#   passes over the error of ROLLBACK and releases the connection. When the node has its cluster again, the connection is
#   still in that transaction: an INSERT over it is answered with one row, and is there for nobody else. It goes with the
#   connection.
# Exit 0 when that is what happens; else 1. As root, on Debian 12, with npm.
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
    --bind-address=127.0.0.1 --port=$((BASE + 10 + $1)) --log-error="$DIR/$1/log.err" --binlog-format=ROW --innodb-autoinc-lock-mode=2 --wsrep-on=ON \
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
sql 1 -e 'CREATE DATABASE d; CREATE TABLE d.t (id int PRIMARY KEY)'
sql 2 -e "CREATE USER IF NOT EXISTS root@127.0.0.1; GRANT ALL ON *.* TO root@127.0.0.1"

cd "$DIR"
npm install --silent --no-audit --no-fund typeorm@1.1.1 mysql2@3.24.6 reflect-metadata@0.2.2 >/dev/null
cat >run.mjs <<'END'
import { setTimeout as pause } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { DataSource } from 'typeorm';
const [port1, port2] = process.argv.slice(2).map(Number);
const node = { host: '127.0.0.1', username: 'root', database: 'd' };
const pool = await new DataSource({ ...node, type: 'mariadb', port: port2, poolSize: 1 }).initialize();
const admin = await createConnection({ host: '127.0.0.1', user: 'root', port: port2 });
const isolate = (value) => admin.query(`SET GLOBAL wsrep_provider_options = 'gmcast.isolate=${value}'`);
const isReady = async (value) => {
  for (;; await pause(100)) {
    const [[row]] = await admin.query("SHOW STATUS LIKE 'wsrep_ready'");
    if (row.Value === value) return;
  }
};
const lost = await pool
  .transaction(async (manager) => {
    await manager.query('SELECT * FROM t');
    await isolate(1);
    await isReady('OFF');
  })
  .catch((error) => error);
await isolate(0);
await isReady('ON');
const [{ open }] = await pool.query('SELECT @@in_transaction AS open');
const { affectedRows } = await pool.query('INSERT INTO t VALUES (1)');
const beside = await createConnection({ host: '127.0.0.1', user: 'root', port: port2, database: 'd' });
const [found] = await beside.query('SELECT * FROM t');
console.log(`transaction(): ${lost.message}`);
console.log(`open transaction afterwards: ${open}; INSERT answered: ${affectedRows} row; there: ${found.length}`);
process.exit(lost.errno === 1047 && Number(open) === 1 && affectedRows === 1 && found.length === 0 ? 0 : 1);
END
timeout 120 node run.mjs $((BASE + 11)) $((BASE + 12)) || { echo 'This has changed.' && exit 1; }
