import { fastify } from 'fastify';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Proxy } from '../support/network/proxies.js';
import { Lab, startGateway, untilTaskEnds } from '../support/openstack/gateway.js';
import { LAB_KEYSTONE } from '../support/openstack/lab.js';
import { NovaApi } from '../support/openstack/nova-api.js';
import type { TestApp } from '../support/server/app.js';
import { Cli } from '../support/server/cli.js';

const run = promisify(execFile);

/** Debian's, which has the SDK that the command comes with. */
const PYTHON = '/usr/bin/python3';

/** Creates a server twice, as a user of openstacksdk does who knows of no tags; prints the status and tag of each answer. */
const SDK = `
import openstack, sys
name, image, flavor = sys.argv[1:]
compute = openstack.connect(cloud='tagged', compute_default_microversion='2.60').compute
for n in range(2):
    answer = compute.post('/servers', json={'server': {'name': name, 'imageRef': image, 'flavorRef': flavor, 'networks': 'none'}})
    print(answer.status_code, answer.headers.get('task-tag'))
`;

jest.setTimeout(180_000);

describe('a tag in the endpoint of a gateway', () => {
  const lab = new Lab();
  let nova: NovaApi;
  let test: TestApp;
  let apache: Proxy;
  beforeAll(async () => {
    nova = await NovaApi.start(['[oslo_middleware]', 'enable_proxy_headers_parsing = true']);
    test = await startGateway({ NOVA_URL: nova.url, ENABLE_PROXY_HEADERS_PARSING: '1' });
    // As it comes: Host is the gateway's, and the client's stands in X-Forwarded-Host, by which this Nova goes.
    apache = await Proxy.apache(test.client.url, 'ProxyPass / $b/');
  });
  afterAll(async () => {
    await apache.stop();
    await test.close();
    await nova.close();
    await lab.close();
  });

  it.each<[links: string, headers: Record<string, string>]>([
    ['http://cloud.example/tag/my%20tag/v2.1/', { Host: 'cloud.example' }],
    // WebOb leaves out the port that is the scheme's own.
    ['http://cloud.example/tag/my%20tag/v2.1/', { Host: 'cloud.example:80' }],
    ['http://cloud.example/tag/my%20tag/v2.1/', { Host: 'inner:1', 'X-Forwarded-Host': 'cloud.example' }],
    [
      'https://cloud.example/compute/tag/my%20tag/v2.1/',
      { Host: 'inner:1', Forwarded: 'proto=https;host=cloud.example', 'X-Forwarded-Prefix': '/compute' },
    ],
  ])('is in the links of Nova’s version documents: %s for %j', async (expected, headers) => {
    for (const path of ['/tag/my%20tag/v2.1', '/tag/my%20tag/v2.1/', '/tag/my%20tag/', '/tag/my%20tag']) {
      const { status, json } = await test.client.get(path, await lab.call({ headers }));
      const versions = json.version === undefined ? json.versions : [json.version];
      const links = versions.map(({ links: [link] }: { links: { href: string }[] }) => link?.href);
      expect([path, status]).toEqual([path, 200]);
      expect([path, links.at(-1)]).toEqual([path, expected]);
      const anonymous = await test.client.get(path, { token: null, headers });
      expect([path, anonymous.headers['cache-control']]).toEqual([path, 'no-store']);
    }
  });

  it.each([
    ['/tag/sdk-', (tag: string) => tag],
    ['/tag64/', (tag: string) => Buffer.from(tag).toString('base64url')],
  ])('protects a client of openstacksdk behind Apache as it comes: %s…', async (form, written) => {
    const tag = `${form === '/tag64/' ? '../' : ''}${process.pid}-${Date.now()}`;
    const inFull = form === '/tag64/' ? tag : `sdk-${tag}`;
    const cli = new Cli(
      0,
      `clouds:
  tagged:
    auth: {auth_url: "${LAB_KEYSTONE}", username: alice, password: alice, project_name: alpha,
           user_domain_id: default, project_domain_id: default}
    compute_endpoint_override: ${apache.client.url}${form}${written(tag)}/v2.1
`,
    );
    try {
      const { server } = await lab.newServer();
      const args = [
        '-c',
        SDK,
        `sdk-${tag.replace('../', '')}`,
        String(server['imageRef']),
        String(server['flavorRef']),
      ];
      const { stdout } = await run(PYTHON, args, {
        env: { ...process.env, OS_CLIENT_CONFIG_FILE: cli.cloudsFile },
      });
      expect(stdout.trim().split('\n')).toEqual([`202 ${inFull}`, `409 ${inFull}`]);
      const task = await untilTaskEnds(test.client, inFull, await lab.call());
      lab.keepId(task.resource.server as string);
      expect(task).toMatchObject({ task: 'create', state: 'success' });
    } finally {
      cli.close();
    }
  });

  it('is not lost by a version document without a link for it: that is not passed on', async () => {
    const other = fastify();
    other.get('/v2.1', (_request, reply) => reply.type('text/html').send('<a href="/v2.1/">here</a>'));
    other.get('/v2.1/', (_request, reply) => reply.status(404).type('text/html').send('none'));
    const odd = await startGateway({ NOVA_URL: await other.listen({ host: '127.0.0.1', port: 0 }) });
    try {
      const { status, json } = await odd.client.get('/tag/t/v2.1', { token: null });
      expect([status, json.computeFault.message]).toEqual([
        502,
        expect.stringContaining('the header Task-tag'),
      ]);
      expect((await odd.client.get('/tag/t/v2.1/', { token: null })).text).toBe('none');
      expect((await odd.client.get('/v2.1', { token: null })).text).toContain('here');
    } finally {
      await odd.close();
      await other.close();
    }
  });
});
