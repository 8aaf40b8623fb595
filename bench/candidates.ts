import { type Handler, startHandler } from './handlers.js';
import type { HowStarted, Measured } from './servers.js';
import { startBareRoute, startStandAlone } from './stand-alone.js';
import type { Stage } from './stage.js';

/** What must be there for a candidate. */
export type Need = 'mariadb' | 'redis' | 'peers' | 'workers';

/** Something that is measured. */
export interface Candidate {
  title: string;
  needs: Need[];
  start: (stage: Stage, how?: HowStarted) => Promise<Measured>;
}

/** All that is measured: handlers, which do the same work in different ways, and the stand-alone server. */
export const CANDIDATES = {
  tracked: handler({
    title: '`@Tracked()`, MariaDB',
    app: 'tracked.ts',
    database: 'mariadb',
    repeat: 409,
  }),
  typeorm: handler({
    title: 'TypeORM, MariaDB',
    app: 'typeorm-per-request.ts',
    database: 'mariadb',
    repeat: 409,
  }),
  idempotency: handler({
    title: '`@node-idempotency/nestjs`, Redis',
    app: 'node-idempotency.ts',
    database: 'redis',
    repeat: 202,
    needs: ['peers'],
  }),
  'idempotency-memory': handler({
    title: '`@node-idempotency/nestjs`, memory',
    app: 'node-idempotency.ts',
    database: 'none',
    repeat: 202,
    needs: ['peers'],
  }),
  untracked: handler({
    title: 'a handler with nothing',
    app: 'untracked.ts',
    database: 'none',
    repeat: 202,
  }),
  statements: handler({
    title: 'two prepared statements, MariaDB',
    app: 'two-statements.ts',
    database: 'mariadb',
    repeat: 409,
  }),
  grouped: handler({
    title: 'grouped writer, MariaDB',
    app: 'grouped-writer.ts',
    database: 'mariadb',
    repeat: 409,
  }),
  'grouped-nest': handler({
    title: 'grouped writer in Nest, MariaDB',
    app: 'grouped-interceptor.ts',
    database: 'mariadb',
    repeat: 409,
  }),
  'tracked-sqlite': handler({
    title: '`@Tracked()`, SQLite',
    app: 'tracked.ts',
    database: 'sqlite',
    repeat: 409,
  }),
  'typeorm-sqlite': handler({
    title: 'TypeORM, SQLite',
    app: 'typeorm-per-request.ts',
    database: 'sqlite',
    repeat: 409,
  }),
  bare: { title: 'bare Fastify route', needs: [], start: startBareRoute },
  'server-sqlite': standAlone('stand-alone server, SQLite', 'sqlite'),
  'server-mariadb': standAlone('stand-alone server, MariaDB', 'mariadb'),
  'one-worker': standAlone('stand-alone server, MariaDB, 1 worker', 'mariadb', 1),
  'two-workers': standAlone('stand-alone server, MariaDB, 2 workers', 'mariadb', 2),
} as const satisfies Record<string, Candidate>;

export type CandidateName = keyof typeof CANDIDATES;

function handler({ needs = [], ...what }: Handler & { needs?: Need[] }): Candidate {
  const { title, database } = what;
  return {
    title,
    needs: [...needs, ...(database === 'redis' || database === 'mariadb' ? [database] : [])],
    start: (stage, how) => startHandler(stage, what, how),
  };
}

function standAlone(title: string, kind: 'sqlite' | 'mariadb', workers?: number): Candidate {
  return {
    title,
    needs: [...(kind === 'mariadb' ? ['mariadb' as const] : []), ...(workers ? ['workers' as const] : [])],
    start: (stage, how) => startStandAlone(stage, title, kind, workers, how),
  };
}
