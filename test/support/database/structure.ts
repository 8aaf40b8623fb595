import { DataSource } from 'typeorm';
import type { TestDatabase } from './database.js';

/** What a database is made of, apart from its rows: each query tells a part of it. */
const STRUCTURE = {
  mariadb: [
    'SELECT default_collation_name FROM information_schema.schemata WHERE schema_name = DATABASE()',
    `SELECT table_name, column_name, column_type, is_nullable, column_default, collation_name, extra
       FROM information_schema.columns WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position`,
    `SELECT table_name, index_name, column_name, non_unique, sub_part
       FROM information_schema.statistics WHERE table_schema = DATABASE() ORDER BY table_name, index_name, seq_in_index`,
    'SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE()',
    'SELECT name FROM migrations ORDER BY name',
  ],
  postgres: [
    `SELECT table_schema, table_name, column_name, data_type, character_maximum_length, is_nullable, column_default,
       collation_name FROM information_schema.columns
       WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY table_schema, table_name, ordinal_position`,
    "SELECT indexdef FROM pg_indexes WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY indexdef",
    'SELECT tgname FROM pg_trigger WHERE NOT tgisinternal',
    `SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY nspname`,
    'SELECT setconfig FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE datname = current_database()',
    'SELECT name FROM migrations ORDER BY name',
  ],
};

/** The other connections to a database. */
const CONNECTIONS = {
  mariadb:
    'SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID() LIMIT 1',
  postgres:
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() LIMIT 1',
};

/** Its tables, but for the one that migrations are noted in. */
const TABLES = {
  mariadb:
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name <> 'migrations'",
  postgres:
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migrations'",
};

type Server = keyof typeof STRUCTURE;

/** The structure of a database, to be compared with others. */
export function structureOf(database: TestDatabase): Promise<string> {
  return on(database, (dataSource) => structure(dataSource, database.kind as Server));
}

/** Empties all tables of a database; false: somebody uses it, or its structure is another one. */
export function emptied(database: TestDatabase, wanted: string): Promise<boolean> {
  const kind = database.kind as Server;
  return on(database, async (dataSource) => {
    if ((await dataSource.query<unknown[]>(CONNECTIONS[kind])).length > 0) return false;
    if ((await structure(dataSource, kind).catch(() => '')) !== wanted) return false;
    const tables = await dataSource.query<{ name: string }[]>(TABLES[kind]);
    // Together: each commit waits for the disk.
    await dataSource.transaction(async (manager) => {
      for (const { name } of tables) await manager.query(`DELETE FROM ${name}`);
    });
    return true;
  });
}

async function structure(dataSource: DataSource, kind: Server): Promise<string> {
  const parts: unknown[] = [];
  for (const sql of STRUCTURE[kind]) parts.push(await dataSource.query(sql));
  return JSON.stringify(parts);
}

async function on<Result>(
  { kind, url }: TestDatabase,
  work: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  const dataSource = await new DataSource({ type: kind as Server, url }).initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}
