import { type BenchRequest, createServer, lookUp, postOrder } from './requests.js';

/** Requests under way at the same time. */
const CONNECTIONS = 64;

/** One kind of load. */
export interface Case {
  title: string;
  /** Requests under way at the same time. */
  connections: number;
  /** The answer that counts; any other one ends the benchmark. */
  status: number;
  /** Whether each request has a tag of its own, or one of those that were sent before. */
  tags: 'fresh' | 'known';
  request: (tag: string) => BenchRequest;
}

/** What is sent, by what a user would call it. */
export const CASES = {
  first: {
    title: 'first request',
    connections: CONNECTIONS,
    status: 202,
    tags: 'fresh',
    request: postOrder,
  },
  lone: { title: 'lone request', connections: 1, status: 202, tags: 'fresh', request: postOrder },
  duplicate: {
    title: 'duplicate',
    connections: CONNECTIONS,
    status: 409,
    tags: 'known',
    request: postOrder,
  },
  create: {
    title: 'tagged create',
    connections: CONNECTIONS,
    status: 202,
    tags: 'fresh',
    request: createServer,
  },
  'look-up': {
    title: 'look-up by tag',
    connections: CONNECTIONS,
    status: 200,
    tags: 'known',
    request: lookUp,
  },
  'lone look-up': {
    title: 'lone look-up by tag',
    connections: 1,
    status: 200,
    tags: 'known',
    request: lookUp,
  },
} as const satisfies Record<string, Case>;

export type CaseName = keyof typeof CASES;

/** The tags that are known, of the cases that ask for such. */
export const KNOWN = { series: 'known-tag', tags: 1000 };
