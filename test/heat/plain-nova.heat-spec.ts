import { HeatCloud, server } from '../support/openstack/heat-cloud.js';

jest.setTimeout(300_000);

describe('Heat with the plugin, at a Nova without Tasktag', () => {
  let cloud: HeatCloud;
  beforeAll(async () => {
    cloud = await HeatCloud.make({ withGateway: false });
  });
  afterAll(async () => {
    await cloud.close();
  });

  it('does what Heat does alone', async () => {
    const sized = (flavor: string) => ({ vm: server('plain', { flavor }) });
    expect(await cloud.stacks.create('plain', sized('m1.nano'))).toBe('CREATE_COMPLETE');
    expect(await cloud.stacks.suspend('plain')).toBe('SUSPEND_COMPLETE');
    expect(await cloud.stacks.resume('plain')).toBe('RESUME_COMPLETE');
    expect(await cloud.stacks.update('plain', sized('m1.micro'))).toBe('UPDATE_COMPLETE');
    expect(await cloud.flavors()).toEqual(['m1.micro']);
    expect(await cloud.stacks.delete('plain')).toBe('DELETE_COMPLETE');
    expect(await cloud.serverStates()).toEqual([]);
  });

  it('gives the error that Heat gives alone, when Nova refuses and when an answer is lost', async () => {
    const elsewhere = { vm: server('elsewhere', { availability_zone: 'nozone' }) };
    expect(await cloud.stacks.create('elsewhere', elsewhere)).toMatch(
      /^CREATE_FAILED: .*The requested availability zone is not available/,
    );
    cloud.way.trouble = 'page';
    expect(await cloud.stacks.create('lost', { vm: server('lost') })).toMatch(/^CREATE_FAILED: .*HTTP 504/);
    cloud.way.trouble = null;
    for (const name of ['elsewhere', 'lost']) expect(await cloud.stacks.delete(name)).toBe('DELETE_COMPLETE');
  });
});
