import { createHash } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

/** The table `tasks` for candidates that write SQL themselves; what is not named here is NULL. */
const COLUMNS = [
  ...['uuid', 'project_id', 'user_id', 'tag', 'duplicate_key', 'task', 'state'],
  ...['start_time', 'last_updated', 'next_look'],
];

/** A row of the table, in the order of the columns. The first is the primary key. */
export type TaskRow = (string | number | Buffer)[];

/** The beginning of an INSERT. */
export const INTO_TASKS = `INTO tasks (${COLUMNS.join(', ')}) VALUES`;

/** One row's placeholders. */
export const PLACEHOLDERS = `(${COLUMNS.map(() => '?').join(', ')})`;

export const INSERT_TASK = `INSERT ${INTO_TASKS} ${PLACEHOLDERS}`;

/** Takes the new state, what was made, the time, and the key. */
export const SETTLE_TASK =
  `UPDATE tasks SET state = ?, resource = ?, last_updated = ?, next_look = NULL ` +
  `WHERE uuid = ? AND state IN ('pending', 'unknown', 'processing')`;

/** The project and the user, as the column has them. */
const PROJECT = Buffer.from('bench');

/** How long a request may take, in milliseconds. */
const PENDING_MS = 5000;

/** The row of a new request. */
export function newTaskRow(tag: string, fingerprint: Buffer): TaskRow {
  const now = Date.now();
  const key = createHash('sha256').update('bench').update(tag).update(fingerprint).digest();
  return [
    Buffer.from(uuidv7().replaceAll('-', ''), 'hex'),
    PROJECT,
    PROJECT,
    Buffer.from(tag, 'latin1'),
    key,
    'create',
    'pending',
    now,
    now,
    now + PENDING_MS,
  ];
}
