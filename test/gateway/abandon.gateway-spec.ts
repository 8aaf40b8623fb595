import { Lab, startGateway, untilTaskEnds } from '../support/openstack/gateway.js';
import { NovaProxy } from '../support/openstack/nova-proxy.js';
import type { TestApp } from '../support/server/app.js';
import { tasksOf } from '../support/server/tasks.js';

const ADMIN = { user: 'admin', project: 'admin' };
const ACTION = '/v2.1/tasks/action';

let names = 0;
const newName = () => `abandon-${process.pid}-${(names += 1)}`;

describe('in front of Nova', () => {
  const lab = new Lab();
  let nova: NovaProxy;
  let test: TestApp;
  beforeAll(async () => {
    nova = await NovaProxy.to();
    test = await startGateway({ NOVA_URL: nova.url, NOVA_TIMEOUT_MS: '5000', NOTIFICATIONS_URL: '' });
  });
  beforeEach(() => {
    nova.trouble = null;
    nova.received.length = 0;
  });
  afterAll(async () => {
    await test.close();
    await nova.close();
    await lab.close();
  });

  const act = async (body: unknown, signIn?: typeof ADMIN, path = ACTION) =>
    test.client.post(path, body, await lab.call({}, signIn));
  const create = async (name: string) =>
    test.client.post('/v2.1/servers', await lab.newServer({ name }), await lab.call({ tag: name }));

  it('a request under an abandoned tag is answered 410, and never reaches Nova', async () => {
    const name = newName();
    expect((await act({ abandon: { tag: name } })).status).toBe(200);
    const { status, json } = await create(name);
    expect([status, json.gone?.code]).toEqual([410, 410]);
    expect(nova.received).toEqual([]);
    expect(await lab.named(name)).toEqual([]);
  });

  it.each([
    '{"abandon": ',
    '{}',
    '{"abandon": {"tag": NaN}}',
    { abandon: { tag: 'a' }, more: 1 },
    { abandon: { tag: '' } },
    undefined,
  ])('Nova gets no action of a tag or a task, even if it is malformed: %p', async (body) => {
    for (const path of ['/v3/tasks/action', ACTION, '/v2.1//tasks/action/']) {
      const { status, json } = await act(body, undefined, path);
      expect([path, status, json.badRequest?.code]).toEqual([path, 400, 400]);
    }
    const text = { headers: { 'Content-Type': 'application/xml' }, body: '<abandon/>' };
    expect((await test.client.call('POST', ACTION, await lab.call(text))).status).toBe(415);
    expect((await test.client.post(ACTION, body, { token: 'none' })).status).toBe(401);
    expect(nova.received).toEqual([]);
  });

  it('it is too late as soon as the request is recorded, though Nova has not answered yet', async () => {
    const name = newName();
    nova.trouble = 'hold';
    const answer = create(name);
    await nova.untilHeld();
    const { status, json } = await act({ abandon: { tag: name } });
    expect([status, json.conflictingRequest.tasks]).toMatchObject([409, [{ task: 'create', tag: name }]]);
    nova.release();
    lab.keep(await answer);
    expect(await untilTaskEnds(test.client, name, await lab.call())).toMatchObject({ state: 'success' });
  });

  it('an administrator resolves what Nova never got: it can be sent again, and nobody else may say so', async () => {
    const name = newName();
    nova.trouble = 'swallow';
    expect((await create(name)).status).toBe(504);
    const [task] = await tasksOf(test.client, await lab.call(), `?tag=${name}`);
    expect(task.state).toBe('unknown');
    const said = { uuid: task.uuid, accepted: false, state: 'failure', reason: 'not in the log' };
    expect((await act({ resolve: said })).status).toBe(403);
    const { status, json } = await act({ resolve: said }, ADMIN);
    expect([status, json.task]).toMatchObject([
      200,
      { accepted: false, resolved: { reason: 'not in the log' } },
    ]);
    nova.trouble = null;
    lab.keep(await create(name));
    expect(await untilTaskEnds(test.client, name, await lab.call())).toMatchObject({ state: 'success' });
    expect(await lab.named(name)).toHaveLength(1);
  });
});
