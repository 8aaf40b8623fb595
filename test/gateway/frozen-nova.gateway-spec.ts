import type { Answer, Call } from '../support/network/http.js';
import { Lab, startGateway } from '../support/openstack/gateway.js';
import { LabUser, taskToAsk } from '../support/openstack/lab-user.js';
import { NovaApi } from '../support/openstack/nova-api.js';
import type { TestApp } from '../support/server/app.js';
import { expectRefused } from '../support/server/servers.js';
import { until } from '../support/until.js';

/** Longer than a request takes here, and shorter than Nova is frozen. */
const LONGEST_MS = 6000;

/** A server that is older than this, in milliseconds, and still being built has been forgotten. */
const FORGOTTEN_MS = 15_000;

const TIMES = { NOVA_TIMEOUT_MS: '2500', NOVA_LONGEST_REQUEST_MS: String(LONGEST_MS) };

let names = 0;
const newName = () => `frozen-${process.pid}-${(names += 1)}`;

describe.each([
  ['with notifications', true],
  ['without notifications', false],
])('a nova-api that stops in the middle of requests, %s,', (_, hasNotifications) => {
  const settings: Record<string, string> = hasNotifications ? {} : { NOTIFICATIONS_URL: '' };
  const lab = new Lab();
  let user: LabUser;
  let nova: NovaApi;
  let test: TestApp;
  beforeAll(async () => {
    user = await LabUser.in(lab);
    nova = await NovaApi.start();
    test = await startGateway({ ...TIMES, ...settings, NOVA_URL: nova.url });
  });
  afterAll(async () => {
    await test.close();
    await nova.close();
    await user.remove();
    await lab.close();
  });

  const create = async (name: string) => user.call({ body: await lab.newServer({ name }), tag: name });
  const post = (path: string, call: Call) => test.client.call('POST', path, call);

  it('and goes on after a while has carried them out: they are found, once', async () => {
    const name = newName();
    const call = await create(name);
    const server = await user.activeServer({ name: newName() });
    const stop = await user.call({ body: { 'os-stop': null }, tag: newName() });
    const untagged = await user.call({ body: { 'os-stop': null } });
    const other = await user.activeServer({ name: newName() });
    let answers: Answer[];
    nova.freeze();
    try {
      const frozenAt = Date.now();
      answers = await Promise.all([
        post('/v2.1/servers', call),
        post(`/v2.1/servers/${server}/action`, stop),
        post(`/v2.1/servers/${other}/action`, untagged),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([504, 504, 504]);
      expectRefused(await post('/v2.1/servers', call));
      // Nothing is said of them while Nova may still have them, however long that lasts.
      await until('the longest time of a request', () => Date.now() > frozenAt + LONGEST_MS + 1500);
      for (const answer of answers)
        expect((await user.task(test.client, taskToAsk(answer))).state).toBe('unknown');
    } finally {
      nova.thaw();
    }
    for (const answer of answers) {
      const task = await user.untilEnded(test.client, taskToAsk(answer));
      expect(task).toMatchObject({ state: 'success', fault: null });
    }
    expect(await user.named(name)).toHaveLength(1);
    expectRefused(await post('/v2.1/servers', call));
    expectRefused(await post(`/v2.1/servers/${server}/action`, stop));
  });

  async function taskOf(tag: string): Promise<any> {
    const { json } = await test.client.get(`/v3/servers/${tag}/tasks`, await user.call());
    return json.tasks[0];
  }

  /** Whether a task has ended well, or Nova will never end it. */
  async function hasSettled(state: string, name: string): Promise<boolean> {
    if (state !== 'processing') return state === 'success';
    const [{ status, created }] = await user.named(name);
    return status === 'BUILD' && Date.now() - Date.parse(created as string) > FORGOTTEN_MS;
  }

  // Notifications make no difference to what was never told to anybody.
  if (hasNotifications) return;
  it('and is killed may have carried them out or not: each is found out, and what was not may be sent again', async () => {
    const tags = Array.from({ length: 6 }, newName);
    const calls = new Map<string, Call>();
    for (const tag of tags) calls.set(tag, await create(tag));
    const underWay = tags.map((tag) => post('/v2.1/servers', calls.get(tag) as Call));
    // Some are through, some are not.
    await Promise.race(underWay);
    await nova.kill();
    const statuses = (await Promise.all(underWay)).map(({ status }) => status);
    expect(statuses).toContain(202);
    expect(statuses).toContain(504);
    await nova.start();
    await Promise.all(
      tags.map(async (tag) => {
        await until(
          `one server of ${tag}`,
          async () => {
            const { status, json } = await post('/v2.1/servers', calls.get(tag) as Call);
            // A nova-api that has just been started may be slow.
            if (status === 202 || status === 504) return false;
            return status === 409 && hasSettled(json.conflictingRequest.task.state as string, tag);
          },
          40_000,
        );
        const task = await taskOf(tag);
        const servers = await user.named(tag);
        expect({ tag, servers: servers.map(({ id }) => id) }).toEqual({
          tag,
          servers: [task.resource.server],
        });
        // Nova itself forgets a server whose create it was killed in: it stands for ever as being built.
        expect([task.state, servers[0].status]).toEqual(
          task.state === 'success' ? ['success', 'ACTIVE'] : ['processing', 'BUILD'],
        );
      }),
    );
  });
});
