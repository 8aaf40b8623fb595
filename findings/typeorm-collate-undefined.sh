#!/usr/bin/env bash
# TypeORM and PostgreSQL: a column whose entity names no collation is altered to COLLATE "undefined", without its length.
#
# Versions: typeorm 1.1.1, pg 8.23.1, PostgreSQL 15.20 (Debian 12).
# Input: a varchar(20) that has a collation of its own in the database (COLLATE "C", by a migration written by hand, or of
#   an entity that once named it), and an entity that names none.
# Expected: no difference, as with MariaDB and MySQL, where TypeORM compares no collations; or the default one, which
#   TypeORM writes into the statement that takes such a change back: COLLATE pg_catalog."default".
# Seen: a difference each time, and the statement for it, in `migration:generate` and in `synchronize` alike, is
#     ALTER TABLE "t" ALTER COLUMN "name" TYPE character varying COLLATE "undefined"
#   PostgreSQL refuses it (42704): `synchronize` fails, and so does the generated migration. Where the entity does name a
#   collation that the column lacks, the same statement succeeds, and varchar(20) has become varchar of any length. The next
#   `synchronize` finds that the length differs, and drops the column and its values to make it anew.
#
# Needs npm and a PostgreSQL (TEST_POSTGRES_URL, or postgres@127.0.0.1 without a password), in which it makes a schema
# and drops it. Exits 0 when it is still so, and 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d /tmp/finding-XXXXXX)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund typeorm@1.1.1 pg@8.23.1 reflect-metadata@0.2.2 >/dev/null

cat >run.mjs <<'END'
import { DataSource, EntitySchema } from 'typeorm';

const url = process.env.TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const schema = `finding_${process.pid}`;
const columns = { id: { type: 'int', primary: true }, name: { type: 'varchar', length: 20, nullable: true } };
const open = (name) => {
  const entity = new EntitySchema({ name: 't', schema, columns: { ...columns, name } });
  return new DataSource({ type: 'postgres', url, entities: [entity] }).initialize();
};
const statements = async (source, ways) => (await source.driver.createSchemaBuilder().log())[ways].map(({ query }) => query);
const lengthOf = async (source) => {
  const [{ length }] = await source.query(
    'SELECT character_maximum_length AS length FROM information_schema.columns WHERE table_schema = $1 AND column_name = $2',
    [schema, 'name'],
  );
  return length;
};

const silent = await open(columns.name);
const naming = await open({ ...columns.name, collation: 'C' });
try {
  await silent.query(`CREATE SCHEMA ${schema}`);
  await silent.query(`CREATE TABLE ${schema}.t (id int PRIMARY KEY, name varchar(20) COLLATE "C")`);
  const up = await statements(silent, 'upQueries');
  const down = await statements(silent, 'downQueries');
  const refused = await silent.synchronize().then(
    () => undefined,
    (error) => error,
  );
  console.log(`up:          ${up.join('; ')}`);
  console.log(`down:        ${down.join('; ')}`);
  console.log(`synchronize: ${refused?.code} ${refused?.message}`);

  await silent.query(`ALTER TABLE ${schema}.t ALTER COLUMN name TYPE varchar(20) COLLATE pg_catalog."default"`);
  await silent.query(`INSERT INTO ${schema}.t VALUES (1, 'one')`);
  const before = await lengthOf(silent);
  await naming.synchronize();
  const after = await lengthOf(silent);
  console.log(`an entity that names one: varchar(${before}) has become varchar(${after ?? 'any'})`);
  await naming.synchronize();
  const [row] = await silent.query(`SELECT name FROM ${schema}.t`);
  console.log(`synchronize once more: 'one' has become ${row?.name}`);

  const isSo =
    up.length === 1 &&
    up[0].endsWith('ALTER COLUMN "name" TYPE character varying COLLATE "undefined"') &&
    refused?.code === '42704' &&
    before === 20 &&
    after === null &&
    row?.name === null;
  process.exitCode = isSo ? 0 : 1;
} finally {
  await silent.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  await Promise.all([silent.destroy(), naming.destroy()]);
}
END
timeout 60 node run.mjs || { echo 'This has changed.' && exit 1; }
