import type { Call } from '../support/network/http.js';
import { Lab } from '../support/openstack/gateway.js';
import { NOVA_ANSWERS, OTHER_WORDS, saidBy, withIds } from '../support/openstack/nova-answers.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { CIRROS, createServer, untilServer } from '../support/server/servers.js';
import { until } from '../support/until.js';

const ADMIN = { user: 'admin', project: 'admin' };

/** The table that `as-nova.e2e-spec.ts` holds the simulated cloud to is held to Nova itself here. */
describe('Nova', () => {
  const lab = new Lab();
  let ids: Record<string, string>;
  beforeAll(async () => {
    const server = await lab.activeServer();
    const { imageRef, flavorRef } = (await lab.newServer()).server;
    ids = { server, image: String(imageRef), flavor: String(flavorRef) };
  });
  afterAll(() => lab.close());

  it.each(NOVA_ANSWERS)('answers $by’s $request at $version as the table says', async (row) => {
    const { request, version, answer } = withIds(row, ids);
    const [method, path, body] = request;
    const call = await lab.call({ version, body }, row.by === 'admin' ? ADMIN : undefined);
    const [status, said] = saidBy(await lab.nova.call(method, `/v2.1${path}`, call));
    expect([status, said === OTHER_WORDS[answer[1]] ? answer[1] : said]).toEqual(answer);
  });
});

describe('a life of a server has the same states and actions in the simulated cloud', () => {
  const lab = new Lab();
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ EMBEDDED_TASK_MS: '400' });
  });
  afterAll(async () => {
    await test.close();
    await lab.close();
  });

  /** What a client sees that asks again and again, until it is so. */
  async function states(show: () => Promise<any>, last: string): Promise<string[]> {
    const seen: string[] = [];
    await until(last, async () => {
      const server = await show();
      // Between these Nova uploads an image, more or less quickly.
      const taskState = String(server['OS-EXT-STS:task_state']).replace(/^shelving_image_\w+$/, 'shelving');
      const state = `${server.status} ${server['OS-EXT-STS:vm_state']} ${taskState}`;
      if (seen.at(-1) !== state) seen.push(state);
      return server.status === last && server['OS-EXT-STS:task_state'] === null;
    });
    return seen;
  }

  async function shelved(client: TestApp['client'], id: string, call: Call): Promise<object> {
    const act = (key: string) => client.post(`/v2.1/servers/${id}/action`, { [key]: null }, call);
    const answer = await act('shelve');
    const seen = await states(
      async () => (await client.get(`/v2.1/servers/${id}`, call)).json.server,
      'SHELVED_OFFLOADED',
    );
    const again = saidBy(await act('shelve'));
    const { json } = await client.get(`/v2.1/servers/${id}/os-instance-actions`, call);
    const [{ request_id: requestId }] = json.instanceActions;
    const shown = await client.get(`/v2.1/servers/${id}/os-instance-actions/${requestId}`, call);
    const { action, message, events } = shown.json.instanceAction;
    return {
      answer: [answer.status, answer.text],
      seen,
      again: again.map((said) => String(said).replace(id, 'ID')),
      actions: json.instanceActions.map((one: { action: string }) => one.action),
      action: { action, message, events: events.map(({ event, result }: any) => ({ event, result })) },
    };
  }

  it('when it is shelved', async () => {
    const mine = await createServer(test.client, {}, { token: 'alice:demo' });
    const simulated = await shelved(test.client, mine, { token: 'alice:demo', version: '2.60' });
    const call = await lab.call();
    expect(simulated).toEqual(await shelved(lab.nova, await lab.activeServer(), call));
  }, 60_000);

  it('when it is force-deleted', async () => {
    const call = { token: 'alice:demo', version: '2.60' };
    const mine = await createServer(test.client, { networks: 'none' }, call);
    const theirs = await lab.activeServer();
    const ends = [];
    for (const [client, id, as] of [
      [test.client, mine, call],
      [lab.nova, theirs, await lab.call()],
    ] as const) {
      const { status } = await client.post(`/v2.1/servers/${id}/action`, { forceDelete: null }, as);
      await until('it to be gone', async () => (await client.get(`/v2.1/servers/${id}`, as)).status === 404);
      const { json } = await client.get(`/v2.1/servers/${id}/os-instance-actions`, as);
      ends.push([status, json.instanceActions.map(({ action }: any) => action)]);
    }
    expect(ends[0]).toEqual(ends[1]);
  }, 60_000);

  it('while it is built', async () => {
    const call = { token: 'alice:demo', version: '2.60' };
    const body = { server: { name: 'vm', imageRef: CIRROS, flavorRef: '1', networks: 'auto' } };
    const { json } = await test.client.post('/v2.1/servers', body, call);
    const { server } = (await test.client.get(`/v2.1/servers/${json.server.id}`, call)).json;
    expect([server.status, server.addresses, server.security_groups]).toEqual(['BUILD', {}, undefined]);
    const built = await untilServer(
      test.client,
      json.server.id as string,
      ({ status }) => status === 'ACTIVE',
      call,
    );
    expect([Object.keys(built.addresses), built.security_groups]).toEqual([
      ['private'],
      [{ name: 'default' }],
    ]);
  });
});
