import type { Answer, Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { createServer, newServer, untilEnded } from '../support/server/servers.js';
import { tasksOf } from '../support/server/tasks.js';

/** Longer than a text column of MariaDB, which SQLite would take. */
const LONG = 'x'.repeat(80_000);

/** More metadata than such a column holds, of values that are not too long. */
const MUCH = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`key-${n}`, 'x'.repeat(255)]));

describe('values as long as a body allows are refused or kept, and never lost on the way', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());

  async function expectRejected(answer: Answer, call: Call): Promise<void> {
    expect(answer.status).toBe(400);
    const [task] = await tasksOf(test.client, call);
    expect(task).toMatchObject({ state: 'failure', fault: { code: 400 } });
    const { message } = answer.json.badRequest;
    expect(message.startsWith(task.fault.message.slice(0, 1000))).toBe(true);
  }

  it.each([
    ['a flavor', { flavorRef: LONG }],
    ['a name', { name: LONG }],
    ['an image', { imageRef: LONG }],
    ['metadata', { metadata: MUCH }],
    ['a description that nobody knows', { [LONG]: 1 }],
    ['many of them', Object.fromEntries(Array.from({ length: 6000 }, (_, n) => [`key-${n}`, 1]))],
  ])('as %s of a new server', async (what, wrong) => {
    const call = { token: 'alice:long', tag: what };
    await expectRejected(await test.client.post('/v3/servers', newServer(wrong), call), call);
  });

  it('as the flavor of a resize, as metadata of an image or of a server', async () => {
    const call = { token: 'alice:long-acts' };
    const id = await createServer(test.client, {}, call);
    const act = (body: object) => test.client.post(`/v3/servers/${id}/action`, body, call);
    await expectRejected(await act({ resize: { flavorRef: LONG } }), call);
    await expectRejected(await act({ createImage: { name: 'snap', metadata: MUCH } }), call);
    const metadata = { metadata: MUCH };
    expect((await test.client.post(`/v3/servers/${id}/metadata`, metadata, call)).status).toBe(400);
  });

  it('as a key pair', async () => {
    const { json } = await test.client.post('/v3/os-keypairs', { keypair: { name: 'made' } });
    const key = json.keypair.public_key as string;
    const keypair = { name: 'long', public_key: `${key.trim()} ${LONG}` };
    expect((await test.client.post('/v3/os-keypairs', { keypair })).status).toBe(400);
  });

  it('as names, of 255 characters of any kind', async () => {
    const call = { token: 'alice:long-names', tag: 'names' };
    for (const [n, name] of ['x'.repeat(255), 'é'.repeat(255), '東'.repeat(255)].entries()) {
      const tagged = { ...call, tag: `names ${n}` };
      const body = newServer({ name, min_count: 2 });
      expect((await test.client.post('/v3/servers', body, tagged)).status).toBe(202);
      await untilEnded(test.client, `names%20${n}`, call);
    }
    const { json } = await test.client.get('/v3/servers', call);
    expect(json.servers).toHaveLength(6);
    for (const { name } of json.servers) expect(name).toMatch(/-[12]$/);
  });
});
