import { DataSource, IsNull } from 'typeorm';
import type { ServerResponse } from 'node:http';
import { nodeResponse } from '../../src/http/node-http.js';
import { isOver } from '../../src/http/once-over.js';
import { BadRequest } from '../../src/openstack/faults.js';
import { LostAnswer } from '../../src/tasks/lost-answers/lost-answer.entity.js';
import { LostAnswers } from '../../src/tasks/lost-answers/lost-answers.js';
import { FirstAnswers } from '../../src/tasks/requests/http/first-answers.js';
import { sendRequest } from '../support/network/hang-up.js';
import type { Answer, Call } from '../support/network/http.js';
import { startApp, type TestApp } from '../support/server/app.js';
import { holdNextRequest } from '../support/server/held-request.js';
import { countServers, newServer, untilServer } from '../support/server/servers.js';
import { until } from '../support/until.js';

describe('a request without a tag whose answer was lost, with LOST_ANSWERS=answer', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp({ LOST_ANSWERS: 'answer' });
  });
  afterAll(() => test.close());
  afterEach(() => jest.restoreAllMocks());

  let n = 0;
  /** A project of its own. */
  const alice = (): { token: string } => ({ token: `alice:lost-${(n += 1)}` });
  const create = (call: Call, more: object = {}): Promise<Answer> =>
    test.client.post('/v3/servers', newServer(more), call);
  const isReplayed = ({ status, headers }: Answer) => [status, headers['task-replayed']];
  const lostAnswers = () => test.app.get(DataSource).getRepository(LostAnswer);

  const send = (call: { token: string }, more: object = {}) =>
    sendRequest('POST', `${test.client.url}/v3/servers`, { ...call, body: newServer(more) });

  /** Sends a create, and hangs up before it is answered; the compute service carries it out, or answers with an error. */
  async function lose(call: { token: string }, { error, more = {} }: { error?: Error; more?: object } = {}) {
    const known = await lostAnswers().count();
    const held = holdNextRequest(test.app);
    const sent = await sendRequest('POST', `${test.client.url}/v3/servers`, {
      ...call,
      body: newServer(more),
    });
    await held.hasCome();
    await sent.hangUp();
    await until('the loss to be known', async () => (await lostAnswers().count()) > known);
    held.letGo(error);
  }

  it('gives its answer to the same request, once', async () => {
    const call = alice();
    await lose(call);
    const again = await create(call);
    expect(isReplayed(again)).toEqual([202, 'true']);
    const { json } = await test.client.get('/v3/tasks', call);
    expect(json.tasks).toEqual([
      expect.objectContaining({ tag: null, resource: { server: again.json.server.id } }),
    ]);
    expect(again.headers['link']).toBe(`<${test.client.url}/v3/tasks/${json.tasks[0].uuid}>; rel="related"`);
    expect(await countServers(test.client, call)).toBe(1);
    const another = await create(call);
    expect(isReplayed(another)).toEqual([202, undefined]);
    expect(await countServers(test.client, call)).toBe(2);
  });

  it('gives each lost answer to one of many that come at once, and carries out the others', async () => {
    const call = alice();
    const known = await lostAnswers().count();
    const both = [holdNextRequest(test.app), holdNextRequest(test.app)];
    const sent = [await send(call), await send(call)];
    for (const held of both) await held.hasCome();
    for (const one of sent) await one.hangUp();
    await until('both losses', async () => (await lostAnswers().count()) === known + 2);
    for (const held of both) held.letGo();
    const answers = await Promise.all(Array.from({ length: 6 }, () => create(call)));
    expect(answers.filter(({ headers }) => headers['task-replayed'] === 'true')).toHaveLength(2);
    expect(new Set(answers.map(({ json }) => json.server.id)).size).toBe(6);
    expect(await countServers(test.client, call)).toBe(6);
  });

  it('gives it to the next one when that answer is lost, too', async () => {
    const call = alice();
    await lose(call);
    const answers = test.app.get(FirstAnswers);
    const again = answers.again.bind(answers);
    let response: ServerResponse | null = null;
    let letGo = () => undefined as void;
    const released = new Promise<void>((resolve) => (letGo = resolve));
    jest.spyOn(answers, 'again').mockImplementationOnce(async (...request) => {
      response = nodeResponse(request[0].switchToHttp().getResponse<object>());
      await released;
      return again(...request);
    });
    const second = await send(call);
    await until('it to be given', () => response);
    const takenBack = jest.spyOn(test.app.get(LostAnswers), 'takeBack');
    await second.hangUp();
    await until('that to be seen', () => response !== null && isOver(response));
    letGo();
    await until('it to be taken back', () => takenBack.mock.calls.length > 0);
    expect(isReplayed(await create(call))).toEqual([202, 'true']);
    expect(await countServers(test.client, call)).toBe(1);
  });

  it('is not given when the user has done something else with the server since', async () => {
    const call = alice();
    const { id } = (await create(call)).json.server;
    await untilServer(test.client, id, ({ status }) => status === 'ACTIVE', call);
    const act = (body: object) => test.client.post(`/v3/servers/${id}/action`, body, call);
    const known = await lostAnswers().count();
    const held = holdNextRequest(test.app);
    const path = `${test.client.url}/v3/servers/${id}/action`;
    const sent = await sendRequest('POST', path, { ...call, body: { 'os-stop': null } });
    await held.hasCome();
    await sent.hangUp();
    await until('the loss', async () => (await lostAnswers().count()) > known);
    held.letGo();
    await untilServer(test.client, id, ({ status }) => status === 'SHUTOFF', call);
    expect((await act({ 'os-start': null })).status).toBe(202);
    await untilServer(test.client, id, ({ status }) => status === 'ACTIVE', call);
    expect(isReplayed(await act({ 'os-stop': null }))).toEqual([202, undefined]);
    await untilServer(test.client, id, ({ status }) => status === 'SHUTOFF', call);
  });

  it('is no reason to touch requests whose answers arrived: twins make a server each', async () => {
    const call = alice();
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(call)));
    expect(answers.map(isReplayed)).toEqual(Array(5).fill([202, undefined]));
    expect(await countServers(test.client, call)).toBe(5);
  });

  it('has no answer when it was rejected: the next one is carried out', async () => {
    const call = alice();
    await lose(call, { error: new BadRequest('No.') });
    expect(isReplayed(await create(call))).toEqual([202, undefined]);
    expect(await countServers(test.client, call)).toBe(1);
  });

  it('gives nothing to another user, project or request', async () => {
    const call = alice();
    const [, project] = call.token.split(':');
    await lose(call);
    const others = [
      await create({ token: `bob:${project}` }),
      await create({ token: 'alice:elsewhere' }),
      await create(call, { name: 'another' }),
      await create({ ...call, tag: 'tagged' }),
      await test.client.post('/v3/servers?x=1', newServer(), call),
    ];
    for (const other of others) expect(isReplayed(other)).toEqual([202, undefined]);
    // In another spelling it is the same.
    const same = await test.client.post(`/v2.1/${project}/servers`, newServer(), call);
    expect(isReplayed(same)).toEqual([202, 'true']);
  });

  it('is answered for a DELETE, an action and a create alike', async () => {
    const call = alice();
    const { id } = (await create(call)).json.server;
    await untilServer(test.client, id, ({ status }) => status === 'ACTIVE', call);
    const requests = [
      ['POST', `/v3/servers/${id}/action`, { 'os-stop': null }, 202],
      ['DELETE', `/v3/servers/${id}`, undefined, 204],
    ] as const;
    for (const [method, path, body, status] of requests) {
      const known = await lostAnswers().count();
      const held = holdNextRequest(test.app);
      const sent = await sendRequest(method, `${test.client.url}${path}`, { ...call, body });
      await held.hasCome();
      await sent.hangUp();
      await until('the loss', async () => (await lostAnswers().count()) > known);
      held.letGo();
      expect(isReplayed(await test.client.call(method, path, { ...call, body }))).toEqual([status, 'true']);
      await until('its end', async () => {
        const { json } = await test.client.get('/v3/tasks?limit=1', call);
        return json.tasks[0].ended;
      });
    }
  });

  it('gives nothing after LOST_ANSWERS_WITHIN, ten minutes', async () => {
    const call = alice();
    await lose(call);
    const tenMinutesAgo = Date.now() - 600_000;
    await lostAnswers().update({ givenTo: IsNull() }, { lostAt: tenMinutesAgo - 1 });
    expect(isReplayed(await create(call))).toEqual([202, undefined]);
    expect(await countServers(test.client, call)).toBe(2);
  });
});

describe('a request without a tag whose answer was lost, without the setting', () => {
  let test: TestApp;
  beforeAll(async () => {
    test = await startApp();
  });
  afterAll(() => test.close());
  afterEach(() => jest.restoreAllMocks());

  it('is carried out again, and nothing is kept of it', async () => {
    const call = { token: 'alice:off' };
    const held = holdNextRequest(test.app);
    const sent = await sendRequest('POST', `${test.client.url}/v3/servers`, { ...call, body: newServer() });
    await held.hasCome();
    await sent.hangUp();
    held.letGo();
    expect(
      (await test.client.post('/v3/servers', newServer(), call)).headers['task-replayed'],
    ).toBeUndefined();
    await until('both servers', async () => (await countServers(test.client, call)) === 2);
    expect(await test.app.get(DataSource).getRepository(LostAnswer).count()).toBe(0);
  });
});
