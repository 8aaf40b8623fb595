import { spawnSync } from 'node:child_process';

/** Services beside the databases that specs may need. A machine that has none leaves those specs out. */
export const SERVICES = {
  Redis: process.env['TEST_REDIS_URL'] ?? 'redis://127.0.0.1:6379',
  RabbitMQ: process.env['TEST_RABBITMQ_URL'] ?? 'amqp://guest:guest@127.0.0.1:5672',
};

/** Specs that need a service. Where there is none, Jest shows them as skipped, and `npm test` says why. */
export function describeWith(service: keyof typeof SERVICES, name: string, specs: () => void): void {
  if (isThere(SERVICES[service])) describe(name, specs);
  else describe.skip(`${name} (left out: no ${service} answers at ${SERVICES[service]})`, specs);
}

/** Jest must know at once what it is to run. */
function isThere(url: string): boolean {
  const { hostname, port } = new URL(url);
  const connect = `require('net').connect(${port}, '${hostname}').on('connect', () => process.exit(0)).on('error', () => process.exit(1))`;
  return spawnSync(process.execPath, ['-e', connect], { timeout: 5000 }).status === 0;
}
