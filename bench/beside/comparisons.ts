import { type Comparison, row } from '../comparisons.js';
import type { FigureName } from '../figures.js';
import { atMost, type Target } from '../report/row.js';
import type { Side } from '../side.js';

/** This build beside another one, and what this one should need of what that one needs. */
export const BESIDE: Comparison[] = [
  beside('first', ['tracked', 'first'], 'cpu', atMost(0.65)),
  beside('first-rate', ['tracked', 'first'], 'rate'),
  beside('lone', ['tracked', 'lone'], 'p50'),
  beside('duplicate', ['tracked', 'duplicate'], 'cpu'),
  beside('sqlite', ['tracked-sqlite', 'first'], 'cpu'),
  beside('sqlite-rate', ['tracked-sqlite', 'first'], 'rate'),
  beside('create', ['server-sqlite', 'create'], 'cpu', atMost(0.4)),
  beside('look-up', ['server-sqlite', 'look-up'], 'cpu', atMost(0.5)),
  beside('create-mariadb', ['server-mariadb', 'create'], 'cpu', atMost(0.4)),
  beside('look-up-mariadb', ['server-mariadb', 'look-up'], 'cpu', atMost(0.5)),
];

function beside(
  id: string,
  [name, kind]: Side,
  figure: FigureName,
  target: Target | null = null,
): Comparison {
  return row(`beside-${id}`, 'beside', [name, kind], [name, kind, 'other'], figure, target);
}
