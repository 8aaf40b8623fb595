import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Lab, startGateway, untilTaskEnds } from '../support/openstack/gateway.js';
import { LAB_KEYSTONE, LAB_KIND } from '../support/openstack/lab.js';
import { Region } from '../support/openstack/region.js';
import { Tasktag } from '../support/command/tasktag-command.js';
import type { TestApp } from '../support/server/app.js';
import { Cli, IN_NEWEST_LAB } from '../support/server/cli.js';
import { tasksOf } from '../support/server/tasks.js';

const run = promisify(execFile);

/** Debian's, which has the SDK that the command comes with. */
const PYTHON = '/usr/bin/python3';

/** What a user of openstacksdk writes; it prints the status and the tag of each answer. */
const SDK = `
import openstack, sys
tag, image, flavor, name = sys.argv[1:]
conn = openstack.connect(cloud='tasktag', compute_default_microversion='2.60')
conn.compute.additional_headers['Task-tag'] = tag
body = {'server': {'name': name, 'imageRef': image, 'flavorRef': flavor, 'networks': 'none'}}
for n in range(2):
    answer = conn.compute.post('/servers', json=body)
    print(answer.status_code, answer.headers.get('task-tag'))
server = conn.compute.wait_for_server(conn.compute.find_server(name))
conn.compute.stop_server(server)
conn.compute.wait_for_server(server, status='SHUTOFF')
conn.compute.delete_server(server)
conn.compute.wait_for_delete(server)
print(server.id)
`;

jest.setTimeout(240_000);

describe('clients of a cloud whose catalogue names a gateway', () => {
  const lab = new Lab();
  let test: TestApp;
  let region: Region;
  let cli: Cli;
  beforeAll(async () => {
    test = await startGateway();
    region = await Region.of(lab, `tasktag-${process.pid}-${Date.now()}`, `${test.client.url}/v2.1`);
    cli = new Cli(0, region.clouds(LAB_KEYSTONE));
  });
  afterAll(async () => {
    cli.close();
    await region.remove();
    await test.close();
    await lab.close();
  });

  it('the openstack command works as it does without, and each of its requests is a task', async () => {
    const name = `cli-${process.pid}`;
    const newest = '--os-compute-api-version 2.60';
    const created = await cli.json(
      `${newest} server create --image tiny --flavor m1.nano --nic none --wait ${name}`,
    );
    lab.keepId(created.id);
    expect(created).toMatchObject({ name, status: 'ACTIVE' });
    expect(await cli.json(`server list --name ^${name}$`)).toEqual([
      expect.objectContaining({ ID: created.id, Status: 'ACTIVE' }),
    ]);
    await cli.do(`server stop ${name}`);
    await lab.untilStatus(created.id, 'SHUTOFF');
    await cli.do(`server start ${name}`);
    await lab.untilStatus(created.id, 'ACTIVE');
    const events = await cli.json(`${newest} server event list ${name}`);
    await cli.do(`server delete --wait ${name}`);
    const tasks = await tasksOf(test.client, await lab.call(), `?server=${created.id}`);
    const [deletion, ...others] = tasks;
    expect(deletion.task).toBe('delete');
    expect(others.map(({ task, request_id }) => [task, request_id])).toEqual(
      events.map((event: any) => [event.Action, event['Request ID']]),
    );
    expect(await cli.failing(`server show ${name}`)).toContain('No server with a name or ID');
  });

  it('openstacksdk with a tag for all that it sends: a second create is refused, reading and waiting are not', async () => {
    const { server } = await lab.newServer();
    const tag = `sdk ${process.pid} ${Date.now()}`;
    const name = `sdk-${process.pid}`;
    const env = { ...process.env, OS_CLIENT_CONFIG_FILE: cli.cloudsFile };
    const args = ['-c', SDK, tag, String(server['imageRef']), String(server['flavorRef']), name];
    const { stdout } = await run(PYTHON, args, { env });
    const [first, second, id] = stdout.trim().split('\n');
    expect([first, second]).toEqual([`202 ${tag}`, `409 ${tag}`]);
    await untilTaskEnds(test.client, tag, await lab.call());
    const tasks = await tasksOf(test.client, await lab.call(), `?tag=${encodeURIComponent(tag)}`);
    expect(tasks.map(({ task, state, resource }) => [task, state, resource.server])).toEqual([
      ['delete', 'success', id],
      ['stop', 'success', id],
      ['create', 'success', id],
    ]);
  });

  const lookUpByTag = async (command: Cli) => {
    const { server } = await lab.newServer();
    const tag = `look ${process.pid} ${Date.now()}`;
    await test.client.post('/v2.1/servers', { server }, await lab.call({ tag }));
    const task = await command.json('task wait --timeout 60', tag);
    lab.keepId(task.resource.server);
    expect(task).toMatchObject({ task: 'create', state: 'success', tag });
    const [listed] = await command.json('task list --tag', tag);
    expect(listed).toMatchObject({ UUID: task.uuid, Resource: { server: task.resource.server } });
    expect(await command.json('task show', task.resource.server)).toEqual(task);
    return task;
  };

  it('the openstack command with the plugin, and the command tasktag, look up by the tag', async () => {
    cli.addPlugin();
    const task = await lookUpByTag(cli);
    const tasktag = new Tasktag({ OS_CLIENT_CONFIG_FILE: cli.cloudsFile, OS_CLOUD: 'tasktag' });
    try {
      expect(await tasktag.json(['show', task.tag])).toEqual(task);
      const { server } = await lab.newServer();
      const once = [
        'create-once',
        '/v3/servers',
        '-H',
        'OpenStack-API-Version: compute 2.60',
        '--body',
        tasktag.file('server.json', JSON.stringify({ server })),
      ];
      const {
        duplicates: _,
        expires_at: __,
        ...created
      } = await tasktag.json([...once, '--tag', `once ${task.tag}`]);
      lab.keepId(created.resource.server);
      expect(created).toMatchObject({ task: 'create', state: 'success' });
      expect(await tasktag.json([...once, '--tag', `once ${task.tag}`])).toMatchObject(created);
    } finally {
      tasktag.close();
    }
  });

  if (LAB_KIND === 'new')
    it('a newer command with the plugin looks up by the tag', async () => {
      const newer = new Cli(0, region.clouds(LAB_KEYSTONE), IN_NEWEST_LAB).addPlugin();
      try {
        await lookUpByTag(newer);
      } finally {
        newer.close();
      }
    });

  // The command of Debian 12 asks the catalogue all the same.
  if (LAB_KIND === 'new')
    it('a newer command with compute_endpoint_override, as docs/clients.md says, with a tag in it', async () => {
      const tag = `override-${process.pid}-${Date.now()}`;
      const clouds = `${region.clouds(LAB_KEYSTONE, 'RegionOne')}    compute_endpoint_override: ${test.client.url}/tag/${tag}/v2.1\n`;
      const newer = new Cli(0, clouds, IN_NEWEST_LAB);
      try {
        const command =
          '--os-compute-api-version 2.60 server create --image tiny --flavor m1.nano --nic none';
        const { id } = await newer.json(`${command} --wait override-${process.pid}`);
        lab.keepId(id);
        expect(await newer.failing(`${command} override-${process.pid}`)).toContain('already accepted');
        expect(await untilTaskEnds(test.client, tag, await lab.call())).toMatchObject({
          state: 'success',
          resource: { server: id },
        });
      } finally {
        newer.close();
      }
    });

  it('a command whose endpoint has a tag in it', async () => {
    const tag = `endpoint-${process.pid}-${Date.now()}`;
    const inPath = `${test.client.url}/tag/${tag}/v2.1`;
    const tagged = await Region.of(lab, `tasktag-tag-${process.pid}-${Date.now()}`, inPath);
    const withTag = new Cli(0, tagged.clouds(LAB_KEYSTONE));
    try {
      const command = '--os-compute-api-version 2.60 server create --image tiny --flavor m1.nano --nic none';
      const { id } = await withTag.json(`${command} tagged-${process.pid}`);
      lab.keepId(id);
      expect(await withTag.failing(`${command} tagged-${process.pid}`)).toContain('already accepted');
      expect(await untilTaskEnds(test.client, tag, await lab.call())).toMatchObject({
        state: 'success',
        resource: { server: id },
      });
    } finally {
      withTag.close();
      await tagged.remove();
    }
  });
});
