import type { FigureName } from './figures.js';
import { atLeast, atMost, type Target } from './report/row.js';
import type { Side } from './side.js';

/** Ours beside another one. */
export interface Comparison {
  /** Stable, for programs. */
  id: string;
  part: 'handlers' | 'sqlite' | 'server' | 'workers' | 'beside';
  ours: Side;
  against: Side;
  figure: FigureName;
  target: Target | null;
  /** Whether it is nearly the same in each run: CPU is, and what is bound by CPU on both sides. */
  isSteady: boolean;
}

/** What is compared, and what it should be. A target is what we want, reached or not. */
export const COMPARISONS: Comparison[] = [
  row('typeorm', 'handlers', ['tracked', 'first'], ['typeorm', 'first'], 'rate', atLeast(5)),
  row('typeorm-cpu', 'handlers', ['tracked', 'first'], ['typeorm', 'first'], 'cpu', null, 'steady'),
  // Not steady: the slower MariaDB commits, the more writes go together, and Redis has no part in that.
  row('node-idempotency-cpu', 'handlers', ['tracked', 'first'], ['idempotency', 'first'], 'cpu', atMost(1)),
  row('nothing-cpu', 'handlers', ['tracked', 'first'], ['untracked', 'first'], 'cpu', atMost(2.1)),
  row('nothing', 'handlers', ['tracked', 'first'], ['untracked', 'first'], 'rate', null),
  row('node-idempotency', 'handlers', ['tracked', 'first'], ['idempotency', 'first'], 'rate', null),
  row('peer-nothing-cpu', 'handlers', ['idempotency', 'first'], ['untracked', 'first'], 'cpu', null),
  row('statements', 'handlers', ['tracked', 'first'], ['statements', 'first'], 'rate', atLeast(2)),
  row('statements-cpu', 'handlers', ['tracked', 'first'], ['statements', 'first'], 'cpu', null, 'steady'),
  row('limit', 'handlers', ['tracked', 'first'], ['grouped', 'first'], 'rate', atLeast(0.9)),
  row('limit-cpu', 'handlers', ['tracked', 'first'], ['grouped', 'first'], 'cpu', null),
  row('nest-limit', 'handlers', ['tracked', 'first'], ['grouped-nest', 'first'], 'rate', null),
  row('nest-limit-cpu', 'handlers', ['tracked', 'first'], ['grouped-nest', 'first'], 'cpu', null),
  row('nest-limit-nothing-cpu', 'handlers', ['grouped-nest', 'first'], ['untracked', 'first'], 'cpu', null),
  row('lone', 'handlers', ['tracked', 'lone'], ['statements', 'lone'], 'p50', atMost(1.05)),
  row(
    'duplicate-cpu',
    'handlers',
    ['tracked', 'duplicate'],
    ['tracked', 'first'],
    'cpu',
    atMost(0.6),
    'steady',
  ),
  row('sqlite', 'sqlite', ['tracked-sqlite', 'first'], ['typeorm-sqlite', 'first'], 'rate', atLeast(6)),
  row(
    'sqlite-cpu',
    'sqlite',
    ['tracked-sqlite', 'first'],
    ['typeorm-sqlite', 'first'],
    'cpu',
    null,
    'steady',
  ),
  ...(['cpu', 'rate'] as const).flatMap((figure) => [
    row(
      `sqlite-redis-${figure}`,
      'sqlite',
      ['tracked-sqlite', 'first'],
      ['idempotency', 'first'],
      figure,
      null,
    ),
    row(
      `sqlite-memory-${figure}`,
      'sqlite',
      ['tracked-sqlite', 'first'],
      ['idempotency-memory', 'first'],
      figure,
      null,
    ),
    row(
      `sqlite-nothing-${figure}`,
      'sqlite',
      ['tracked-sqlite', 'first'],
      ['untracked', 'first'],
      figure,
      null,
    ),
  ]),
  ...(['server-sqlite', 'server-mariadb'] as const).flatMap((server) => [
    row(`${server}-create-cpu`, 'server', [server, 'create'], ['bare', 'create'], 'cpu', null),
    row(`${server}-look-up-cpu`, 'server', [server, 'look-up'], ['bare', 'look-up'], 'cpu', null),
  ]),
  row('workers', 'workers', ['two-workers', 'create'], ['one-worker', 'create'], 'capacity', atLeast(1.6)),
  row('workers-rate', 'workers', ['two-workers', 'create'], ['one-worker', 'create'], 'rate', null),
];

/** One row. */
export function row(
  id: string,
  part: Comparison['part'],
  ours: Side,
  against: Side,
  figure: FigureName,
  target: Target | null,
  steadiness?: 'steady',
): Comparison {
  return { id, part, ours, against, figure, target, isSteady: steadiness === 'steady' };
}
