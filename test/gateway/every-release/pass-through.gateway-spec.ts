import { type RawAnswer, rawAnswer } from '../../support/network/raw-answer.js';
import { Lab, startGateway } from '../../support/openstack/gateway.js';
import { LAB_KIND, LAB_NOVA } from '../../support/openstack/lab.js';
import type { TestApp } from '../../support/server/app.js';
import type { SignIn } from '../../support/server/identity.js';

const UNTAGGED_ERRORS: [string, string, string, string][] = [
  ['POST', '/v2.1/servers', '{', 'application/json'],
  ['POST', '/v2.1/servers', '{"server":{}}', 'application/json'],
  ['POST', '/v2.1/servers', '{"other":{}}', 'application/json'],
  ['POST', '/v2.1/servers', '<server/>', 'application/xml'],
  ['POST', '/v2.1/servers/nothing/action', '{"reboot":{"type":"SOFT"}}', 'application/json'],
  ['POST', '/v2.1/servers/nothing/action', '{"noSuchAction":null}', 'application/json'],
  ['POST', '/v2.1/servers/nothing/action', '{"a":1,"b":2}', 'application/json'],
  ['POST', '/v2.1/servers/nothing/action', '', 'application/json'],
  ['POST', '/v2.1/servers/nothing/action', '{"os-getConsoleOutput":{}}', 'application/json'],
  ['DELETE', '/v2.1/servers/nothing', '', ''],
  ['PUT', '/v2.1/servers/nothing', '{"server":{"name":"x"}}', 'application/json'],
  ['PUT', '/v2.1/servers/nothing/os-volume_attachments/x', '{', 'application/json'],
];

const READS: [string, string][] = [
  ['GET', '/'],
  ['GET', '/v2.1'],
  ['GET', '/v2.1/'],
  ['GET', '/v2'],
  ['GET', '/v2/servers'],
  ['GET', '/v2.1/servers'],
  ['HEAD', '/v2.1/servers'],
  ['GET', '/v2.1/servers/detail?limit=1'],
  ['HEAD', '/v2.1/servers/detail'],
  ['GET', '/v2.1/servers/nothing'],
  ['HEAD', '/v2.1/servers/nothing'],
  ['GET', '/v2.1/servers/8d6fa3c2-3a4e-4c2d-9d5c-1d4b0a0b7b0a'],
  ['GET', '/v2.1/servers/nothing/ips'],
  ['GET', '/v2.1/flavors/detail'],
  ['GET', '/v2.1/os-keypairs'],
  ['GET', '/v2.1/limits'],
  ['GET', '/v2.1/os-services'],
  ['GET', '/v2.1/no-such-thing?a=%20b&c'],
  ['GET', '/no/version/at/all'],
  ['OPTIONS', '/v2.1/servers'],
  ['PATCH', '/v2.1/servers'],
  ['TRACE', '/v2.1/servers'],
  ['POST', '/v2.1/os-keypairs'],
  ['DELETE', '/v2.1/os-keypairs/none'],
];

/** Paths that create a server. The last one Nova 34 still has, and answers it with 500, with a gateway or without. */
const SPELLINGS = [
  ...['/v2.1//servers', '//v3/servers', '/tag/x//v2.1/servers'],
  ...(LAB_KIND === 'zed' ? ['/v2.1/os-volumes_boot'] : []),
];

/** Of a project in which nothing else happens while both are asked. */
const QUIET: SignIn = { user: 'bob', project: 'beta' };

/** What a user may read is for no cache: the one header that Nova does not send itself. */
function notStored(answer: RawAnswer): RawAnswer {
  return { ...answer, headers: [...answer.headers, 'Cache-Control: no-store'] };
}

describe('what is no task passes through a gateway', () => {
  const lab = new Lab();
  let test: TestApp;
  beforeAll(async () => {
    test = await startGateway();
  });
  afterAll(async () => {
    await test.close();
    await lab.close();
  });

  /** Sends the same bytes to both: the client believes to talk to one host. */
  async function both(head: string[], body = '', rest = ''): Promise<[RawAnswer, RawAnswer]> {
    const [first, ...others] = head;
    const lines = [first, 'Host: cloud.example:8774', 'Connection: close', ...others];
    if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
    const bytes = `${lines.join('\r\n')}\r\n\r\n${body}${rest}`;
    return [await rawAnswer(LAB_NOVA, bytes), await rawAnswer(test.client.url, bytes)];
  }

  it.each(READS)('%s %s', async (method, path) => {
    const token = await lab.token(QUIET);
    const [straight, through] = await both([
      `${method} ${path} HTTP/1.1`,
      `X-Auth-Token: ${token}`,
      'Task-tag: is no matter here',
    ]);
    expect(through).toEqual(['GET', 'HEAD'].includes(method) ? notStored(straight) : straight);
  });

  it.each(['2.1', '2.60', '2.93', 'latest', '2.999', 'nonsense'])('with microversion %s', async (version) => {
    const [straight, through] = await both([
      'GET /v2.1/servers/detail HTTP/1.1',
      `X-Auth-Token: ${await lab.token(QUIET)}`,
      `OpenStack-API-Version: compute ${version}`,
    ]);
    expect(through).toEqual(notStored(straight));
  });

  it('without a token', async () => {
    const [straight, through] = await both(['GET /v2.1/servers/detail HTTP/1.1']);
    expect(through).toEqual(straight);
    expect(through.statusLine).toBe('HTTP/1.1 401 Unauthorized');
  });

  it('under a legacy URL with the project', async () => {
    const token = await lab.token(QUIET);
    const { project } = await lab.identity.show(token);
    for (const path of ['servers', 'servers/detail', 'flavors', 'servers/nothing']) {
      const [straight, through] = await both([
        `GET /v2.1/${project.id}/${path} HTTP/1.1`,
        `X-Auth-Token: ${token}`,
      ]);
      expect(through).toEqual(notStored(straight));
    }
  });

  it.each(UNTAGGED_ERRORS)(
    'and an untagged request that Nova refuses: %s %s %s',
    async (method, path, body, type) => {
      const head = [`${method} ${path} HTTP/1.1`, `X-Auth-Token: ${await lab.token(QUIET)}`];
      if (type !== '') head.push(`Content-Type: ${type}`);
      const [straight, through] = await both(head, body);
      expect(through).toEqual(straight);
    },
  );

  it('and an untagged request with a microversion that Nova refuses', async () => {
    for (const version of ['2.999', 'nonsense']) {
      const [straight, through] = await both(
        [
          'POST /v2.1/servers HTTP/1.1',
          `X-Auth-Token: ${await lab.token(QUIET)}`,
          'Content-Type: application/json',
          `OpenStack-API-Version: compute ${version}`,
        ],
        JSON.stringify(await lab.newServer()),
      );
      expect(through).toEqual(straight);
    }
  });

  it('with a body in chunks, and one that is long', async () => {
    const body = JSON.stringify({ keypair: { name: 'x', public_key: 'y'.repeat(100_000) } });
    const head = [
      'POST /v2.1/os-keypairs HTTP/1.1',
      `X-Auth-Token: ${await lab.token(QUIET)}`,
      'Content-Type: application/json',
    ];
    const [straight, through] = await both(head, body);
    expect(through).toEqual(straight);
    const chunks = `${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const [one, other] = await both([...head, 'Transfer-Encoding: chunked'], '', chunks);
    expect(other).toEqual(one);
  });

  it('under /v3 as under /v2.1', async () => {
    const call = await lab.call();
    const through = await test.client.get('/v3/flavors', call);
    const straight = await test.client.get('/v2.1/flavors', call);
    expect(through.status).toBe(200);
    expect(through.json).toEqual(straight.json);
  });

  it('but what could mean another route than it seems to is refused', async () => {
    for (const path of ['/v2.1%2Fservers', '/v2.1/servers/x%2Faction']) {
      const answer = await test.client.post(path, await lab.newServer(), await lab.call());
      expect([path, answer.status]).toEqual([path, 404]);
    }
    for (const path of ['/v2.1/../admin', '/..', '/v2.1/%2e%2E/x', '/v2.1/flavors/./1']) {
      expect([path, (await test.client.get(path, await lab.call())).status]).toEqual([path, 404]);
    }
    for (const [path, headers, status] of [
      ['/v2.1/servers%0a', {}, 404],
      ['/v2.1/servers?_method=POST', {}, 400],
      ['/servers', { Accept: 'application/json; version="2.1"' }, 404],
      ['/v2.1/servers', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415],
    ] as const) {
      const call = await lab.call({ headers });
      const answer = await test.client.post(path, await lab.newServer(), call);
      expect([path, answer.status]).toEqual([path, status]);
      if (path.includes('_method')) expect((await test.client.get(path, call)).status).toBe(status);
    }
    expect(await lab.named(`tasktag-test-${process.pid}`)).toEqual([]);
  });

  it.each(SPELLINGS)('but not a create, however Nova lets its path be spelled: %s', async (path) => {
    const tag = path.startsWith('/tag') ? 'x' : `spelled ${path}`;
    const call = await lab.call({ ...(tag !== 'x' && { tag }), version: '2.60' });
    const body = await lab.newServer();
    const answer = await test.client.post(path, body, call);
    lab.keep(answer);
    expect([answer.status, answer.headers['task-tag']]).toEqual([202, tag]);
    const again = await test.client.post('/v2.1/servers', body, { ...call, tag });
    expect([again.status, again.text]).toEqual([409, expect.stringContaining('already accepted')]);
  });

  it('numbers that are no JSON, and are to Nova, change nothing unrecorded', async () => {
    const server = await lab.activeServer();
    const call = await lab.call();
    const answer = await test.client.post(`/v2.1/servers/${server}/action`, '{"os-stop": NaN}', call);
    expect([answer.status, answer.json.badRequest.message]).toEqual([400, 'Malformed request body']);
    expect(await lab.server(server)).toMatchObject({ status: 'ACTIVE', 'OS-EXT-STS:task_state': null });
  });

  it('and discovery under an endpoint with a tag keeps the tag', async () => {
    const { json } = await test.client.get('/tag/my%20tag/v2.1', await lab.call());
    expect(json.version.links[0].href).toBe(`${test.client.url}/tag/my%20tag/v2.1/`);
    const { json: root } = await test.client.get('/tag/my%20tag/', await lab.call());
    const links = root.versions.map(({ links: [link] }: { links: { href: string }[] }) => link?.href);
    expect(links).toEqual([`${test.client.url}/tag/my%20tag/v2/`, `${test.client.url}/tag/my%20tag/v2.1/`]);
  });
});
