import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

export const fileOf = (name: string) => join(ROOT, ...name.split('/'));
export const textOf = (name: string) => readFileSync(fileOf(name), 'utf8');

interface Target {
  refId: string;
  expr: string;
  datasource: { type: string; uid: string };
}

export interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { type: string; uid: string };
  fieldConfig?: { defaults: { unit?: string } };
  targets?: Target[];
}

/** A dashboard of Grafana, as its export has it. */
export interface Board {
  uid: string;
  title: string;
  schemaVersion: number;
  templating: { list: { name: string; type: string; query: string | { query: string } }[] };
  panels: Panel[];
}

export interface Alert {
  name: string;
  expr: string;
  runbook: string;
}

export function boardOf(file: string): Board {
  return JSON.parse(textOf(file)) as Board;
}

/** All expressions of a board, in PromQL: those of its panels and of its variables. */
export function expressionsOf(board: Board): string[] {
  const variables = board.templating.list.flatMap(({ type, query }) => {
    if (type !== 'query' || typeof query === 'string') return [];
    const [, selector] = /^label_values\((.+), \w+\)$/.exec(query.query) ?? [];
    return [selector ?? query.query];
  });
  const panels = board.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
  return [...variables, ...panels].map((expr) => expr.replaceAll('$__rate_interval', '5m'));
}

/** The rules of ops/alerts.yml. Each has the form that the others have. */
export function alerts(): Alert[] {
  const [, ...parts] = textOf('ops/alerts.yml').split('- alert: ');
  return parts.map((part) => {
    const [name = ''] = part.split('\n');
    const [, lines = ''] = /expr: >-\n((?: {10}.+\n)+)/.exec(part) ?? [];
    const [, runbook = ''] = /runbook: (\S+)/.exec(part) ?? [];
    return { name, expr: lines.replace(/\s+/g, ' ').trim(), runbook };
  });
}

const WORDS = new Set(['and', 'or', 'unless', 'by', 'on', 'without', 'ignoring', 'bool', 'group_left']);

/** The metrics that an expression names. */
export function metricsIn(expr: string): string[] {
  const bare = expr
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}|\[[^\]]*\]/g, ' ')
    .replace(/\b(by|on|without|ignoring)\s*\([^)]*\)/g, ' ');
  return [...bare.matchAll(/[a-zA-Z_]\w*(?!\w|\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => !WORDS.has(name));
}

/** The names under which a page of metrics has series, or may have. */
export function namesOn(page: string): Set<string> {
  const types = [...page.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => name + end) : [name],
    ),
  );
}

/** What Grafana would stumble over, or a reader; nothing when all is well. */
export function faultsOf(board: Board): string[] {
  const faults: string[] = [];
  const says = (isFault: boolean, fault: string) => void (isFault && faults.push(fault));
  const { panels, templating } = board;
  const names = templating.list.map(({ name }) => name);
  says(!/^[\w-]{1,40}$/.test(board.uid), 'uid');
  says(!(board.schemaVersion >= 36), 'schemaVersion');
  says(
    !templating.list.some(({ name, type }) => name === 'datasource' && type === 'datasource'),
    'no data source',
  );
  says(new Set(panels.map(({ id }) => id)).size !== panels.length, 'an id twice');
  panels.forEach((panel, index) => {
    const says = (isFault: boolean, fault: string) =>
      void (isFault && faults.push(`${panel.title}: ${fault}`));
    const { gridPos: place, type, targets = [] } = panel;
    says(!panel.title, 'no title');
    says(place.x < 0 || place.x + place.w > 24 || place.w < 1 || place.h < 1, 'outside the grid');
    says(
      panels.slice(0, index).some((other) => overlap(place, other.gridPos)),
      'overlaps',
    );
    if (type === 'row') return;
    says(!['stat', 'timeseries'].includes(type), `type ${type}`);
    says(!panel.description, 'no description');
    says(!panel.fieldConfig?.defaults.unit, 'no unit');
    says(targets.length === 0, 'no target');
    says(new Set(targets.map(({ refId }) => refId)).size !== targets.length, 'a refId twice');
    for (const { datasource } of [panel, ...targets])
      says(datasource?.uid !== '${datasource}', 'data source');
    for (const { expr } of targets)
      for (const [, name = ''] of expr.matchAll(/\$(?!__)(\w+)/g))
        says(!names.includes(name), `variable ${name}`);
  });
  return faults;
}

function overlap(one: Panel['gridPos'], other: Panel['gridPos']): boolean {
  return (
    one.x < other.x + other.w &&
    other.x < one.x + one.w &&
    one.y < other.y + other.h &&
    other.y < one.y + one.h
  );
}
