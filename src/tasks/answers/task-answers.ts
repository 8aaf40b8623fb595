import { Injectable, Logger } from '@nestjs/common';
import { AnswerRows } from './answer-rows.js';
import { redact } from './redact.js';
import type { ReplayOptions } from './replay.options.js';
import type { SentAnswer } from './sent-answer.js';

/** The answers that are stored to be sent again. */
@Injectable()
export class TaskAnswers {
  private readonly logger = new Logger(TaskAnswers.name);
  private readonly missing = new Set<string>();

  constructor(private readonly rows: AnswerRows) {}

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
    return this.rows.write(taskUuid, { status: answer.status, headers, body });
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
  find(taskUuid: string): Promise<SentAnswer | null> {
    return this.rows.find(taskUuid);
  }
}
