import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { uuidBytes, uuidOf } from '../../storage/bytes.js';
import { idBytes, packedBytes } from '../../storage/packed-ids.js';
import { sqlName } from '../../storage/sql-name.js';
import { storageOf } from '../../storage/storage-of.js';
import type { ListColumn } from '../../storage/storage.js';
import { indexName } from '../tables/index-name.js';
import { ID_BYTES, SUBJECT_BYTES, TAG_BYTES } from '../tables/id-widths.js';
import { TaskSubject } from '../tables/task-subject.entity.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { Task } from '../task.entity.js';
import { OPEN_STATES, type TaskState, UNDECIDED_STATES } from '../task.states.js';
import type { Awaited, TasksOf } from './awaited.js';

/** What a look has found. */
export interface Look {
  /** Whether there is any task of a group; whether a single task has ended, or is decided. */
  isFound: boolean;
  /** The newest one of a group that has not ended; `null` when none is open. */
  open: string | null;
}

/** One list of a look's statement: the rows that are asked about in the same way. */
interface Part {
  /** The SELECT, with one parameter. */
  sql: string;
  rows: (string | null)[][];
  /** Where each row's answer goes. */
  places: { awaited: Awaited; rank: number }[];
}

type Kind = 'tag' | 'subject' | 'ended' | 'decided';

const UUID: ListColumn = { like: 'bytes', length: 16 };
const TAG: ListColumn = { like: 'bytes', length: TAG_BYTES };
const PROJECT: ListColumn = { like: 'bytes', length: ID_BYTES };
const SUBJECT: ListColumn = { like: 'bytes', length: SUBJECT_BYTES };
const NAME: ListColumn = { like: 'varchar', length: 64 };

const OPEN = inList(OPEN_STATES);
const UNDECIDED = inList(UNDECIDED_STATES);

/** The question about awaited tasks: which have arrived, and which have not ended. Any number of them is one statement. */
@Injectable()
export class Looks {
  private readonly selects: Record<Kind, string>;

  constructor(@InjectTasksDataSource() private readonly dataSource: DataSource) {
    const storage = storageOf(dataSource);
    const [tasks, subjects] = [sqlName(dataSource, Task), sqlName(dataSource, TaskSubject)];
    const by = (entity: typeof Task | typeof TaskSubject, index: string) =>
      storage.byIndex(indexName(dataSource, entity, index));
    // Scalar subqueries: every database answers them row by row, each by the index.
    const one = (from: string, where: string, order = '') =>
      `(SELECT t.uuid FROM ${from} WHERE ${where} AND (w.v2 IS NULL OR t.task = w.v2)${order} LIMIT 1)`;
    const newestOpen = (from: string, where: string) =>
      one(from, `${where} AND t.state ${OPEN}`, ' ORDER BY t.uuid DESC');
    const tag = [`${tasks} t${by(Task, 'tasks_by_tag')}`, 't.project_id = w.v0 AND t.tag = w.v1'] as const;
    const subject = [
      `${tasks} t${by(Task, 'tasks_by_subject')}`,
      't.project_id = w.v0 AND t.subject = w.v1',
    ] as const;
    const shared = [
      `${subjects} s${by(TaskSubject, 'task_subjects_by_subject')} JOIN ${tasks} t ON t.uuid = s.task_uuid`,
      's.subject = w.v1 AND t.project_id = w.v0',
    ] as const;
    const found = (kind: Kind, column: ListColumn, any: string, open: string) =>
      `SELECT '${kind}' AS kind, w.n AS n, ${open} AS open_one ` +
      `FROM ${storage.fromList([PROJECT, column, NAME])} w WHERE ${any} IS NOT NULL`;
    const over = (kind: Kind, open: string) =>
      `SELECT '${kind}' AS kind, w.n AS n, NULLIF(w.v0, w.v0) AS open_one FROM ${storage.fromList([UUID])} w ` +
      `WHERE (SELECT t.uuid FROM ${tasks} t WHERE t.uuid = w.v0 AND t.state ${open}) IS NULL`;
    this.selects = {
      tag: found('tag', TAG, one(...tag), newestOpen(...tag)),
      subject: found(
        'subject',
        SUBJECT,
        `COALESCE(${one(...subject)}, ${one(...shared)})`,
        `COALESCE(${newestOpen(...subject)}, ${newestOpen(...shared)})`,
      ),
      ended: over('ended', OPEN),
      decided: over('decided', UNDECIDED),
    };
  }

  /**
   * Looks at all of them, by one statement. It gives rows only for what has come, so that waiting is cheap.
   *
   * @returns what was found, in their order
   */
  async at(awaited: readonly Awaited[]): Promise<Look[]> {
    const parts = new Map<Kind, Part>();
    for (const one of awaited) this.ask(parts, one);
    const found = new Map<Awaited, Look & { rank: number }>();
    for (const row of await this.select([...parts.values()])) {
      const { kind, n, open_one: one } = row as unknown as Answer;
      const open = one === null ? null : uuidOf(one);
      const place = parts.get(kind)?.places[Number(n) - 1];
      if (place === undefined) continue;
      const { rank } = found.get(place.awaited) ?? { rank: Infinity };
      if (place.rank < rank) found.set(place.awaited, { isFound: true, open, rank: place.rank });
    }
    return awaited.map((one) => found.get(one) ?? { isFound: false, open: null });
  }

  private ask(parts: Map<Kind, Part>, awaited: Awaited): void {
    if (awaited.until === 'all ended') {
      for (const [rank, group] of awaited.of.entries())
        this.add(parts, 'tag' in group ? 'tag' : 'subject', rowOf(group), { awaited, rank });
    } else this.add(parts, awaited.until, [uuidBytes(awaited.uuid).toString('hex')], { awaited, rank: 0 });
  }

  private add(
    parts: Map<Kind, Part>,
    kind: Kind,
    row: (string | null)[],
    place: Part['places'][number],
  ): void {
    let part = parts.get(kind);
    if (part === undefined) parts.set(kind, (part = { sql: this.selects[kind], rows: [], places: [] }));
    part.rows.push(row);
    part.places.push(place);
  }

  private select(parts: Part[]) {
    const sql = parts.map((part) => part.sql).join(' UNION ALL ');
    const parameters = parts.map(({ rows }) => JSON.stringify(rows));
    return storageOf(this.dataSource).select({ sql, parameters });
  }
}

interface Answer {
  kind: Kind;
  n: number | string | bigint;
  open_one: Buffer | null;
}

function rowOf(group: TasksOf): (string | null)[] {
  const by = 'tag' in group ? packedBytes(group.tag) : idBytes(group.subject);
  return [idBytes(group.projectId).toString('hex'), by.toString('hex'), group.task ?? null];
}

/** Constants of this program, so no character needs escaping. */
function inList(states: readonly TaskState[]): string {
  return `IN (${states.map((state) => `'${state}'`).join(', ')})`;
}
