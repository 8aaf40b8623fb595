import { createDatabase } from '../support/database/database.js';
import type { Answer } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { ServerProcess } from '../support/server/server-process.js';
import { countServers, expectRefused, newServer, untilEnded } from '../support/server/servers.js';

declare const testDatabase: string;

const MANY = 200;

describe('a tagged request is carried out once', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  it('when it is sent 200 times at once: one is accepted, the others are refused', async () => {
    const call = { tag: 'at once', token: 'alice:crowd' };
    const answers = await Promise.all(
      Array.from({ length: MANY }, () => test.client.post('/v3/servers', newServer(), call)),
    );
    expectOneAccepted(answers);
    expect(await countServers(test.client, call)).toBe(1);
  });

  it('when it is sent again while it is under way and after it has ended', async () => {
    const call = { tag: 'again', token: 'alice:again' };
    const first = await test.client.post('/v3/servers', newServer(), call);
    expect(first.status).toBe(202);
    expectRefused(await test.client.post('/v3/servers', newServer(), call));
    await untilEnded(test.client, 'again', call);
    expectRefused(await test.client.post('/v3/servers', newServer(), call));
    expect(await countServers(test.client, call)).toBe(1);
  });

  it('and the refusal shows the first task, the tag and a link to the task', async () => {
    const call = { tag: 'shown', token: 'alice:shown' };
    const first = await test.client.post('/v3/servers', newServer(), call);
    const refusal = await test.client.post('/v3/servers', newServer(), call);
    const { task } = refusal.json.conflictingRequest;
    expect(task).toMatchObject({
      task: 'create',
      tag: 'shown',
      project_id: 'shown',
      user_id: 'alice',
      resource: { server: first.json.server.id },
      request_id: first.headers['x-compute-request-id'],
      fault: null,
    });
    expect(refusal.headers['task-tag']).toBe('shown');
    expect(refusal.headers['link']).toBe(`<${test.client.url}/v3/tasks/${task.uuid}>; rel="related"`);
  });

  it('also when one sends it by /v2.1, by /v3, with the project in the URL, or with a trailing slash', async () => {
    const call = { tag: 'by any URL', token: 'alice:cafe' };
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
    for (const url of [
      '/v2.1/servers',
      '/v2.1/cafe/servers',
      '/v3/cafe/servers',
      '/v3/servers/',
      '/v3/servers?',
    ]) {
      expectRefused(await test.client.post(url, newServer(), call));
    }
  });

  it('but another request under the same tag is a task of its own', async () => {
    const call = { tag: 'a group', token: 'alice:group' };
    expect((await test.client.post('/v3/servers', newServer({ name: 'a' }), call)).status).toBe(202);
    expect((await test.client.post('/v3/servers', newServer({ name: 'b' }), call)).status).toBe(202);
    expect((await test.client.post('/v3/servers?x=1', newServer({ name: 'a' }), call)).status).toBe(202);
    const { json } = await test.client.get('/v3/servers/a%20group/tasks', call);
    expect(json.tasks).toHaveLength(3);
  });

  it('and without a tag every request counts, and is recorded all the same', async () => {
    const call = { token: 'alice:untagged' };
    const first = await test.client.post('/v3/servers', newServer(), call);
    const second = await test.client.post('/v3/servers', newServer(), call);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(first.headers).not.toHaveProperty('task-tag');
    const { json } = await test.client.get(`/v3/servers/${first.json.server.id}/tasks`, call);
    expect(json.tasks).toEqual([expect.objectContaining({ task: 'create', tag: null })]);
  });
});

// SQLite has one writing process; several replicas need a server.
if (testDatabase === 'mariadb') {
  describe('a tagged request is carried out once by two server processes on one database', () => {
    it('when each gets it 100 times at once', async () => {
      const database = await createDatabase();
      const settings = { DATABASE_URL: database.url, EMBEDDED_TASK_MS: '50' };
      // Both at once, on an empty database: one migrates it, the other waits.
      const [one, two] = await Promise.all([ServerProcess.start(settings), ServerProcess.start(settings)]);
      try {
        const call = { tag: 'two replicas' };
        const answers = await Promise.all(
          Array.from({ length: MANY }, (_, n) =>
            (n % 2 === 0 ? one : two).client.post('/v3/servers', newServer(), call),
          ),
        );
        expectOneAccepted(answers);
        expect(await countServers(one.client)).toBe(1);
        const [here, there] = await Promise.all([
          untilEnded(one.client, 'two%20replicas'),
          untilEnded(two.client, 'two%20replicas'),
        ]);
        expect(here).toEqual(there);
        expect(here.state).toBe('success');
      } finally {
        await Promise.all([one.stop(), two.stop()]);
        await database.drop();
      }
    });
  });
}

function expectOneAccepted(answers: Answer[]): void {
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
  const refused = answers.filter(({ status }) => status !== 202);
  expect(refused).toHaveLength(MANY - 1);
  refused.forEach(expectRefused);
}
