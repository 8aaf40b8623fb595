import { createDatabase, type TestDatabase } from '../support/database/database.js';
import { Cli } from '../support/server/cli.js';
import { ServerProcess } from '../support/server/server-process.js';
import { createServer, untilServer } from '../support/server/servers.js';

const NEWEST = '--os-compute-api-version 2.60';

// Each command takes more than a second, most of it in the client: so tests run at the same time, and each of them
// takes as long as the machine is slow.
jest.setTimeout(300_000);

describe('the openstack command', () => {
  let database: TestDatabase;
  let server: ServerProcess;
  let cli: Cli;
  beforeAll(async () => {
    database = await createDatabase();
    server = await ServerProcess.start({ DATABASE_URL: database.url, EMBEDDED_TASK_MS: '200' });
    cli = new Cli(server.port);
  });
  afterAll(async () => {
    cli.close();
    await server.stop();
    await database.drop();
  });

  /** Commands without `--wait` return while the server is still changing. */
  function until(id: string, status: string) {
    return untilServer(
      server.client,
      id,
      (one) => one.status === status && one['OS-EXT-STS:task_state'] === null,
    );
  }

  it.concurrent('lists what there is to choose from', async () => {
    const names = (rows: { Name: string }[]) => rows.map(({ Name }) => Name);
    expect(names(await cli.json('flavor list'))).toContain('m1.tiny');
    expect(names(await cli.json('image list'))).toEqual(expect.arrayContaining(['cirros', 'ubuntu-24.04']));
    expect(names(await cli.json('network list'))).toEqual(['private', 'public']);
    expect(await cli.json('availability zone list')).toEqual([
      { 'Zone Name': 'nova', 'Zone Status': 'available' },
    ]);
    expect(await cli.json('limits show --absolute')).toContainEqual({
      Name: 'maxTotalInstances',
      Value: 10000,
    });
    expect(await cli.json('quota show')).toMatchObject({ project: 'demo', instances: 10000 });
    expect(await cli.do('keypair create my-key')).toContain('PRIVATE KEY');
    expect(names(await cli.json('keypair list'))).toEqual(['my-key']);
  });

  it.concurrent('creates a server by names, shows it, lists its events and deletes it', async () => {
    const created = await cli.json(
      'server create --flavor m1.tiny --image cirros --network private --property a=b --wait vm1',
    );
    expect(created).toMatchObject({ name: 'vm1', status: 'ACTIVE', flavor: 'm1.tiny (1)' });
    expect(await cli.json('server list --name vm1')).toEqual([
      expect.objectContaining({ Name: 'vm1', Status: 'ACTIVE', Image: 'cirros', Flavor: 'm1.tiny' }),
    ]);

    await cli.do('server add network vm1 public');
    await cli.do('server set --name renamed --property x=y vm1');
    await cli.do('server unset --property a renamed');
    expect(await cli.json('server show renamed')).toMatchObject({
      id: created.id,
      addresses: { private: [expect.any(String)], public: [expect.any(String)] },
      properties: { x: 'y' },
    });
    await cli.do('server remove network renamed public');

    const events = await cli.json('server event list renamed');
    expect(events.map(({ Action }: { Action: string }) => Action)).toEqual([
      'detach_interface',
      'attach_interface',
      'create',
    ]);
    expect(await cli.json('server event show renamed', events.at(-1)['Request ID'])).toMatchObject({
      action: 'create',
      instance_uuid: created.id,
      project_id: 'demo',
    });

    await cli.do('server delete --wait renamed');
    expect(await cli.failing('server show renamed')).toContain(
      "No server with a name or ID of 'renamed' exists",
    );
  });

  it.concurrent('stops, starts, reboots, pauses and suspends a server', async () => {
    const id = await createServer(server.client, { name: 'power' });
    await cli.do('server stop power');
    await until(id, 'SHUTOFF');
    await cli.do('server start power');
    await until(id, 'ACTIVE');
    await cli.do('server reboot --wait power');
    await cli.do('server reboot --hard --wait power');
    await cli.do('server pause power');
    await until(id, 'PAUSED');
    await cli.do('server unpause power');
    await until(id, 'ACTIVE');
    await cli.do('server suspend power');
    await until(id, 'SUSPENDED');
    await cli.do('server resume power');
    await until(id, 'ACTIVE');
  });

  it.concurrent('resizes a server and confirms, resizes and reverts, rebuilds and rescues it', async () => {
    const id = await createServer(server.client, { name: 'size' });
    await cli.do('server resize --flavor m1.small --wait size');
    await cli.do('server resize confirm size');
    expect((await until(id, 'ACTIVE')).flavor.original_name).toBe('m1.small');
    await cli.do('server resize --flavor m1.medium --wait size');
    await cli.do('server resize revert size');
    expect((await until(id, 'ACTIVE')).flavor.original_name).toBe('m1.small');
    await cli.do('server rebuild --image ubuntu-24.04 --wait size');
    await cli.do('server rescue size');
    await until(id, 'RESCUE');
    await cli.do('server unrescue size');
    await until(id, 'ACTIVE');
  });

  it.concurrent('shelves, locks and images a server', async () => {
    await createServer(server.client, { name: 'shelf' });
    await cli.do('server shelve --wait shelf');
    await cli.do('server unshelve --wait shelf');
    await cli.do('server lock shelf');
    expect(await cli.failing('server stop shelf')).toMatch(/Instance .* is locked \(HTTP 409\)/);
    await cli.do('server unlock shelf');
    expect(await cli.json('server image create --wait --name snapshot shelf')).toMatchObject({
      name: 'snapshot',
      status: 'active',
    });
  });

  it.concurrent('works at microversion 2.60', async () => {
    const created = await cli.json(
      `${NEWEST} server create --flavor m1.tiny --image cirros --nic auto --description mine --tag web --wait new`,
    );
    expect(created).toMatchObject({ status: 'ACTIVE', description: 'mine', tags: ['web'], locked: false });
    expect(await cli.json(`${NEWEST} server list --tags web`)).toEqual([
      expect.objectContaining({ Name: 'new', Flavor: 'm1.tiny' }),
    ]);
    await cli.do(`${NEWEST} server stop new`);
    await until(created.id, 'SHUTOFF');
    const [event] = await cli.json(`${NEWEST} server event list --long --limit 1 new`);
    expect(event).toMatchObject({ Action: 'stop', 'User ID': 'alice' });
    expect(await cli.json(`${NEWEST} server image create --wait --name newer-snapshot new`)).toMatchObject({
      status: 'active',
    });
    await cli.do(`${NEWEST} server delete --wait new`);
  });

  it.concurrent('creates servers without a network', async () => {
    const created = await cli.json(
      '--os-compute-api-version 2.37 server create --flavor 1 --image cirros --nic none --min 2 --max 2 --wait none',
    );
    expect(created).toMatchObject({ name: 'none-1', status: 'ACTIVE', addresses: {} });
  });

  it.concurrent('does without the identity service, with the token user:project', async () => {
    const created = await cli.json(
      '--os-cloud no-identity server create --flavor m1.tiny --image cirros --network private --wait plain',
    );
    expect(created).toMatchObject({ status: 'ACTIVE', user_id: 'alice', project_id: 'demo' });
    expect(await cli.json('--os-cloud no-identity server list --name plain')).toEqual([
      expect.objectContaining({ ID: created.id, Image: 'cirros', Flavor: 'm1.tiny' }),
    ]);
  });

  it.concurrent('says why a server could not be made', async () => {
    // The command says so on stdout, and ends with 0.
    const said = await cli.do(
      'server create --flavor m1.tiny --image cirros --property simulate=fail --wait bad',
    );
    expect(said).toContain('Error creating server');
    expect(await cli.json('server show bad')).toMatchObject({
      status: 'ERROR',
      fault: { message: expect.stringContaining('No valid host was found') },
    });
  });
});
