import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/database/data-source-options.js';
import { SCHEMA } from '../../src/schema.js';
import { createDatabase, MARIADB_URL, onServer, type TestDatabase } from '../support/database/database.js';
import { startApp } from '../support/server/app.js';
import { ServerProcess } from '../support/server/server-process.js';
import { createServer, expectRefused, newServer, untilEnded } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';

declare const testDatabase: string;

describe('the database', () => {
  let database: TestDatabase;
  let source: DataSource;
  beforeAll(async () => {
    database = await createDatabase();
    source = await new DataSource(await dataSourceOptions(database.url, SCHEMA)).initialize();
    await source.runMigrations();
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  /** What would have to be done to make the schema what the entities say. */
  const drift = async () =>
    (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

  const tables = async (): Promise<string[]> => {
    const rows: { name: string }[] = await source.query(
      database.kind === 'sqlite'
        ? `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`
        : 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
    );
    return rows.map(({ name }) => name).filter((name) => name !== 'migrations');
  };

  it('has the schema that the entities say, by migrations alone', async () => {
    expect(await drift()).toEqual([]);
    expect(source.options.synchronize).toBe(false);
    expect((await tables()).sort()).toEqual(source.entityMetadatas.map(({ tableName }) => tableName).sort());
  });

  it('can go back, migration by migration, and come again', async () => {
    for (let n = source.migrations.length; n > 0; n -= 1) await source.undoLastMigration();
    expect(await tables()).toEqual([]);
    await source.runMigrations();
    expect(await drift()).toEqual([]);
    expect(await source.runMigrations()).toEqual([]);
  });

  if (testDatabase === 'mariadb') {
    it('compares all texts by their bytes', async () => {
      const columns: { name: string; collation: string }[] = await source.query(
        `SELECT CONCAT(table_name, '.', column_name) AS name, collation_name AS collation
           FROM information_schema.columns
          WHERE table_schema = DATABASE() AND collation_name IS NOT NULL AND table_name <> 'migrations'
            AND data_type <> 'enum'`,
      );
      expect(columns.length).toBeGreaterThan(10);
      expect(columns.filter(({ collation }) => !collation.endsWith('_bin'))).toEqual([]);
    });
  }

  it('keeps what it has when the server is started again, and refuses what it had accepted', async () => {
    const test = await startApp();
    try {
      const call = { token: 'alice:kept', tag: 'kept' };
      const id = await createServer(test.client, {}, call);
      await untilEnded(test.client, id, { token: call.token });
      const before = await tasksOf(test.client, call);
      await test.restart();
      expect(await tasksOf(test.client, call)).toEqual(before);
      expectRefused(await test.client.post('/v3/servers', newServer(), call));
    } finally {
      await test.close();
    }
  });
});

describe('the server does not start', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'tasktag-refused-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** One line that says what is wrong, and nothing of the program's inside. */
  async function expectRefusal(settings: Record<string, string>, text: RegExp): Promise<string> {
    const { output, code } = await ServerProcess.refused(settings);
    expect(output).toMatch(/^tasktag: [^\n]+\n$/);
    expect(output).toMatch(text);
    expect(output).not.toMatch(/\n +at |node_modules|undefined/);
    expect(code).toBe(1);
    return output;
  }

  if (testDatabase === 'sqlite') {
    it.each([
      ['PORT', '99999', /PORT .*0 to 65535/],
      ['DATABASE_URL', 'postgres://user:secret@x/y', /DATABASE_URL .*must be sqlite:/],
      ['DATABASE_URL', 'mysql://user:secret@x', /DATABASE_URL .*mysql:\/\/user:password@host:port\/name/],
      ['EMBEDDED_TASK_MS', 'soon', /EMBEDDED_TASK_MS /],
    ])('with %s=%s', async (name, value, text) => {
      const output = await expectRefusal({ DATABASE_URL: `sqlite:${folder}/settings`, [name]: value }, text);
      expect(output).not.toContain('secret');
    });

    it('on a file that is no database, or on a folder', async () => {
      const file = join(folder, 'text.sqlite');
      writeFileSync(file, 'This is some text, and not a database. '.repeat(50));
      await expectRefusal({ DATABASE_URL: `sqlite:${file}` }, /not a database/);
      await expectRefusal({ DATABASE_URL: `sqlite:${folder}` }, /open/);
      await expectRefusal({ DATABASE_URL: `sqlite:${file}/below/it.sqlite` }, /folder of the database/);
    });

    it('on a port that is taken', async () => {
      const settings = { DATABASE_URL: `sqlite:${folder}/port.sqlite` };
      const first = await ServerProcess.start(settings);
      try {
        await expectRefusal({ ...settings, PORT: String(first.port) }, /EADDRINUSE/);
      } finally {
        await first.stop();
      }
    });
  } else {
    it('on a database that cannot hold every text', async () => {
      const name = `tasktag_test_latin1_${process.pid}`;
      await onServer(`CREATE DATABASE ${name} CHARACTER SET latin1`);
      try {
        const settings = { DATABASE_URL: `${MARIADB_URL}/${name}` };
        await expectRefusal(settings, /character set is latin1.*ALTER DATABASE .* CHARACTER SET utf8mb4/);
      } finally {
        await onServer(`DROP DATABASE ${name}`);
      }
    });

    it('on a database that is not there', async () => {
      await expectRefusal({ DATABASE_URL: `${MARIADB_URL}/tasktag_none` }, /Unknown database 'tasktag_none'/);
    });

    it('on a server that does not answer', async () => {
      await expectRefusal({ DATABASE_URL: 'mysql://root@127.0.0.1:1/x' }, /cannot be used: .*ECONNREFUSED/);
    });

    it('with a wrong password, which is not shown', async () => {
      const url = new URL(MARIADB_URL);
      url.password = 'hunter2';
      const output = await expectRefusal(
        { DATABASE_URL: `${url.href}/x` },
        /cannot be used: .*[Aa]ccess denied/,
      );
      expect(output).not.toContain('hunter2');
    });
  }
});
