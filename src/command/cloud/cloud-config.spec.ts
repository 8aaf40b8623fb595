import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cloudConfig, type CloudOptions } from './cloud-config.js';
import { readCloudFiles } from './config-files.js';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tasktag-clouds-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** As in the folder `here`, with the home `home`. */
const read = (env: Record<string, string> = {}, options: CloudOptions = {}) => {
  const all = { HOME: join(root, 'home'), XDG_CONFIG_DIRS: join(root, 'xdg'), ...env };
  return cloudConfig(readCloudFiles(all, join(root, 'here')), all, options);
};
const named = (user: string) => `clouds: {one: {auth: {username: ${user}}}}`;

describe('clouds.yaml', () => {
  it('is the one that OS_CLIENT_CONFIG_FILE names, or of this folder, of the user, of the machine', () => {
    file('xdg/openstack/clouds.yaml', named('machine'));
    expect(read().auth['username']).toBe('machine');
    file('home/.config/openstack/clouds.yml', named('home'));
    expect(read().auth['username']).toBe('home');
    file('elsewhere/openstack/clouds.json', '{"clouds": {"one": {"auth": {"username": "xdg"}}}}');
    expect(read({ XDG_CONFIG_HOME: join(root, 'elsewhere') }).auth['username']).toBe('xdg');
    file('here/clouds.yaml', named('here'));
    expect(read().auth['username']).toBe('here');
    const OS_CLIENT_CONFIG_FILE = file('mine.yaml', named('mine'));
    expect(read({ OS_CLIENT_CONFIG_FILE }).auth['username']).toBe('mine');
  });

  it('is completed by secure.yaml, which may be in another place', () => {
    file('here/clouds.yaml', 'clouds: {one: {auth: {username: ann, password: old}, region_name: R1}}');
    file('home/.config/openstack/secure.yaml', 'clouds: {one: {auth: {password: new}}}');
    expect(read()).toMatchObject({ auth: { username: 'ann', password: 'new' }, region: 'R1' });
  });

  it('may have profiles, in clouds-public.yaml', () => {
    file('here/clouds.yaml', 'clouds: {one: {profile: big, auth: {username: ann}}}');
    expect(() => read()).toThrow('The profile big of the cloud one is not in clouds-public.yaml.');
    file(
      'here/clouds-public.yaml',
      'public-clouds: {big: {auth: {auth_url: https://big}, interface: internal}}',
    );
    expect(read()).toMatchObject({
      auth: { username: 'ann', auth_url: 'https://big' },
      interface: 'internal',
    });
  });

  it('that is broken is named, and not quoted: it has passwords', () => {
    const path = file('here/clouds.yaml', 'clouds: {one: {auth: {password: "secret');
    expect(() => read()).toThrow(new Error(`${path} is no valid YAML.`));
    file('here/clouds.yaml', '- a list');
    expect(() => read()).toThrow(/it must begin with "clouds:"/);
  });
});

describe('the cloud', () => {
  const two = 'clouds: {one: {auth: {username: ann}}, two: {auth: {username: bob}}}';

  it('is that of --os-cloud, of OS_CLOUD, or the only one', () => {
    file('here/clouds.yaml', two);
    expect(read({ OS_CLOUD: 'two' }).auth['username']).toBe('bob');
    expect(read({ OS_CLOUD: 'two' }, { cloud: 'one' }).auth['username']).toBe('ann');
    expect(() => read()).toThrow(/Which cloud\?.*clouds\.yaml has one, two/);
    expect(() => read({ OS_CLOUD: 'three' })).toThrow(
      'There is no cloud three in clouds.yaml. It has one, two.',
    );
  });

  it('is that of the variables alone when there are some and no cloud is named', () => {
    file('here/clouds.yaml', named('ann'));
    expect(read({ OS_REGION_NAME: 'R1' }).auth['username']).toBe('ann');
    expect(read({ OS_AUTH_URL: 'https://k' }).auth).toEqual({ auth_url: 'https://k' });
  });

  it('is changed by variables, but not by empty ones', () => {
    file('here/clouds.yaml', 'clouds: {one: {auth: {username: ann, password: a}, interface: public}}');
    const env = { OS_CLOUD: 'one', OS_PASSWORD: 'b', OS_USERNAME: '', OS_ENDPOINT_TYPE: 'internalURL' };
    expect(read(env)).toMatchObject({ auth: { username: 'ann', password: 'b' }, interface: 'internal' });
    expect(read(env, { interface: 'admin' }).interface).toBe('admin');
  });

  it('has regions, of which one is asked for, or the first', () => {
    file(
      'here/clouds.yaml',
      'clouds: {one: {regions: [R1, {name: R2, values: {auth: {auth_url: "https://r2"}}}]}}',
    );
    expect(read().region).toBe('R1');
    expect(read({ OS_REGION_NAME: 'R2' })).toMatchObject({ region: 'R2', auth: { auth_url: 'https://r2' } });
    expect(read({ OS_REGION_NAME: 'R2' }, { region: 'R1' }).region).toBe('R1');
    expect(() => read({}, { region: 'R3' })).toThrow('The cloud one has no region R3. It has R1, R2.');
  });

  it.each([
    ['{}', true],
    ['{verify: false}', false],
    ['{insecure: true}', false],
    ['{insecure: "True"}', false],
    ['{verify: "false"}', false],
  ])('%s: whether certificates are checked is %p', (cloud, verify) => {
    file('here/clouds.yaml', `clouds: {one: ${cloud}}`);
    expect(read().verify).toBe(verify);
    expect(read({}, { insecure: true }).verify).toBe(false);
  });

  it('may have old names, values outside of auth, and one domain for user and project', () => {
    file(
      'here/clouds.yaml',
      'clouds: {one: {username: ann, auth: {auth-url: "https://{region_name}.k", tenant_name: t, domain_name: d}, region_name: R1}}',
    );
    expect(read().auth).toEqual({
      auth_url: 'https://R1.k',
      username: 'ann',
      project_name: 't',
      user_domain_name: 'd',
      project_domain_name: 'd',
    });
    file('here/clouds.yaml', 'clouds: {one: {auth: {username: ann, project_id: 7}}}');
    expect(read().auth).toEqual({ username: 'ann', project_id: '7', user_domain_id: 'default' });
    expect(read({ OS_CLOUD: 'one', OS_DEFAULT_DOMAIN: 'd' }).auth).toMatchObject({ user_domain_id: 'd' });
  });
});
