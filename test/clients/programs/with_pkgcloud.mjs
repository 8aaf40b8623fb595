// Creates a server with pkgcloud, and deletes it when told to. PKGCLOUD is the folder that it is installed in.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const { env } = process;
const pkgcloud = createRequire(join(env.PKGCLOUD, 'here.js'))('pkgcloud');
const say = (line) => console.log(JSON.stringify(line));

const compute = pkgcloud.compute.createClient({
  provider: 'openstack',
  authUrl: env.OS_AUTH_URL.replace(/\/v3$/, ''),
  keystoneAuthVersion: 'v3',
  username: env.OS_USERNAME,
  password: env.OS_PASSWORD,
  domainName: 'Default',
  tenantName: env.OS_PROJECT_NAME,
  projectDomainName: 'Default',
  region: env.OS_REGION_NAME,
});
compute.before.push((request) => {
  if (env.TASK_TAG) request.headers['Task-tag'] = env.TASK_TAG;
  if (env.CLIENT_TIMEOUT) request.timeout = Number(env.CLIENT_TIMEOUT) * 1000;
});

try {
  const create = { name: env.SERVER_NAME, image: env.IMAGE, flavor: env.FLAVOR };
  const { id } = await promisify(compute.createServer).call(compute, create);
  say({ server: id });
  for await (const _line of createInterface(process.stdin)) {
    await promisify(compute.destroyServer).call(compute, id);
    say({ deleted: id });
    break;
  }
  process.exit(0);
} catch (error) {
  say({ error: error.code ?? error.statusCode ?? error.name, message: error.message });
  process.exit(1);
}
