import { DataSource, IsNull } from 'typeorm';
import { LostAnswer } from '../../../src/tasks/lost-answers/lost-answer.entity.js';
import { sendRequest } from '../../support/network/hang-up.js';
import type { Answer, Call } from '../../support/network/http.js';
import { Lab, untilTaskEnds } from '../../support/openstack/gateway.js';
import { type GatewayByProxy, startGatewayByProxy } from '../../support/openstack/gateway-by-proxy.js';
import { until } from '../../support/until.js';

const lab = new Lab();
let gateway: GatewayByProxy;
beforeAll(async () => {
  gateway = await startGatewayByProxy(lab, {
    DUPLICATES: 'answer',
    TAG_FROM: 'metadata:order,name',
    LOST_ANSWERS: 'answer',
  });
});
afterAll(() => gateway.end());
afterEach(() => (gateway.nova.trouble = null));

let tags = 0;
const newTag = () => `again-${process.pid}-${(tags += 1)}`;

/** What differs between two answers to equal requests: ids of requests, dates, passwords. */
function comparable({ status, json, headers }: Answer) {
  const { server, ...others } = json ?? {};
  const { adminPass: _, ...shown } = server ?? {};
  const names = ['location', 'openstack-api-version', 'x-openstack-nova-api-version'];
  const kept = Object.fromEntries(names.map((name) => [name, headers[name]]));
  // Nova says no character set, and names a type for an empty body.
  const type = json === undefined ? undefined : String(headers['content-type']).split(';')[0];
  return {
    status,
    headers: { ...kept, type },
    body: server === undefined ? json : { ...others, server: shown },
  };
}

async function expectAgain(method: string, path: string, call: Call): Promise<[Answer, Answer]> {
  const first = await gateway.test.client.call(method, path, call);
  const again = await gateway.test.client.call(method, path, call);
  expect(comparable(again)).toEqual(comparable(first));
  expect([again.headers['task-replayed'], again.headers['task-tag']]).toEqual(['true', call.tag]);
  return [first, again];
}

describe('a repeated request gets what Nova answered the first one', () => {
  it('a create', async () => {
    const call = await gateway.user.call({ tag: newTag(), version: '2.90' });
    const body = await lab.newServer({ 'OS-DCF:diskConfig': 'AUTO', name: newTag() });
    const [first] = await expectAgain('POST', '/v3/servers', { ...call, body });
    expect(lab.keep(first)).toBeDefined();
    expect(first.json.server.adminPass).toEqual(expect.any(String));
  });

  it('a create of several servers, with their reservation', async () => {
    const call = await gateway.user.call({ tag: newTag() });
    const body = await lab.newServer({ min_count: 2, max_count: 2, return_reservation_id: true });
    const [first] = await expectAgain('POST', '/v2.1/servers', { ...call, body });
    expect(first.json.reservation_id).toMatch(/^r-/);
    const task = await untilTaskEnds(gateway.test.client, call.tag as string, call);
    expect(task.resource).toEqual({ server: expect.any(String), reservation: first.json.reservation_id });
    const late = await gateway.test.client.call('POST', '/v2.1/servers', { ...call, body });
    expect(comparable(late)).toEqual(comparable(first));
  });

  it('actions of all kinds, and in the end the delete', async () => {
    const plain = await gateway.user.call({ version: '2.60' });
    const { json } = await gateway.test.client.post(
      '/v2.1/servers',
      await lab.newServer({ name: newTag() }),
      plain,
    );
    const server = json.server.id as string;
    const path = `/v2.1/servers/${server}/action`;
    const active = (status: string) =>
      until(`the server to be ${status}`, async () => (await lab.server(server)).status === status, 60_000);
    await active('ACTIVE');
    const steps: [object, string][] = [
      [{ 'os-stop': null }, 'SHUTOFF'],
      [{ 'os-start': null }, 'ACTIVE'],
      [{ lock: null }, 'ACTIVE'],
      [{ unlock: null }, 'ACTIVE'],
      [{ createImage: { name: newTag() } }, 'ACTIVE'],
    ];
    for (const [body, status] of steps) {
      await expectAgain('POST', path, { ...plain, tag: newTag(), body });
      await active(status);
    }
    await until(
      'the server to be idle',
      async () => (await lab.server(server))['OS-EXT-STS:task_state'] === null,
      60_000,
    );
    await expectAgain('DELETE', `/v2.1/servers/${server}`, { ...plain, tag: newTag() });
  });
});

describe('a create whose answer Nova gave, and nobody got', () => {
  it('under a tag is answered when it comes again: by reset, or by time-out', async () => {
    const call = await gateway.user.call({ tag: newTag() });
    const body = await lab.newServer({ name: newTag() });
    gateway.nova.trouble = 'reset';
    expect((await gateway.test.client.call('POST', '/v2.1/servers', { ...call, body })).status).toBe(504);
    gateway.nova.trouble = null;
    const again = await gateway.test.client.call('POST', '/v2.1/servers', { ...call, body });
    expect([again.status, again.headers['task-replayed']]).toEqual([202, 'true']);
    expect((await lab.server(lab.keep(again))).name).toBe(body.server['name']);
  });

  it('without a tag, too, once', async () => {
    const call = await gateway.user.call();
    const several = { min_count: 1, max_count: 1 };
    const body = { server: { ...(await lab.newServer()).server, ...several, name: 'x'.repeat(255) + '' } };
    body.server.name = `${newTag()} ${'ü'.repeat(130)}`;
    gateway.nova.trouble = 'reset';
    expect((await gateway.test.client.call('POST', '/v2.1/servers', { ...call, body })).status).toBe(504);
    gateway.nova.trouble = null;
    const again = await gateway.test.client.call('POST', '/v2.1/servers', { ...call, body });
    expect([again.status, again.headers['task-replayed']]).toEqual([202, 'true']);
    lab.keep(again);
    const another = await gateway.test.client.call('POST', '/v2.1/servers', { ...call, body });
    expect([another.status, another.headers['task-replayed']]).toEqual([202, undefined]);
    lab.keep(another);
  });

  it('to a client that hangs up while Nova works is given to its next try', async () => {
    const token = (await gateway.user.call()).token as string;
    const name = `${newTag()} ${'ü'.repeat(130)}`;
    const body = await lab.newServer({ name });
    const headers = { 'OpenStack-API-Version': 'compute 2.60' };
    gateway.nova.trouble = 'hold';
    const known = gateway.nova.said.length;
    const sent = await sendRequest('POST', `${gateway.test.client.url}/v2.1/servers`, {
      token,
      body,
      headers,
    });
    await until('Nova to answer', () => gateway.nova.said.length > known);
    await sent.hangUp();
    const lost = gateway.test.app.get(DataSource).getRepository(LostAnswer);
    await until('the loss', () => lost.existsBy({ givenTo: IsNull() }));
    gateway.nova.trouble = null;
    gateway.nova.release();
    const again = await gateway.test.client.post('/v2.1/servers', body, { token, version: '2.60' });
    expect([again.status, again.headers['task-replayed']]).toEqual([202, 'true']);
    lab.keep(again);
    const { json } = await lab.nova.get(`/v2.1/servers?name=${encodeURIComponent(name)}`, { token });
    expect(json.servers).toHaveLength(1);
  });
});

describe('a create without a tag that Nova never got', () => {
  let other: GatewayByProxy;
  const others = new Lab();
  beforeAll(async () => {
    const times = { NOVA_TIMEOUT_MS: '2000', NOVA_LONGEST_REQUEST_MS: '5000' };
    other = await startGatewayByProxy(others, { LOST_ANSWERS: 'answer', ...times });
  });
  afterAll(() => other.end());

  it('is never taken for another server that its user makes meanwhile, and is carried out in the end', async () => {
    const call = await other.user.call();
    const body = await others.newServer({ name: newTag() });
    other.nova.trouble = 'swallow';
    const lost = other.test.client.call('POST', '/v2.1/servers', { ...call, body });
    await until('the request', () => other.nova.received.includes('POST /v2.1/servers'));
    const foreign = await other.user.activeServer();
    expect((await lost).status).toBe(504);
    other.nova.trouble = null;
    const again = await until('it to be carried out', async () => {
      const answer = await other.test.client.call('POST', '/v2.1/servers', { ...call, body });
      if (answer.status === 202) return answer;
      expect([answer.status, answer.headers['retry-after']]).toEqual([409, '5']);
      return null;
    });
    expect(again.headers['task-replayed']).toBeUndefined();
    expect(others.keep(again)).not.toBe(foreign);
    expect((await others.server(others.keep(again))).name).toBe(body.server['name']);
  });
});

describe('a create by a name, with TAG_FROM=name', () => {
  it('makes one server of it at a time', async () => {
    const call = await gateway.user.call();
    const body = await lab.newServer({ name: newTag() });
    const first = await gateway.test.client.post('/v2.1/servers', body, call);
    expect([first.status, first.headers['task-tag']]).toEqual([202, body.server['name']]);
    const again = await gateway.test.client.post('/v2.1/servers', body, call);
    expect([again.status, again.json.server.id]).toEqual([202, first.json.server.id]);
    const other = { server: { ...body.server, description: 'another' } };
    const refused = await gateway.test.client.post('/v2.1/servers', other, call);
    expect([refused.status, refused.json.conflictingRequest.message]).toEqual([
      409,
      expect.stringContaining(
        "with another body (description). Its tag is the server's name, by the setting TAG_FROM=name",
      ),
    ]);
    const { id } = first.json.server;
    await until('it to be built', async () => (await lab.server(id)).status === 'ACTIVE', 60_000);
    expect((await gateway.test.client.call('DELETE', `/v2.1/servers/${id}`, call)).status).toBe(204);
    await until(
      'it to be gone',
      async () => (await lab.nova.get(`/v2.1/servers/${id}`, call)).status === 404,
      60_000,
    );
    const next = await gateway.test.client.post('/v2.1/servers', other, call);
    expect([next.status, next.headers['task-replayed']]).toEqual([202, undefined]);
    expect(lab.keep(next)).not.toBe(id);
  });
});
