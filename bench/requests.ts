import { CIRROS } from '../test/support/servers.js';

/** What is measured: creating a server with a tag, and asking by a tag what became of a request. */
export const KINDS = ['create', 'look-up'] as const;

export type Kind = (typeof KINDS)[number];

/** Requests under way at the same time. */
export const CONNECTIONS = 32;

/** A request as it goes out. */
export interface BenchRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body?: string;
}

const TOKEN = { 'X-Auth-Token': 'bench:bench' };

/** About what a client such as Terraform sends: 0.5 KB. */
const NEW_SERVER = JSON.stringify({
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

/** The n-th tag of a series; all tags are equally long, so that all answers are. */
export function tagOf(series: string, n: number): string {
  return `${series}-${String(n).padStart(8, '0')}`;
}

/** The request of one kind with a tag, the same to every server. */
export function requestFor(kind: Kind, tag: string): BenchRequest {
  if (kind === 'look-up') return { method: 'GET', path: `/v3/servers/${tag}/tasks`, headers: TOKEN };
  return {
    method: 'POST',
    path: '/v3/servers',
    headers: {
      ...TOKEN,
      'Task-tag': tag,
      'Content-Type': 'application/json',
      'OpenStack-API-Version': 'compute 2.60',
    },
    body: NEW_SERVER,
  };
}
