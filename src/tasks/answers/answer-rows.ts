import { Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { onMaster } from '../../storage/on-master.js';
import { statement } from '../../storage/statement.js';
import { storageOf } from '../../storage/storage-of.js';
import { InjectTasksDataSource } from '../tables/tasks-data-source.js';
import type { SentAnswer } from './sent-answer.js';
import { TaskAnswer } from './task-answer.entity.js';

/** The characters of one row's text: they fit into a text column of every database. */
const CHARACTERS = 60_000;

/** The rows of stored answers; a long answer has several. */
@Injectable()
export class AnswerRows {
  constructor(@InjectTasksDataSource() private readonly dataSource: DataSource) {}

  /** Writes the answer to a task's request. */
  write(taskUuid: string, { status, headers, body }: SentAnswer): Promise<boolean> {
    const text = body.toString('base64');
    const first: TaskAnswer = { taskUuid, part: 0, status, headers, body: text.slice(0, CHARACTERS) };
    const rows = [first];
    for (let start = CHARACTERS; start < text.length; start += CHARACTERS) {
      const more = text.slice(start, start + CHARACTERS);
      rows.push({ taskUuid, part: rows.length, status: null, headers: null, body: more });
    }
    const insert = this.dataSource.getRepository(TaskAnswer).createQueryBuilder().insert().values(rows);
    return storageOf(this.dataSource).commit([statement(insert.updateEntity(false))]);
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
