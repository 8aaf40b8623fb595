import { DataSource, type Logger } from 'typeorm';
import { analyzed } from '../support/database/analyzed.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { newServer } from '../support/server/servers.js';
import { until } from '../support/until.js';

declare const testDatabase: string;

/** A statement that a request made, as it was sent. */
interface Sent {
  sql: string;
  parameters: unknown;
}

let test: TestApp;
let dataSource: DataSource;
let sent: Sent[];

beforeAll(async () => {
  test = await startApp({ EMBEDDED_TASK_MS: '3600000' });
  dataSource = test.app.get(DataSource);
  dataSource.logger.logQuery = ((sql, parameters = []) => {
    sent.push({ sql, parameters });
  }) satisfies Logger['logQuery'];
});

beforeEach(() => {
  sent = [];
});

afterAll(() => test.close());

/** The statements on the table of tasks; the sweeps and the engine, which look at what is due, run all the time. */
function onTasks(): Sent[] {
  return sent.filter(({ sql }) => /\b(tasks|task_subjects)\b/.test(sql) && !/next_look <=/.test(sql));
}

function verbs(statements: Sent[]): (string | undefined)[] {
  return statements.map(({ sql }) =>
    /^(?:BEGIN NOT ATOMIC )?(?:SET STATEMENT .*? FOR )?(\w+)/.exec(sql)?.[1]?.toUpperCase(),
  );
}

describe('a create', () => {
  it.each([
    ['with a tag', { tag: 'what a create costs' }],
    ['without one', {}],
  ])('%s costs two writes and no read beside those of the simulated server', async (_, call) => {
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
    expect(verbs(onTasks())).toEqual(['INSERT', 'UPDATE']);
  });

  it.each([
    ['with a tag looks whether that is abandoned, once, by the key', { tag: 'what looking costs' }, 1],
    ['without one does not look', {}, 0],
  ])('%s', async (_, call, count) => {
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
    const looks = sent.filter(({ sql }) => sql.includes('tag_owners'));
    expect(looks).toHaveLength(count);
    // MariaDB gets it with the INSERT, so it costs no round trip.
    const isTogether = testDatabase === 'mariadb';
    for (const { sql } of looks) {
      expect(/INSERT INTO .*tasks/.test(sql)).toBe(isTogether);
      expect(sql).toMatch(/SELECT tag_key AS found FROM .tag_owners. WHERE tag_key (= \?|IN \(\?\)) AND/);
    }
  });

  it('that is refused costs one write and one read', async () => {
    const call = { tag: 'what a refusal costs' };
    await test.client.post('/v3/servers', newServer(), call);
    sent = [];
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(409);
    expect(verbs(onTasks())).toEqual(['INSERT', 'SELECT']);
  });

  it('has the same statements as every other one, so that the database can keep them compiled', async () => {
    const texts = async (name: string) => {
      sent = [];
      await test.client.post('/v3/servers', newServer({ name }), { tag: name });
      return onTasks().map(({ sql }) => sql);
    };
    expect(await texts('one')).toEqual(await texts('another'));
  });
});

describe('a look-up by tag', () => {
  /** Tasks of one project in plenty, three for each tag: in a small table no database uses an index. */
  beforeAll(async () => {
    const values = Array.from({ length: 900 }, (_, n) => {
      const hex = (text: string) => Buffer.from(text).toString('hex');
      const tag = hex(`tag ${n % 300}`);
      return `(X'${String(n).padStart(32, '0')}', X'${hex('demo')}', X'${hex('alice')}', X'${tag}', 'create', 'success', 1, 1)`;
    });
    await dataSource.query(
      `INSERT INTO tasks (uuid, project_id, user_id, tag, task, state, start_time, last_updated)
         VALUES ${values.join(', ')}`,
    );
    if (test.database.kind === 'mariadb') await analyzed(dataSource, 900);
  });

  it('is one query', async () => {
    const { status, json } = await test.client.get('/v3/servers/tag%2017/tasks');
    expect([status, json.tasks.length]).toEqual([200, 3]);
    expect(verbs(onTasks())).toEqual(['SELECT']);
  });

  it('is one query also for a tag that is not known', async () => {
    expect((await test.client.get('/v3/servers/nobody%20sent%20this/tasks')).status).toBe(404);
    expect(verbs(onTasks())).toEqual(['SELECT']);
  });

  it('reads the rows of the tag by their index, in its order', async () => {
    await test.client.get('/v3/servers/tag%2017/tasks');
    const [{ sql, parameters }] = onTasks() as [Sent];
    if (test.database.kind === 'mariadb') {
      const [plan] = await dataSource.query(`EXPLAIN ${sql}`, parameters as unknown[]);
      expect(plan).toMatchObject({ type: 'ref', key: 'tasks_by_tag' });
      expect(plan.Extra).not.toMatch(/filesort|temporary/);
      expect(Number(plan.rows)).toBeLessThan(10);
    } else {
      const plan: { detail: string }[] = await dataSource.query(
        `EXPLAIN QUERY PLAN ${sql}`,
        parameters as unknown[],
      );
      expect(plan.map(({ detail }) => detail)).toEqual([
        expect.stringMatching(/^SEARCH \w+ USING INDEX tasks_by_tag \(project_id=\? AND tag=\?\)$/),
        expect.stringMatching(/^SEARCH task_duplicates USING INDEX \w+ \(task_uuid=\?\) LEFT-JOIN$/),
      ]);
    }
  });

  it('is two queries more for a tag that could be the id of a server, which would win', async () => {
    const tag = '0193a5f0-5c1e-7a54-8f6a-3f1d2a1b0c9d';
    await test.client.post('/v3/servers', newServer(), { tag });
    sent = [];
    expect((await test.client.get(`/v3/servers/${tag}/tasks`)).json.tasks).toHaveLength(1);
    expect(verbs(onTasks())).toEqual(['SELECT', 'SELECT', 'SELECT']);
  });
});

// MariaDB goes by the size of its tables, SQLite by the form of the statement: so it is SQLite that tells.
if (testDatabase === 'sqlite') {
  describe('what the server looks for all the time', () => {
    it.each([
      ['tasks that are due', /^UPDATE \S*tasks\S* SET next_look/],
      ['operations that are due', /^UPDATE embedded_operations SET due_at/],
      ['the next operation that ends', /^SELECT .* FROM "embedded_operations" .* ORDER BY/],
    ])('%s: it reads those by an index, however many have ended', async (_, text) => {
      const { sql, parameters } = await until('the statement', () => sent.find((one) => text.test(one.sql)));
      const plan: { detail: string }[] = await dataSource.query(
        `EXPLAIN QUERY PLAN ${sql}`,
        parameters as unknown[],
      );
      const details = plan.map(({ detail }) => detail);
      expect(details.join('; ')).toMatch(/SEARCH \w+ USING (COVERING )?INDEX \w+_by_(next_look|due_at)/);
      expect(details.filter((detail) => detail.startsWith('SCAN'))).toEqual([]);
    });
  });
}
