import Database from 'better-sqlite3';
import { v7 as uuidv7 } from 'uuid';
import { uuidBytes } from '../../../src/storage/bytes.js';
import { idBytes } from '../../../src/storage/packed-ids.js';
import type { TestDatabase } from '../database/database.js';

/** A task as a test writes it into the server's SQLite. */
export interface WrittenTask {
  tag?: string;
  state?: 'pending' | 'processing' | 'success' | 'failure' | 'unknown';
  /** @default demo */
  projectId?: string;
  /** @default alice */
  userId?: string;
  faultMessage?: string;
  /** Epoch milliseconds; NULL: never. */
  nextLook?: number | null;
}

const INSERT = `INSERT INTO tasks (uuid, project_id, user_id, tag, task, state, fault_code, fault_message, start_time,
  last_updated, next_look) VALUES (?, ?, ?, ?, 'create', ?, ?, ?, ?, ?, ?)`;

/** Writes tasks past the server, in one transaction; gives their uuids. */
export function writeTasks({ url }: TestDatabase, tasks: Iterable<WrittenTask>): string[] {
  const database = new Database(url.slice('sqlite:'.length), { timeout: 30_000 });
  try {
    const insert = database.prepare(INSERT);
    const now = Date.now();
    return database.transaction(() =>
      Array.from(tasks, (task) => {
        const { projectId = 'demo', userId = 'alice', tag, state = 'success', faultMessage, nextLook } = task;
        const uuid = uuidv7();
        const ids = [idBytes(projectId), idBytes(userId), tag === undefined ? null : idBytes(tag)];
        const fault = faultMessage === undefined ? [null, null] : [400, faultMessage];
        insert.run(uuidBytes(uuid), ...ids, state, ...fault, now, now, nextLook ?? null);
        return uuid;
      }),
    )();
  } finally {
    database.close();
  }
}
