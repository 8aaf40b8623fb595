import {
  aTask,
  found,
  json,
  type Reaction,
  RESET,
  ScriptedFetch,
} from '../support/network/scripted-fetch.js';
import { VirtualClock } from '../support/virtual-clock.js';
import type { FoundTaskView, TaskView } from '../../src/tasks/task.view.js';
import { openstack, tagged, type TaggedInit, type Task, tasks } from '../../src/client/index.js';

const API = 'http://cloud.example/v3';
const lookup = openstack({ endpoint: API });
const TWICE = (): Reaction[] => [RESET, found(), json(202, {})];

async function send(script: Reaction[], input: string | URL | Request, init: TaggedInit = {}) {
  const network = new ScriptedFetch(script);
  const result = await tagged(network.fetch, { lookup, clock: new VirtualClock() })(input, init);
  return { result, network };
}

describe('a look-up', () => {
  it('asks another origin without the headers of the request, unless it has its own', async () => {
    const headers = { 'X-Auth-Token': 'secret' };
    const init = (own?: object): TaggedInit => ({
      method: 'POST',
      headers,
      lookup: tasks({
        url: 'http://other.example/tasks',
        ...(own !== undefined && { headers: own as HeadersInit }),
      }),
    });
    const without = await send(TWICE(), API, init());
    expect([...(without.network.made[1]?.headers ?? [])]).toEqual([['accept', 'application/json']]);
    const own = await send(TWICE(), API, init({ 'X-Auth-Token': 'other' }));
    expect(own.network.made[1]?.headers.get('x-auth-token')).toBe('other');
  });

  it('has the credentials and whatever else fetch was given, but no body', async () => {
    const init = { method: 'POST', body: 'x', credentials: 'include', dispatcher: 'mine' } as TaggedInit;
    const { network } = await send(TWICE(), API, init);
    const question = network.made[1]?.init as Record<string, unknown>;
    expect(question).toMatchObject({ method: 'GET', credentials: 'include', dispatcher: 'mine' });
    expect(question['body']).toBeUndefined();
    expect(network.made[1]?.headers.get('content-type')).toBe(null);
  });

  it('of your own may answer 404 for what it does not know', async () => {
    const own: TaggedInit = {
      method: 'POST',
      tag: 'a',
      lookup: (tag) => `http://cloud.example/by-tag/${tag}`,
    };
    const { result, network } = await send([RESET, json(404, {}), json(202, {})], API, own);
    expect(result).toMatchObject({ outcome: 'answered', sent: 2 });
    expect(network.made[1]?.url).toBe('http://cloud.example/by-tag/a');
  });

  it.each([
    ['that does not mind the tag', json(200, { tasks: [aTask({ tag: 'another' })] })],
    ['of which only a part is shown', json(200, { tasks: [aTask({ task: 'stop' })], tasks_links: [{}] })],
  ])('%s says nothing, and nothing is sent again', async (_, answer) => {
    const { result } = await send([RESET, answer], `${API}/servers`, { method: 'POST', tag: 'order 4711' });
    expect(result).toMatchObject({ outcome: 'unknown', sent: 1 });
  });

  it('of a host that wraps its answers is read, and says "nothing" only of the whole list', async () => {
    const wrapped = (tasks: Task[], links: object[] = []) =>
      json(200, { data: { tasks, tasks_links: links }, meta: null, warnings: [] });
    const init = { method: 'POST', tag: 'order 4711' };
    const url = `${API}/servers`;
    expect((await send([RESET, wrapped([aTask()])], url, init)).result.outcome).toBe('accepted');
    expect((await send([RESET, wrapped([]), json(201, {})], url, init)).result.outcome).toBe('answered');
    const part = wrapped([aTask({ task: 'stop' })], [{}]);
    expect((await send([RESET, part], url, init)).result.outcome).toBe('unknown');
  });

  it('at a list with a query keeps that', async () => {
    const init = { method: 'POST', tag: 'a b', lookup: tasks({ url: '/tasks?limit=5' }) };
    const { network } = await send([RESET, found(aTask({ tag: 'a b' }))], API, init);
    expect(network.made[1]?.url).toBe('http://cloud.example/tasks?limit=5&tag=a%20b');
  });

  describe('of a tag that stands for several requests', () => {
    const ID = 'b06853cb-20be-4c6a-9090-ae0317ce137f';
    const create = aTask();
    const stop = aTask({ uuid: 'stop', task: 'stop' });
    const elsewhere = aTask({ uuid: 'elsewhere', task: 'stop', resource: { server: 'another' } });
    const rejected = aTask({ uuid: 'rejected', state: 'failure', fault: { code: 400, message: '' } });
    const ask = async (path: string, answer: Task[]) => {
      const script = [RESET, found(...answer), json(202, {})];
      const { result } = await send(script, `${API}${path}`, { method: 'POST', tag: 'order 4711' });
      return 'task' in result ? result.task?.uuid : result.outcome;
    };

    it('takes creates for a create, and those on the same server for an action', async () => {
      expect(await ask('/servers', [stop, create])).toBe(create.uuid);
      expect(await ask('/servers?from=/servers/x', [stop, create])).toBe(create.uuid);
      expect(await ask(`/servers/${ID}/action`, [elsewhere, stop, create])).toBe('stop');
      expect(await ask(`/servers/${ID.toUpperCase()}/action`, [create, elsewhere])).toBe('answered');
    });

    it('of a library host takes those that the caller knows it by', async () => {
      const lookup = tasks({
        url: '/tasks',
        matches: ({ task }, { method, url }) => task === `${method} ${new URL(url).pathname}`,
      });
      const order = aTask({ uuid: 'order', task: 'POST /orders' });
      const init = { method: 'POST', tag: 'order 4711', lookup };
      const shown = await send([RESET, found(stop, order, create)], 'http://shop.example/orders', init);
      expect(shown.result).toMatchObject({ outcome: 'accepted', task: order });
      const script = [RESET, found(stop, create), json(201, {})];
      expect((await send(script, 'http://shop.example/orders', init)).result).toMatchObject({
        outcome: 'answered',
        sent: 2,
      });
    });

    it('takes a rejected one only when there is no other', async () => {
      expect(await ask('/servers', [rejected, create])).toBe(create.uuid);
      expect(await ask('/servers', [stop, rejected])).toBe('rejected');
    });
  });
});

it('a task is shown to clients as the server shows it', () => {
  const same: Task extends TaskView ? (FoundTaskView extends Omit<Task, 'resource'> ? true : false) : false =
    true;
  expect(same).toBe(true);
});
