import type { Row } from '../api/task-row.js';
import { UsageError } from '../command.errors.js';

/** What a list shows by default. */
export const LIST_COLUMNS = ['uuid', 'task', 'state', 'tag', 'resource', 'start_time'] as const;

/** What an export has by default. */
export const EXPORT_COLUMNS = [
  ...['uuid', 'project_id', 'user_id', 'task', 'state', 'accepted', 'ended', 'tag', 'resource', 'request_id'],
  ...[
    'start_time',
    'last_updated',
    'fault.code',
    'fault.message',
    'resolved.by',
    'resolved.at',
    'resolved.reason',
  ],
];

/** Reads the names of columns, each a member of a task, or a member of a member, as in `resource.server`. */
export function columnsOf(texts: readonly string[]): string[] {
  const names = texts.flatMap((text) => text.split(',')).map((name) => name.trim());
  for (const name of names) {
    if (!/^[a-z_]+(\.[a-z_]+)?$/.test(name))
      throw new UsageError(
        `--columns: ${name || 'nothing'} is no member of a task, such as uuid or resource.server.`,
      );
  }
  return names;
}

/** A member of a task, or a member of a member; `null` when it is not there. */
export function valueAt(row: Row, column: string): unknown {
  const [name = '', inner] = column.split('.');
  const value = row[name] ?? null;
  if (inner === undefined || value === null || typeof value !== 'object')
    return inner === undefined ? value : null;
  return (value as Row)[inner] ?? null;
}

/** The columns alone, under their names. */
export function only(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((name) => [name, valueAt(row, name)]));
}

/** A value on one line: ids as `server 4711`, a fault as its code and message. */
export function textOf(value: unknown, name = ''): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return JSON.stringify(value);
  const row = value as Row;
  if (name === 'resource')
    return pairs(row)
      .map(([kind, id]) => `${kind} ${id}`)
      .join(', ');
  if (name === 'fault') return `${textOf(row['code'])} ${textOf(row['message'])}`.trim();
  return pairs(row)
    .map(([key, text]) => `${key}: ${text}`)
    .join(', ');
}

function pairs(row: Row): [string, string][] {
  return Object.entries(row)
    .map(([name, value]): [string, string] => [name, textOf(value)])
    .filter(([, text]) => text !== '');
}
