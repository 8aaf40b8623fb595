import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { TagOwner } from '../../src/tasks/recording/tag-owner.entity.js';
import type { Answer, Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { countServers, newServer, untilServer } from '../support/server/servers.js';
import { until } from '../support/until.js';

describe('a create with TAG_FROM=metadata:order,name', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ TAG_FROM: 'metadata:order, name', TAG_REUSE: 'group' });
  });
  afterAll(() => test.close());

  const create = (body: object, call: Call): Promise<Answer> => test.client.post('/v3/servers', body, call);

  it.each([
    ['its name', { name: 'größe 1' }, 'größe 1', /the server's name, by the setting TAG_FROM=name/],
    [
      'an item of its metadata',
      { name: 'x', metadata: { order: 'no. 7', other: 'o' } },
      'no. 7',
      /metadata item "order", by the setting TAG_FROM=metadata:order/,
    ],
  ])('has %s as its tag', async (what, more, tag, note) => {
    const call = { token: `alice:${Buffer.from(what).toString('hex').slice(0, 20)}` };
    const first = await create(newServer(more), call);
    expect([first.status, Buffer.from(String(first.headers['task-tag']), 'latin1').toString()]).toEqual([
      202,
      tag,
    ]);
    const { json } = await test.client.get(`/v3/servers/${encodeURIComponent(tag)}/tasks`, call);
    expect(json.tasks).toEqual([expect.objectContaining({ tag, task: 'create' })]);

    const again = await create(newServer(more), call);
    expect([again.status, again.json.conflictingRequest.message]).toEqual([
      409,
      expect.stringMatching(/^That request is already accepted\. Its tag is /),
    ]);
    expect(again.json.conflictingRequest.message).toMatch(note);
    const answered = await create(newServer(more), { ...call, headers: { 'Task-duplicates': 'answer' } });
    expect([answered.status, answered.json.server.id]).toEqual([202, first.json.server.id]);

    const other = await create(newServer({ ...more, flavorRef: '2', description: 'd' }), {
      ...call,
      version: '2.19',
    });
    expect([other.status, other.json.conflictingRequest.message]).toEqual([
      409,
      expect.stringMatching(
        /with another body \((flavorRef, description|description, flavorRef)\)\. Its tag is /,
      ),
    ]);
    expect(other.json.conflictingRequest.message).toMatch(note);
    expect(await countServers(test.client, call)).toBe(1);
  });

  it('has no blanks at the ends of its tag, like a header, by which it is found', async () => {
    const call = { token: 'alice:blanks' };
    const body = newServer({ name: 'in blanks', metadata: { order: ' \t no. 8  ' } });
    const first = await create(body, call);
    expect([first.status, first.headers['task-tag']]).toEqual([202, 'no. 8']);
    const { json } = await test.client.get('/v3/tasks?tag=no.%208', call);
    expect(json.tasks).toMatchObject([{ tag: 'no. 8', resource: { server: first.json.server.id } }]);
    expect((await create(body, call)).status).toBe(409);
    expect((await create(body, { ...call, tag: ' no. 8 ' })).status).toBe(409);
    const server = await test.client.get(`/v3/servers/${first.json.server.id}`, call);
    expect(server.json.server.metadata).toEqual({ order: ' \t no. 8  ' });
    // Nothing but blanks is no tag: the next place counts.
    const blank = newServer({ name: 'by name', metadata: { order: ' ' } });
    expect((await create(blank, call)).headers['task-tag']).toBe('by name');
  });

  it('may be sent again when the server is gone, and then only once', async () => {
    const call = { token: 'alice:again' };
    const first = (await create(newServer({ name: 'web' }), call)).json.server.id;
    await untilServer(test.client, first, ({ status }) => status === 'ACTIVE', call);
    expect((await test.client.call('DELETE', `/v3/servers/${first}`, call)).status).toBe(204);
    await until(
      'it to be gone',
      async () => (await test.client.get(`/v3/servers/${first}`, call)).status === 404,
    );
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => create(newServer({ name: 'web' }), call)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409, 409, 409, 409, 409]);
    expect(await countServers(test.client, call)).toBe(1);
    const { json } = await test.client.get('/v3/tasks?tag=web', call);
    expect(json.tasks.map(({ accepted }: { accepted: boolean }) => accepted)).toEqual([true, true]);
    // Another server of that name, now that the first one is gone.
    const [, second] = [first, answers.find(({ status }) => status === 202)?.json.server.id];
    await untilServer(test.client, second, ({ status }) => status === 'ACTIVE', call);
    await test.client.call('DELETE', `/v3/servers/${second}`, call);
    await until(
      'it to be gone',
      async () => (await test.client.get(`/v3/servers/${second}`, call)).status === 404,
    );
    expect((await create(newServer({ name: 'web', flavorRef: '2' }), call)).status).toBe(202);
  });

  it('never frees a tag that was sent as a header, although it is the same text', async () => {
    const call = { token: 'alice:explicit' };
    const tagged = { ...call, tag: 'explicit' };
    const first = (await create(newServer({ name: 'explicit' }), tagged)).json.server.id;
    await untilServer(test.client, first, ({ status }) => status === 'ACTIVE', call);
    await test.client.call('DELETE', `/v3/servers/${first}`, call);
    await until(
      'it to be gone',
      async () => (await test.client.get(`/v3/servers/${first}`, call)).status === 404,
    );
    expect((await create(newServer({ name: 'explicit' }), call)).status).toBe(409);
    expect((await create(newServer({ name: 'explicit' }), tagged)).status).toBe(409);
  });

  it('is free when the first one was rejected', async () => {
    const call = { token: 'alice:rejected' };
    expect((await create(newServer({ name: 'r', imageRef: randomUUID() }), call)).status).toBe(400);
    expect((await create(newServer({ name: 'r' }), call)).status).toBe(202);
  });

  it('has none when it makes several servers, when no answer could echo it, or when it is too long', async () => {
    for (const more of [
      { name: 'several', min_count: 2, max_count: 2 },
      { name: 'several', metadata: { order: 'several' }, min_count: 2, max_count: 2 },
      { name: 'up to', max_count: 3 },
      { name: 'ü'.repeat(200) },
    ]) {
      const call = { token: 'alice:untagged' };
      for (let time = 0; time < 2; time += 1) {
        const { status, headers } = await create(newServer(more), call);
        expect([status, headers['task-tag']]).toEqual([202, undefined]);
      }
    }
  });

  it('keeps its own tag, and leaves that of another project alone', async () => {
    const call = { token: 'alice:own', tag: 'own' };
    expect((await create(newServer({ name: 'same' }), call)).headers['task-tag']).toBe('own');
    expect((await create(newServer({ name: 'same' }), { token: 'alice:own' })).headers['task-tag']).toBe(
      'same',
    );
    const other = await create(newServer({ name: 'same' }), { token: 'alice:other' });
    expect([other.status, other.headers['task-tag']]).toEqual([202, 'same']);
  });

  it('keeps the members of a body as nothing that could be guessed from', async () => {
    const { json } = await create(newServer({ name: 'members', adminPass: 'secret-2' }), {
      token: 'alice:m',
    });
    expect(json.server.adminPass).toBe('secret-2');
    const owners = await test.app.get(DataSource).getRepository(TagOwner).find();
    for (const { parts } of owners)
      for (const [name, hash] of Object.entries(parts.members))
        expect([name, hash]).toEqual([name, expect.stringMatching(/^[0-9a-f]{2}$/)]);
  });
});

describe('a request with TAG_FROM=request-id', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ TAG_FROM: 'request-id', TAG_REUSE: 'refuse' });
  });
  afterAll(() => test.close());

  it('is found by the id, as are all others under it, and none is refused: it stands for a whole action', async () => {
    const id = `req-${randomUUID()}`;
    const call = { token: 'alice:ids', headers: { 'X-OpenStack-Request-ID': id } };
    const made = await Promise.all([1, 2, 3].map(() => test.client.post('/v3/servers', newServer(), call)));
    expect(made.map(({ status, headers }) => [status, headers['task-tag']])).toEqual(
      Array(3).fill([202, id]),
    );
    expect(await countServers(test.client, call)).toBe(3);
    const server = made[0]?.json.server.id;
    for (const [action, status] of [
      ['os-stop', 'SHUTOFF'],
      ['os-start', 'ACTIVE'],
      ['os-stop', 'SHUTOFF'],
      ['os-start', 'ACTIVE'],
    ] as const) {
      await untilServer(test.client, server, ({ status: now }) => now !== status && now !== 'BUILD', call);
      const answer = await test.client.post(`/v3/servers/${server}/action`, { [action]: null }, call);
      expect([action, answer.status]).toEqual([action, 202]);
      await untilServer(test.client, server, ({ status: now }) => now === status, call);
    }
    const { json } = await test.client.get(`/v3/servers/${id}/tasks`, call);
    expect(json.tasks).toHaveLength(7);
    expect(json.tasks).toEqual(Array(7).fill(expect.objectContaining({ tag: id, accepted: true })));
    const refused = await test.client.post('/v3/servers', newServer({ flavorRef: 'none' }), call);
    expect(refused.status).toBe(400);
    expect((await test.client.get('/v3/tasks?limit=1', call)).json.tasks[0]).toMatchObject({
      accepted: false,
    });
  });
});
