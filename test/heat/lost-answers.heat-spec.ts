import { HeatCloud, server } from '../support/openstack/heat-cloud.js';
import { until } from '../support/until.js';

jest.setTimeout(300_000);

describe('Heat with the plugin, when answers of the gateway are lost', () => {
  let cloud: HeatCloud;
  beforeAll(async () => {
    cloud = await HeatCloud.make();
  });
  afterEach(async () => {
    cloud.way.trouble = null;
    await cloud.stacks.deleteAll();
  });
  afterAll(async () => {
    await cloud.close();
  });

  it.each(['reset', 'page'] as const)('makes one server, and the stack is complete: %s', async (trouble) => {
    cloud.way.trouble = trouble;
    expect(await cloud.stacks.create('one', { vm: server('one') })).toBe('CREATE_COMPLETE');
    const [{ physical_resource_id: id }] = await cloud.stacks.resources('one');
    expect(await cloud.serverStates()).toEqual([`${id} ACTIVE`]);
    expect(await cloud.tags()).toEqual([expect.stringMatching(/^heat-[0-9a-f-]{36}-create-1$/)]);

    expect(await cloud.stacks.delete('one')).toBe('DELETE_COMPLETE');
    expect(await cloud.serverStates()).toEqual([]);
  });

  it('makes three servers of a group, though the requests are equal', async () => {
    const group = {
      type: 'OS::Heat::ResourceGroup',
      properties: { count: 3, resource_def: server('twin') },
    };
    cloud.way.trouble = 'reset';
    expect(await cloud.stacks.create('three', { group })).toBe('CREATE_COMPLETE');
    cloud.way.trouble = null;
    const ids = (await cloud.stacks.resources('three'))
      .filter(({ resource_type }) => resource_type === 'OS::Nova::Server')
      .map(({ physical_resource_id }) => physical_resource_id as string);
    expect(await cloud.serverStates()).toEqual(ids.map((id) => `${id} ACTIVE`).sort());

    expect(await cloud.stacks.delete('three')).toBe('DELETE_COMPLETE');
    expect(await cloud.serverStates()).toEqual([]);
  });

  it('suspends and resumes twice', async () => {
    await cloud.stacks.create('tired', { vm: server('tired') });
    for (const trouble of ['reset', 'page'] as const) {
      cloud.way.trouble = trouble;
      expect(await cloud.stacks.suspend('tired')).toBe('SUSPEND_COMPLETE');
      expect(await cloud.serverStates()).toEqual([expect.stringContaining('SUSPENDED')]);
      expect(await cloud.stacks.resume('tired')).toBe('RESUME_COMPLETE');
      expect(await cloud.serverStates()).toEqual([expect.stringContaining('ACTIVE')]);
    }
  });

  it('resizes to a flavor, back, and there again', async () => {
    const sized = (flavor: string) => ({ vm: server('sized', { flavor }) });
    await cloud.stacks.create('sized', sized('m1.nano'));
    for (const [flavor, trouble] of [
      ['m1.micro', 'reset'],
      ['m1.nano', 'page'],
      ['m1.micro', null],
    ] as const) {
      cloud.way.trouble = trouble;
      expect(await cloud.stacks.update('sized', sized(flavor))).toBe('UPDATE_COMPLETE');
      expect(await cloud.flavors()).toEqual([flavor]);
    }
  });

  it('rebuilds, and attaches one interface', async () => {
    await cloud.stacks.create('changed', { vm: server('changed') });
    cloud.way.trouble = 'reset';
    const rebuilt = { image: 'tiny-alt' };
    expect(await cloud.stacks.update('changed', { vm: server('changed', rebuilt) })).toBe('UPDATE_COMPLETE');
    const attached = { ...rebuilt, networks: [{ network: 'alpha-net' }] };
    expect(await cloud.stacks.update('changed', { vm: server('changed', attached) })).toBe('UPDATE_COMPLETE');
    const [{ physical_resource_id: id }] = await cloud.stacks.resources('changed');
    const { json } = await cloud.lab.nova.get(`/v2.1/servers/${id}/os-interface`, await cloud.user.call());
    expect(json.interfaceAttachments).toHaveLength(1);
    expect(await cloud.serverStates()).toEqual([`${id} ACTIVE`]);
  });

  it('makes another server when the first one became ERROR, since that is no duplicate', async () => {
    const flavor = await cloud.lab.hugeFlavor();
    const before = cloud.way.said.length;
    cloud.way.trouble = 'reset';
    cloud.way.sparesRefusals = true;
    const end = await cloud.stacks.create('huge', { vm: server('huge', { flavor }) });
    expect(end).toMatch(/^CREATE_FAILED: .*No valid host/);
    const creates = cloud.way.said.slice(before).filter(({ path }) => path.endsWith('/servers'));
    expect(creates.filter(({ status }) => status === 202)).toHaveLength(2);
  });

  describe('whose engine is killed when Nova has accepted a server, and before it knows which', () => {
    beforeEach(async () => {
      cloud.way.trouble = 'silence';
      const before = cloud.way.said.length;
      await cloud.stacks.begin('killed', { vm: server('killed') });
      await until('Nova to accept a server', () => cloud.way.said.length > before, 60_000);
      await cloud.heat.killEngine();
      cloud.way.trouble = null;
      await cloud.heat.startEngine();
    });

    it('an update takes the server over, and a delete leaves nothing', async () => {
      const [made] = await cloud.user.servers();
      await cloud.lab.untilStatus(made.id as string, 'ACTIVE');
      expect(await cloud.stacks.update('killed', { vm: server('killed') })).toBe('UPDATE_COMPLETE');
      const [{ physical_resource_id: id }] = await cloud.stacks.resources('killed');
      expect(id).toBe(made.id);
      expect(await cloud.serverStates()).toEqual([`${id} ACTIVE`]);

      expect(await cloud.stacks.delete('killed')).toBe('DELETE_COMPLETE');
      expect(await cloud.serverStates()).toEqual([]);
    });

    it('a delete leaves nothing', async () => {
      expect(await cloud.stacks.delete('killed')).toBe('DELETE_COMPLETE');
      expect(await cloud.serverStates()).toEqual([]);
    });
  });
});
