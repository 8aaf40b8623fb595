import { Injectable, Logger } from '@nestjs/common';
import type { DataSource, Repository } from 'typeorm';
import { onMaster } from '../../storage/on-master.js';
import { statement } from '../../storage/statement.js';
import { storageOf } from '../../storage/storage-of.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import { redact } from './redact.js';
import type { ReplayOptions } from './replay.options.js';
import type { SentAnswer } from './sent-answer.js';
import { TaskAnswer } from './task-answer.entity.js';

/** The characters of one row's text: they fit into a text column of every database. */
const CHARACTERS = 60_000;

/** The answers that are stored to be sent again. */
@Injectable()
export class TaskAnswers {
  private readonly logger = new Logger(TaskAnswers.name);
  private readonly rows: Repository<TaskAnswer>;
  private readonly missing = new Set<string>();

  constructor(@InjectTasksDataSource() private readonly dataSource: DataSource) {
    this.rows = dataSource.getRepository(TaskAnswer);
  }

  /**
   * Stores an answer, unless it must not be stored.
   *
   * @returns false when it was not stored: it is too long, or it has values that must not be stored and is not JSON
   */
  async record(taskUuid: string, answer: SentAnswer, options: Required<ReplayOptions>): Promise<boolean> {
    const body = this.bodyToKeep(answer.body, options);
    if (body === null) return false;
    const headers = Object.fromEntries(
      options.headers.flatMap((name) => {
        const value = answer.headers[name];
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const text = body.toString('base64');
    const first: TaskAnswer = {
      taskUuid,
      part: 0,
      status: answer.status,
      headers,
      body: text.slice(0, CHARACTERS),
    };
    const rows = [first];
    for (let start = CHARACTERS; start < text.length; start += CHARACTERS) {
      const more = text.slice(start, start + CHARACTERS);
      rows.push({ taskUuid, part: rows.length, status: null, headers: null, body: more });
    }
    const insert = this.rows.createQueryBuilder().insert().values(rows).updateEntity(false);
    return storageOf(this.dataSource).commit([statement(insert)]);
  }

  private bodyToKeep(body: Buffer, { maxBytes, redact: paths }: Required<ReplayOptions>): Buffer | null {
    if (body.length > maxBytes) return null;
    if (paths.length === 0 || body.length === 0) return body;
    const redacted = redact(body.toString(), paths);
    if (redacted === null) return null;
    for (const path of redacted.missing) this.warnOf(path);
    return Buffer.from(redacted.json);
  }

  /** Warns once for each path: a value may be in some answers only, but a wrong path leaves a secret in the table. */
  private warnOf(path: string): void {
    if (this.missing.has(path)) return;
    this.missing.add(path);
    this.logger.warn(
      `The path "${path}" of replay.redact matches nothing in an answer, so nothing was left out for it. A path begins at ` +
        'the body as clients get it, including anything that your interceptors wrap around it',
    );
  }

  /** The answer to a task's request; `null` when none is stored. */
  async find(taskUuid: string): Promise<SentAnswer | null> {
    const rows = await onMaster(this.dataSource, (manager) =>
      manager.find(TaskAnswer, { where: { taskUuid }, order: { part: 'ASC' } }),
    );
    const [first] = rows;
    if (first === undefined || first.status === null) return null;
    const body = Buffer.from(rows.map(({ body: text }) => text).join(''), 'base64');
    return { status: first.status, headers: first.headers ?? {}, body };
  }
}
