import type { DataSource } from 'typeorm';
import { sqlName } from '../../storage/sql-name.js';
import { storageOf } from '../../storage/storage-of.js';
import type { ListColumn } from '../../storage/storage.js';
import { TaskSubject } from '../tables/task-subject.entity.js';
import { tagToColumn } from '../tag.js';
import { Task } from '../task.entity.js';
import { OPEN_STATES, type TaskState, UNDECIDED_STATES } from '../task.states.js';
import type { Awaited, TasksOf } from './awaited.js';

/** What a look has found. */
export interface Look {
  /** Whether there is any task. */
  isFound: boolean;
  /** The newest one of them that is still awaited; `null` when none is. */
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

const UUID: ListColumn = { like: 'ascii', length: 36 };
const TAG: ListColumn = { like: 'ascii', length: 510 };
const ID: ListColumn = { like: 'varchar', length: 64 };
const SUBJECT: ListColumn = { like: 'varchar', length: 255 };

const OPEN = inList(OPEN_STATES);
const UNDECIDED = inList(UNDECIDED_STATES);

/** The question about awaited tasks: which have arrived, and which have not ended. Any number of them is one statement. */
export class Looks {
  private readonly selects: Record<Kind, string>;

  constructor(private readonly dataSource: DataSource) {
    const storage = storageOf(dataSource);
    const tasks = sqlName(dataSource, Task);
    const subjects = sqlName(dataSource, TaskSubject);
    // Scalar subqueries: they are asked row by row, by the index, in every database.
    const one = (from: string, where: string) =>
      `(SELECT t.uuid FROM ${from} WHERE ${where} AND (w.v2 IS NULL OR t.task = w.v2) ORDER BY t.uuid DESC LIMIT 1)`;
    const byTag = `t.project_id = w.v0 AND t.tag = w.v1`;
    const bySubject = `t.project_id = w.v0 AND t.subject = w.v1`;
    const shared = `${subjects} s JOIN ${tasks} t ON t.uuid = s.task_uuid`;
    const byShared = `s.subject = w.v1 AND t.project_id = w.v0`;
    const byUuid = (kind: string, open: string) =>
      `SELECT '${kind}' AS kind, w.n AS n, t.uuid AS newest, CASE WHEN t.state ${open} THEN t.uuid END AS open_one ` +
      `FROM ${storage.fromList([UUID])} w JOIN ${tasks} t ON t.uuid = w.v0`;
    this.selects = {
      tag:
        `SELECT 'tag' AS kind, w.n AS n, ${one(`${tasks} t`, byTag)} AS newest, ` +
        `${one(`${tasks} t`, `${byTag} AND t.state ${OPEN}`)} AS open_one FROM ${storage.fromList([ID, TAG, ID])} w`,
      subject:
        `SELECT 'subject' AS kind, w.n AS n, ` +
        `COALESCE(${one(`${tasks} t`, bySubject)}, ${one(shared, byShared)}) AS newest, ` +
        `COALESCE(${one(`${tasks} t`, `${bySubject} AND t.state ${OPEN}`)}, ` +
        `${one(shared, `${byShared} AND t.state ${OPEN}`)}) AS open_one FROM ${storage.fromList([ID, SUBJECT, ID])} w`,
      ended: byUuid('ended', OPEN),
      decided: byUuid('decided', UNDECIDED),
    };
  }

  /**
   * Looks at all of them, by one statement.
   *
   * @returns what was found, in their order
   */
  async at(awaited: readonly Awaited[]): Promise<Look[]> {
    const parts = new Map<Kind, Part>();
    for (const one of awaited) this.ask(parts, one);
    const found = new Map<Awaited, Look & { rank: number }>();
    for (const row of await this.select([...parts.values()])) {
      const { kind, n, newest, open_one: open } = row as unknown as Answer;
      const place = parts.get(kind)?.places[Number(n) - 1];
      if (place === undefined || newest === null) continue;
      const earlier = found.get(place.awaited);
      if (earlier === undefined || place.rank < earlier.rank)
        found.set(place.awaited, { isFound: true, open, rank: place.rank });
    }
    return awaited.map((one) => found.get(one) ?? { isFound: false, open: null });
  }

  private ask(parts: Map<Kind, Part>, awaited: Awaited): void {
    if (awaited.until === 'all ended') {
      for (const [rank, group] of awaited.of.entries())
        this.add(parts, 'tag' in group ? 'tag' : 'subject', rowOf(group), { awaited, rank });
    } else this.add(parts, awaited.until, [awaited.uuid], { awaited, rank: 0 });
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
  newest: string | null;
  open_one: string | null;
}

function rowOf(group: TasksOf): (string | null)[] {
  const by = 'tag' in group ? tagToColumn(group.tag) : group.subject;
  return [group.projectId, by, group.task ?? null];
}

/** Constants of this program, so no character needs escaping. */
function inList(states: readonly TaskState[]): string {
  return `IN (${states.map((state) => `'${state}'`).join(', ')})`;
}
