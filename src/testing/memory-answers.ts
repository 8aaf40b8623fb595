import { Injectable } from '@nestjs/common';
import type { AnswerRows } from '../tasks/answers/answer-rows.js';
import type { SentAnswer } from '../tasks/answers/sent-answer.js';
import { MemoryTables } from './memory-tables.js';

/** Stored answers, in memory. */
@Injectable()
export class MemoryAnswers implements Pick<AnswerRows, keyof AnswerRows> {
  constructor(private readonly tables: MemoryTables) {}

  write(taskUuid: string, answer: SentAnswer): Promise<boolean> {
    this.tables.answers.set(taskUuid, answer);
    return Promise.resolve(true);
  }

  find(taskUuid: string): Promise<SentAnswer | null> {
    return Promise.resolve(this.tables.answers.get(taskUuid) ?? null);
  }
}
