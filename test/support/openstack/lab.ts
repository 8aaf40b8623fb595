import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What is different between the OpenStacks that these tests run against: `OPENSTACK_LAB` says which one it is. */
const LABS = {
  /** OpenStack Zed, from the packages of this machine. */
  zed: {
    folder: process.env['OPENSTACK_LAB_DIR'] ?? '/tmp/openstack-lab',
    serviceTokenRoles: 'admin',
  },
  /** The newest one, in a Debian of its own. */
  new: {
    folder: process.env['OPENSTACK_LAB_NEW_DIR'] ?? '/tmp/openstack-lab-new',
    serviceTokenRoles: 'service',
  },
};

/** The lab that is tested against. */
export const LAB_KIND: keyof typeof LABS = process.env['OPENSTACK_LAB'] === 'new' ? 'new' : 'zed';

/** Where it keeps its configuration. */
export const LAB_FOLDER = LABS[LAB_KIND].folder;

/** Where the other Debian is, which the newest lab is in. */
export const NEWEST_ROOT = process.env['OPENSTACK_LAB_NEW_ROOT'] ?? join(LABS.new.folder, 'root');

/** Runs a command in the other Debian, which the newest lab is in. */
export const IN_ROOT = join(
  resolve(
    import.meta.dirname,
    '../../..',
    process.env['OPENSTACK_LAB_NEW_HOME'] ?? '../shared/openstack-lab-new',
  ),
  'in-root',
);

const addresses = readAddresses();

/** Its Keystone; the projects alpha and beta, and users whose password is their name. */
export const LAB_KEYSTONE = address('KEYSTONE_URL', 'http://127.0.0.1:5000/v3');

/** Its Nova. */
export const LAB_NOVA = address('NOVA_URL', 'http://127.0.0.1:8774/v2.1').replace(/\/v2\.1$/, '');

/** Its Glance. */
export const LAB_GLANCE = address('GLANCE_URL', 'http://127.0.0.1:9292');

/** Where its Nova publishes notifications. */
export const LAB_NOTIFICATIONS = address('AMQP_URL', 'amqp://guest:guest@127.0.0.1:5672/');

/** The roles that its services take service tokens of. */
export const LAB_SERVICE_TOKEN_ROLES = LABS[LAB_KIND].serviceTokenRoles;

/** Settings of a server that validates tokens against the lab's Keystone. */
export const LAB_SETTINGS = {
  IDENTITY: 'keystone',
  OS_AUTH_URL: LAB_KEYSTONE,
  OS_USERNAME: 'tasktag',
  OS_PASSWORD: 'tasktag',
  OS_PROJECT_NAME: 'service',
};

/**
 * A `clouds.yaml` for whoever has a token, with the services at this port, as docs/keystone.md says. The lab's
 * catalogue names Nova, and the command does not let it be overridden.
 */
export function labClouds(port: number, token: string): string {
  const url = `http://127.0.0.1:${port}`;
  return `clouds:
  with-token:
    auth_type: admin_token
    auth:
      endpoint: ${url}/v2.1
      token: ${token}
    image_endpoint_override: ${url}/image
    network_endpoint_override: ${url}/network
`;
}

/** The file that a lab writes when it is started: `export OPENSTACK_LAB_NOVA_URL=http://…`. */
function readAddresses(): Map<string, string> {
  try {
    const text = readFileSync(join(LAB_FOLDER, 'env'), 'utf8');
    return new Map(
      [...text.matchAll(/^export OPENSTACK_LAB_(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    );
  } catch {
    return new Map();
  }
}

function address(name: string, usual: string): string {
  return addresses.get(name) ?? usual;
}
