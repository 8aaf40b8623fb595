import { Lab, startGateway } from '../support/openstack/gateway.js';
import { LabUser } from '../support/openstack/lab-user.js';
import { LAB_KIND } from '../support/openstack/lab.js';
import { NovaApi } from '../support/openstack/nova-api.js';
import type { TestApp } from '../support/server/app.js';

// The older lab's nova-api is a program of its own.
const describeNewest = LAB_KIND === 'new' ? describe : describe.skip;

/** Requests of each client. */
const COUNT = 25;

describeNewest('a Nova that closes each connection after its answer and does not say so', () => {
  const lab = new Lab();
  let user: LabUser;
  let nova: NovaApi;
  let test: TestApp;
  beforeAll(async () => {
    user = await LabUser.in(lab);
    nova = await NovaApi.startStock();
    test = await startGateway({ NOVA_URL: nova.url });
  }, 120_000);
  afterAll(async () => {
    await test.close();
    await nova.close();
    await user.remove();
    await lab.close();
  });

  it('answers whatever several clients send at once, and each tagged request is known', async () => {
    const id = await user.activeServer();
    const calls = await user.call();
    const statuses: Record<string, number[]> = { tag: [], read: [], lock: [] };
    const send = async (kind: string, method: string, path: string, more: object = {}) => {
      const { status } = await test.client.call(method, path, { ...calls, ...more });
      statuses[kind]?.push(status);
    };
    const client = async (one: (n: number) => Promise<void>) => {
      for (let n = 0; n < COUNT; n += 1) await one(n);
    };
    const putTag = (n: number) => send('tag', 'PUT', `/v2.1/servers/${id}/tags/t${n % 3}`);
    const read = () => send('read', 'GET', '/v2.1/flavors');
    const lock = (n: number) =>
      send('lock', 'POST', `/v2.1/servers/${id}/action`, {
        tag: `lock-${process.pid}-${n}`,
        body: n % 2 === 0 ? { lock: null } : { unlock: null },
      });
    await Promise.all([client(putTag), client(putTag), client(read), client(read), client(lock)]);
    expect(new Set(statuses['tag'])).toEqual(new Set([201, 204]));
    expect(new Set(statuses['read'])).toEqual(new Set([200]));
    expect(new Set(statuses['lock'])).toEqual(new Set([202]));
  }, 180_000);
});
