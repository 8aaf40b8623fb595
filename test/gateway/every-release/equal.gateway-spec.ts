import { type RawAnswer, rawAnswer } from '../../support/network/raw-answer.js';
import { Lab, startGateway } from '../../support/openstack/gateway.js';
import { LAB_NOVA } from '../../support/openstack/lab.js';
import type { TestApp } from '../../support/server/app.js';
import { until } from '../../support/until.js';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** One life of a server; each step waits until the one before is through. */
const STEPS: [method: string, path: string, body: unknown, then: string][] = [
  ['POST', '/action', { 'os-stop': null }, 'SHUTOFF'],
  ['POST', '/action', { 'os-stop': null }, 'SHUTOFF'],
  ['POST', '/action', { 'os-start': null }, 'ACTIVE'],
  ['POST', '/action', { reboot: { type: 'HARD' } }, 'ACTIVE'],
  ['POST', '/action', { lock: null }, 'ACTIVE'],
  ['POST', '/action', { unlock: null }, 'ACTIVE'],
  ['POST', '/action', { createImage: { name: 'tasktag-test-equal' } }, 'ACTIVE'],
  ['POST', '/action', { rescue: null }, 'RESCUE'],
  ['POST', '/action', { unrescue: null }, 'ACTIVE'],
  ['POST', '/os-interface', { interfaceAttachment: { net_id: 'none' } }, 'ACTIVE'],
  ['POST', '/os-volume_attachments', { volumeAttachment: { volumeId: 'none' } }, 'ACTIVE'],
  ['DELETE', '', undefined, 'gone'],
  ['DELETE', '', undefined, 'gone'],
];

describe('a server’s life is answered by the same bytes', () => {
  const lab = new Lab();
  let test: TestApp;
  let straight: RawAnswer[];
  let tags = 0;
  beforeAll(async () => {
    test = await startGateway();
    straight = await live(LAB_NOVA, () => []);
  });
  afterAll(async () => {
    await test.close();
    await lab.close();
  });

  async function live(url: string, header: () => string[]): Promise<RawAnswer[]> {
    const answers: RawAnswer[] = [];
    const create = await send(url, 'POST', '/v2.1/servers', await lab.newServer({ name: 'equal' }), header());
    const id = (JSON.parse(create.body) as { server: { id: string } }).server.id;
    lab.keepId(id);
    await lab.untilStatus(id, 'ACTIVE');
    answers.push(create);
    for (const [method, path, body, then] of STEPS) {
      answers.push(await send(url, method, `/v2.1/servers/${id}${path}`, body, header()));
      if (then === 'gone') {
        await until(`${id} to be gone`, async () => (await lab.server(id)) === undefined);
      } else await lab.untilStatus(id, then);
    }
    return answers;
  }

  async function send(
    url: string,
    method: string,
    path: string,
    body: unknown,
    more: string[],
  ): Promise<RawAnswer> {
    const bytes = body === undefined ? '' : JSON.stringify(body);
    const head = [
      `${method} ${path} HTTP/1.1`,
      ...['Host: cloud.example:8774', 'Connection: close', `X-Auth-Token: ${await lab.token()}`],
      ...['OpenStack-API-Version: compute 2.60', ...more],
      ...(bytes === '' ? [] : ['Content-Type: application/json', `Content-Length: ${bytes.length}`]),
    ];
    return rawAnswer(url, `${head.join('\r\n')}\r\n\r\n${bytes}`);
  }

  /** Less what differs between two servers. */
  function alike(answers: RawAnswer[]): RawAnswer[] {
    const text = JSON.stringify(answers)
      .replace(UUID, '…')
      .replace(/adminPass\\": \\"\w+/g, 'adminPass…');
    return JSON.parse(text) as RawAnswer[];
  }

  it('without a tag', async () => {
    expect(alike(await live(test.client.url, () => []))).toEqual(alike(straight));
  });

  it('with tags, but for the header that says so', async () => {
    const newTag = () => [`Task-tag: equal-${(tags += 1)}`];
    const answers = await live(test.client.url, newTag);
    answers.forEach(({ headers }, n) => expect(headers).toContain(`task-tag: equal-${n + 1}`));
    const withoutEcho = answers.map((answer) => ({
      ...answer,
      headers: answer.headers.filter((line) => !line.startsWith('task-tag:')),
    }));
    expect(alike(withoutEcho)).toEqual(alike(straight));
  });
});
