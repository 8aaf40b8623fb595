import { startApp, type TestApp } from '../support/server/app.js';
import {
  countServers,
  createServer,
  expectRefused,
  newServer,
  untilEnded,
} from '../support/server/servers.js';
import { asRefused } from '../support/server/tasks.js';

describe('where a tag must not be used again (TAG_REUSE=refuse)', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ TAG_REUSE: 'refuse' });
  });
  afterAll(() => test.close());

  it('the same request is refused as ever', async () => {
    const call = { tag: 'same', token: 'alice:same' };
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
    expectRefused(await test.client.post('/v3/servers', newServer(), call));
  });

  it('another request is refused with what differs and the first task, and nothing is done or recorded', async () => {
    const call = { tag: 'other', token: 'alice:other' };
    const first = await test.client.post('/v3/servers', newServer({ name: 'a' }), call);
    const id = first.json.server.id as string;
    const task = await untilEnded(test.client, 'other', call);
    const others = [
      {
        differs: 'body (name)',
        answer: await test.client.post('/v3/servers', newServer({ name: 'b' }), call),
      },
      { differs: 'URL', answer: await test.client.post('/v3/servers?x=1', newServer({ name: 'a' }), call) },
      {
        differs: 'method and URL and body',
        answer: await test.client.delete(`/v3/servers/${id}`, call),
      },
    ];
    for (const { differs, answer } of others) {
      expect(answer.status).toBe(409);
      expect(answer.json.conflictingRequest).toEqual({
        code: 409,
        message: `The tag is already used for another request, with another ${differs}. Choose another tag.`,
        task: asRefused(task),
      });
      expect(answer.headers['task-tag']).toBe('other');
      expect(answer.headers['link']).toMatch(`/v3/tasks/${task.uuid}`);
    }
    const left = (await test.client.get('/v3/servers/other/tasks', call)).json.tasks;
    expect(left.map(asRefused)).toEqual([asRefused(task)]);
    expect(await countServers(test.client, call)).toBe(1);
  });

  it('of many different requests at once, one is carried out', async () => {
    const call = { tag: 'race', token: 'alice:race' };
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        test.client.post('/v3/servers', newServer({ name: `n${n}` }), call),
      ),
    );
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(49);
    expect(await countServers(test.client, call)).toBe(1);
  });

  it('a rejected request frees its tag, also for a mended one', async () => {
    const call = { tag: 'mended', token: 'alice:mended' };
    const rejected = await test.client.post('/v3/servers', newServer({ flavorRef: '99' }), call);
    expect(rejected.status).toBe(400);
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
    const { json } = await test.client.get('/v3/servers/mended/tasks', call);
    expect(json.tasks).toHaveLength(2);
  });

  it('other projects and untagged requests do not mind', async () => {
    const tag = 'walls';
    expect((await test.client.post('/v3/servers', newServer(), { tag, token: 'alice:w1' })).status).toBe(202);
    const elsewhere = await test.client.post('/v3/servers', newServer({ name: 'b' }), {
      tag,
      token: 'bob:w2',
    });
    expect(elsewhere.status).toBe(202);
    const id = await createServer(test.client, {}, { token: 'alice:w1' });
    expect((await test.client.delete(`/v3/servers/${id}`, { token: 'alice:w1' })).status).toBe(204);
  });

  it('what was accepted before is still refused after the rule has changed, either way', async () => {
    const call = { tag: 'changed', token: 'alice:changed' };
    expect((await test.client.post('/v3/servers', newServer(), call)).status).toBe(202);
    await test.restart({ TAG_REUSE: 'group' });
    expectRefused(await test.client.post('/v3/servers', newServer(), call));
    const second = { ...call, tag: 'in a group' };
    expect((await test.client.post('/v3/servers', newServer(), second)).status).toBe(202);
    expect((await test.client.post('/v3/servers', newServer({ name: 'b' }), second)).status).toBe(202);
    await test.restart({ TAG_REUSE: 'refuse' });
    expectRefused(await test.client.post('/v3/servers', newServer(), call));
    expectRefused(await test.client.post('/v3/servers', newServer(), second));
  });
});
