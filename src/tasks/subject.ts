import { Logger } from '@nestjs/common';
import type { Resource } from './task.states.js';
import type { TasksOptions } from './tasks.options.js';

/** The most characters that the column of a subject can hold. */
export const LONGEST_SUBJECT = 255;

/** The rule for a subject, in words. */
export const SUBJECT_RULE = `1 to ${LONGEST_SUBJECT} characters, and no blank at its ends`;

const logger = new Logger('TasksModule');

/** Whether a text can be the subject of a task, and so be looked up: with no NUL, and no blank that no reader sees. */
export function isSubject(text: unknown): text is string {
  return typeof text === 'string' && /^(?! )[^\0]{1,255}(?<! )$/u.test(text);
}

/**
 * The subject of a task, by its resource. It never throws: the request may have been carried out already, and can be
 * recorded without a subject.
 */
export function subjectOf(
  resource: Resource | null,
  { subject }: Pick<TasksOptions, 'subject'>,
): string | null {
  if (resource === null) return null;
  try {
    const given: unknown = subject(resource) ?? null;
    const text = typeof given === 'number' ? String(given) : given;
    if (text === null || isSubject(text)) return text;
    logger.warn(`A task has no subject: the option "subject" must return ${SUBJECT_RULE}; or null.`);
  } catch (error) {
    logger.error(error, 'A task has no subject: the option "subject" threw.');
  }
  return null;
}
