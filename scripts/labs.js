// The OpenStacks on this machine that the gateway is tested against, each made by a folder of commands (`up`,
// `tempest-run`): the newest release, and Zed. A lab that has been started has an `env` in its own folder, with its
// addresses.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const LABS = {
  new: {
    title: 'the newest OpenStack',
    home: process.env.OPENSTACK_LAB_NEW_HOME ?? '../shared/openstack-lab-new',
    folder: process.env.OPENSTACK_LAB_NEW_DIR ?? '/tmp/openstack-lab-new',
  },
  zed: {
    title: 'OpenStack Zed',
    home: process.env.OPENSTACK_LAB_HOME ?? '../shared/openstack-lab',
    folder: process.env.OPENSTACK_LAB_DIR ?? '/tmp/openstack-lab',
  },
};

/** Where the commands of a lab are, seen from the project's folder. */
export function homeOf(kind) {
  return LABS[kind].home;
}

/** The reason why a lab cannot be used for tests; `null` when it can. */
export async function whyNoLab(kind) {
  const { title, folder } = LABS[kind];
  const addresses = addressesOf(kind);
  if (addresses === null) return `${title} was not started here (there is no ${join(folder, 'env')})`;
  try {
    await fetch(addresses.KEYSTONE_URL, { signal: AbortSignal.timeout(3000) });
    return null;
  } catch {
    return `the Keystone of ${title} does not answer at ${addresses.KEYSTONE_URL}`;
  }
}

/** The addresses of a lab's services, such as `KEYSTONE_URL`; `null` when it was never started. */
export function addressesOf(kind) {
  try {
    const text = readFileSync(join(LABS[kind].folder, 'env'), 'utf8');
    const lines = text.matchAll(/^export OPENSTACK_LAB_(\w+)=(.*)$/gm);
    return Object.fromEntries([...lines].map(([, name, value]) => [name, value]));
  } catch {
    return null;
  }
}
