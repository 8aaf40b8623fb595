import type { BenchRequest } from '../requests.js';

/** What is measured. */
export const CASES = ['read', 'read-one', 'update', 'large', 'create', 'duplicate'] as const;

export type CaseName = (typeof CASES)[number];

/** One thing that is measured. */
export interface Case {
  title: string;
  /** Requests under way at the same time. */
  connections: number;
  /** The answer that counts; any other one ends the benchmark. */
  status: number;
  /** Whether each request has a tag of its own, or all the same. */
  tags?: 'own' | 'same';
  request: BenchRequest;
}

/** Some server, and the token of some user; the stand-ins take any. */
const SERVER = '/v2.1/servers/5f2b1c7e-0d8a-4a53-9d1f-7f6a2f3f9c11';
const HEADERS = {
  'X-Auth-Token': `gAAAAA${'bench'.repeat(34)}`,
  'User-Agent': 'python-novaclient',
  Accept: 'application/json',
  'OpenStack-API-Version': 'compute 2.60',
};
const JSON_HEADERS = { ...HEADERS, 'Content-Type': 'application/json' };

/** 0.6 KB, about what a client such as Terraform sends. */
const NEW_SERVER = JSON.stringify({
  server: {
    name: 'web-1',
    imageRef: '70a599e0-31e7-49b7-b260-868f441e862b',
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

/** The same length, in a request that is no task. */
const METADATA = JSON.stringify({ metadata: { role: 'web', note: 'x'.repeat(560) } });

const CREATE = { method: 'POST', path: '/v2.1/servers', headers: JSON_HEADERS, body: NEW_SERVER };
const READ = { method: 'GET', path: '/v2.1/servers/detail', headers: HEADERS };

/** What is measured, and what is sent. */
export const CASE: Record<CaseName, Case> = {
  read: {
    title: 'Passed through: `GET /v2.1/servers/detail`, 2 KB',
    connections: 32,
    status: 200,
    request: READ,
  },
  'read-one': { title: 'The same, one at a time', connections: 1, status: 200, request: READ },
  update: {
    title: 'Passed through: `PUT /v2.1/servers/{id}/metadata`, 0.6 KB up',
    connections: 32,
    status: 200,
    request: { method: 'PUT', path: `${SERVER}/metadata`, headers: JSON_HEADERS, body: METADATA },
  },
  large: {
    title: 'Passed through: a GET of 1 MB, streamed',
    connections: 8,
    status: 200,
    request: { method: 'GET', path: '/v2.1/large?bytes=1048576', headers: HEADERS },
  },
  create: {
    title: 'Tagged creates: `POST /v2.1/servers` with `Task-tag`, 0.6 KB up',
    connections: 32,
    status: 202,
    tags: 'own',
    request: CREATE,
  },
  duplicate: {
    title: 'Duplicates of a tagged create, refused',
    connections: 32,
    status: 409,
    tags: 'same',
    request: CREATE,
  },
};

/** The n-th request of a case. */
export function requestOf(name: CaseName, series: string, n: number): BenchRequest {
  const { request, tags } = CASE[name];
  if (tags === undefined) return request;
  const tag = tags === 'own' ? `${series}-${n}` : series;
  return { ...request, headers: { ...request.headers, 'Task-tag': tag } };
}
