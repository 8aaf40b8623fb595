// Runs a part of Tempest, the OpenStack project's own acceptance tests, against a lab's Nova through the gateway.
//
// npm run test:tempest                            a part that takes a few minutes npm run test:tempest --
// 'tempest\.api\.compute'  everything on compute
//
// The lab is the one with Zed, or with OPENSTACK_LAB=new the newest one: see scripts/labs.js.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { addressesOf, homeOf, whyNoLab } from './labs.js';

const SERVERS =
  'create_server|delete_server|instance_actions|multiple_create|server_actions|server_metadata|server_tags|servers';
const PART = `tempest\\.api\\.compute\\.(servers\\.test_(${SERVERS})\\.|flavors|keypairs|test_versions)`;

const root = join(import.meta.dirname, '..');
const kind = process.env.OPENSTACK_LAB === 'new' ? 'new' : 'zed';
const command = join(resolve(root, homeOf(kind)), 'tempest-run');
const tests = process.argv[2] ?? PART;

const missing = existsSync(command) ? await whyNoLab(kind) : `there is no ${command}`;
if (missing !== null) {
  console.log(`left out: Tempest: ${missing}`);
  process.exit(0);
}
const { KEYSTONE_URL, NOVA_URL, AMQP_URL } = addressesOf(kind);

const folder = mkdtempSync(join(tmpdir(), 'tasktag-tempest-'));
const gateway = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
  cwd: folder,
  stdio: ['ignore', 'pipe', 'inherit'],
  env: {
    PATH: process.env.PATH,
    PORT: '0',
    // Nobody reads its output while Tempest runs.
    LOG_LEVEL: 'silent',
    DATABASE_URL: `sqlite:${join(folder, 'tasktag.sqlite')}`,
    COMPUTE: 'nova',
    NOVA_URL: new URL(NOVA_URL).origin,
    NOTIFICATIONS_URL: AMQP_URL,
    NOTIFICATIONS_QUEUE: `tasktag-tempest-${process.pid}`,
    IDENTITY: 'keystone',
    OS_AUTH_URL: KEYSTONE_URL,
    OS_USERNAME: 'tasktag',
    OS_PASSWORD: 'tasktag',
    OS_PROJECT_NAME: 'service',
  },
});

const url = await new Promise((found, failed) => {
  let output = '';
  gateway.stdout.on('data', (chunk) => {
    output = (output + chunk).slice(-100_000);
    const listens = /listens on (http:\S+)/.exec(output)?.[1];
    if (listens) found(listens);
  });
  gateway.once('exit', (code) => failed(new Error(`The gateway ended with ${code}.`)));
});
gateway.removeAllListeners('exit');

const { status } = spawnSync(command, [tests], {
  stdio: 'inherit',
  env: { ...process.env, COMPUTE_ENDPOINT: `${url}/v2.1`, TEMPEST_NAME: 'gateway' },
});
gateway.kill();
rmSync(folder, { recursive: true });
process.exit(status ?? 1);
