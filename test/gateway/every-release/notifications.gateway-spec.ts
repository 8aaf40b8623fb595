import { Logger } from '@nestjs/common';
import { v4 as uuidv4, v7 as uuidv7 } from 'uuid';
import { Client } from '../../support/network/http.js';
import { LAB_KEYSTONE, LAB_NOVA } from '../../support/openstack/lab.js';
import { type Listener, NovaBus, statesOf, untilUp } from '../../support/openstack/nova-bus.js';
import { IdentityClient } from '../../support/server/identity.js';
import { until } from '../../support/until.js';

jest.setTimeout(90_000);

describe('notifications of a real Nova tell of what a request has caused', () => {
  const bus = new NovaBus();
  beforeAll(async () => {
    // They tell of every trouble that these tests make.
    Logger.overrideLogger(false);
    await bus.connect();
  });
  beforeEach(() => bus.open());
  afterEach(() => bus.clear());
  afterAll(() => bus.close());

  const identity = new IdentityClient(LAB_KEYSTONE);
  const nova = new Client(LAB_NOVA, { keepAlive: false });
  let token: string;
  let image: string;
  let listener: Listener;
  beforeAll(async () => {
    token = await identity.token({ user: 'alice', project: 'alpha' });
    image = (await nova.get('/v2.1/images?name=tiny', { token })).json.images[0].id;
  });
  beforeEach(async () => {
    listener = bus.listen({});
    await untilUp(listener);
  });
  afterAll(() => {
    identity.close();
    nova.close();
  });

  /** Sends a request as the gateway does, and gives the uuid of its task. */
  async function send(method: string, path: string, body?: object) {
    const uuid = uuidv7();
    const headers = { 'X-OpenStack-Request-ID': `req-${uuid}` };
    const answer = await nova.call(method, `/v2.1${path}`, { token, version: '2.60', headers, body });
    return { uuid, answer, requestId: answer.headers['x-openstack-request-id'] };
  }

  function create(flavorRef = '42') {
    const server = { name: bus.name, imageRef: image, flavorRef, networks: 'none' };
    return send('POST', '/servers', { server });
  }

  async function expectStartAndEnd({ uuid, answer, requestId }: Awaited<ReturnType<typeof send>>) {
    expect(answer.status).toBeLessThan(300);
    const told = () => listener.told.filter((observation) => observation.uuid === uuid);
    await until('its end', () => told().some(({ outcome }) => outcome.state === 'undetermined'));
    const [first, ...others] = told().map(({ outcome }) => outcome);
    expect(first).toMatchObject({ state: 'processing', requestId });
    expect(others.every(({ state }) => state === 'undetermined')).toBe(true);
  }

  async function untilStatus(id: string, status: string) {
    await until(`${id} to be ${status}`, async () => {
      const { json } = await nova.get(`/v2.1/servers/${id}`, { token });
      return json.server?.status === status;
    });
  }

  it('a server that is created, stopped, started and deleted', async () => {
    const created = await create();
    await expectStartAndEnd(created);
    const { id } = created.answer.json.server;
    await untilStatus(id, 'ACTIVE');
    await expectStartAndEnd(await send('POST', `/servers/${id}/action`, { 'os-stop': null }));
    await untilStatus(id, 'SHUTOFF');
    await expectStartAndEnd(await send('POST', `/servers/${id}/action`, { 'os-start': null }));
    await untilStatus(id, 'ACTIVE');
    await expectStartAndEnd(await send('DELETE', `/servers/${id}`));
    const lag = await listener.registry.getSingleMetricAsString('tasktag_notification_lag_seconds');
    expect(lag).toMatch(/_count [1-9]/);
  });

  it('a server that no host takes', async () => {
    const admin = { token: await identity.token({ user: 'admin', project: 'admin' }) };
    const flavor = { name: bus.name, ram: 9_999_999, vcpus: 1, disk: 0 };
    const { json } = await nova.post('/v2.1/flavors', { flavor }, admin);
    try {
      const { uuid, answer } = await create(json.flavor.id);
      expect(answer).toMatchObject({ status: 202 });
      await until('news', () => statesOf(uuid, listener.told).includes('undetermined'));
      expect(statesOf(uuid, listener.told)).not.toContain('processing');
      await nova.delete(`/v2.1/servers/${answer.json.server.id}`, { token });
    } finally {
      await nova.delete(`/v2.1/flavors/${json.flavor.id}`, admin);
    }
  });

  it('and do not call accepted what was refused', async () => {
    const { answer } = await create();
    const { id } = answer.json.server;
    await untilStatus(id, 'ACTIVE');
    const attachment = { interfaceAttachment: { net_id: uuidv4() } };
    const refused = await send('POST', `/servers/${id}/os-interface`, attachment);
    expect(refused.answer.status).toBeGreaterThanOrEqual(400);
    await until('the exception', () => statesOf(refused.uuid, listener.told).length > 0);
    expect(statesOf(refused.uuid, listener.told)).toEqual(['undetermined']);
    await nova.delete(`/v2.1/servers/${id}`, { token });
  });
});
