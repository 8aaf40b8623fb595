import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TaskWaits } from '../../src/tasks/waiting/task-waits.js';
import { Lab, startGateway } from '../support/openstack/gateway.js';
import { LAB_NOVA } from '../support/openstack/lab.js';
import type { TestApp } from '../support/server/app.js';
import { until } from '../support/until.js';

describe('a look-up that waits, in front of Nova', () => {
  const lab = new Lab();
  /** What Nova is asked, and how. */
  const asked: { url: string; prefer: string | undefined }[] = [];
  let between: Server;
  let test: TestApp;
  beforeAll(async () => {
    between = createServer((request, answer) => {
      asked.push({ url: request.url ?? '', prefer: request.headers.prefer as string | undefined });
      const { method, headers } = request;
      const onwards = httpRequest(new URL(request.url ?? '', LAB_NOVA), { method, headers });
      request.pipe(onwards);
      onwards.once('response', (nova: IncomingMessage) => {
        answer.writeHead(nova.statusCode ?? 500, nova.rawHeaders);
        nova.pipe(answer);
      });
    }).listen(0, '127.0.0.1');
    await once(between, 'listening');
    test = await startGateway({ NOVA_URL: `http://127.0.0.1:${(between.address() as AddressInfo).port}` });
  });
  afterAll(async () => {
    await test.close();
    between.close();
    await lab.close();
  });
  beforeEach(() => asked.splice(0));

  it('is answered when the server is there that was asked for only afterwards', async () => {
    const tag = `wait ${Date.now()}`;
    const call = await lab.call();
    const answer = test.client.get(`/v2.1/servers/${encodeURIComponent(tag)}/tasks?wait=60`, call);
    await until('it to wait', () => test.app.get(TaskWaits, { strict: false }).count === 1);
    const id = lab.keep(await test.client.post('/v2.1/servers', await lab.newServer(), { ...call, tag }));
    const { status, json } = await answer;
    expect([status, json.tasks]).toMatchObject([200, [{ state: 'success', resource: { server: id } }]]);
  });

  it('keeps its wait to itself when it asks Nova whether a server exists', async () => {
    const id = await lab.activeServer();
    const headers = { Prefer: 'wait=60' };
    const answers = await Promise.all([
      test.client.get(`/v2.1/servers/${id}/tasks?wait=1`, await lab.call({ headers })),
      test.client.get(`/v2.1/servers/${id}/tasks`, await lab.call({ headers: { Prefer: 'wait=1' } })),
    ]);
    for (const { status, json, headers } of answers)
      expect([status, json.tasks, headers['retry-after']]).toEqual([200, [], '1']);
    const shows = asked.filter(({ url }) => url.includes(id));
    expect(shows).toHaveLength(2);
    for (const show of shows) expect(show).toEqual({ url: `/v2.1/servers/${id}`, prefer: undefined });
  });

  it.each([
    ['GET', '/v2.1/servers/{id}'],
    ['GET', '/v2.1/servers/detail?limit=1'],
    ['GET', '/v2.1/flavors'],
  ])('leaves alone what a client prefers of Nova itself: %s %s', async (method, path) => {
    const id = await lab.activeServer();
    asked.splice(0);
    const url = path.replace('{id}', id);
    const { headers } = await test.client.call(
      method,
      url,
      await lab.call({ headers: { Prefer: 'wait=30' } }),
    );
    expect(asked).toContainEqual({ url, prefer: 'wait=30' });
    expect(headers).not.toHaveProperty('preference-applied');
  });
});
