import { CIRROS } from '../test/support/server/servers.js';

/** A request as it goes out. */
export interface BenchRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

const TOKEN = { 'X-Auth-Token': 'bench:bench' };

/** About what a client such as Terraform sends: 0.5 KB. */
export const NEW_SERVER = JSON.stringify({
  server: {
    name: 'web-1',
    imageRef: CIRROS,
    flavorRef: '1',
    availability_zone: 'nova',
    config_drive: false,
    metadata: { role: 'web', team: 'billing', environment: 'production', release: '2026.1' },
    tags: ['web', 'billing'],
    networks: 'auto',
    security_groups: [{ name: 'default' }],
    user_data: Buffer.from('#cloud-config\npackages: [nginx]\n'.repeat(5)).toString('base64'),
  },
});

/** 600 bytes, with as many keys as such things have. */
const NEW_ORDER = JSON.stringify({
  order: {
    customer: '5f2b1c7e-0d8a-4a53-9d1f-7f6a2f3f9c11',
    currency: 'EUR',
    reference: 'PO-2026-004711',
    priority: false,
    delivery: {
      name: 'Erika Mustermann',
      street: 'Heidestrasse 17',
      city: 'Berlin',
      postcode: '10557',
      country: 'DE',
    },
    items: [
      { sku: 'A-100-200', count: 2, price: 19.99, options: { color: 'black', size: 'M' } },
      { sku: 'B-300-400', count: 1, price: 249.5, options: { color: 'silver', size: null } },
      { sku: 'C-500-600', count: 12, price: 0.99, options: {} },
    ],
    labels: ['web', 'returning', 'newsletter'],
    note: 'Please leave it with the neighbours when nobody is at home; no bell works.',
  },
});

/** The n-th tag of a series; all tags are equally long, so that all answers are. */
export function tagOf(series: string, n: number): string {
  return `${series}-${String(n).padStart(8, '0')}`;
}

/** Creates a server at the stand-alone server. */
export const createServer = (tag: string): BenchRequest => ({
  method: 'POST',
  path: '/v3/servers',
  headers: {
    ...TOKEN,
    'Task-tag': tag,
    'Content-Type': 'application/json',
    'OpenStack-API-Version': 'compute 2.60',
  },
  body: NEW_SERVER,
});

/** Asks the stand-alone server by a tag what became of a request. */
export const lookUp = (tag: string): BenchRequest => ({
  method: 'GET',
  path: `/v3/servers/${tag}/tasks`,
  headers: TOKEN,
});

/** The request to a handler, the same to each candidate: some call the tag a key. */
export const postOrder = (tag: string): BenchRequest => ({
  method: 'POST',
  path: '/orders',
  headers: { 'Task-tag': tag, 'Idempotency-Key': tag, 'Content-Type': 'application/json' },
  body: NEW_ORDER,
});
