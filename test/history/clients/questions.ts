import type { ExchangeEntry } from '../journal/entries.js';
import type { Message } from './wire.js';

/** The ways to ask about a tag. */
export type Question = Exclude<ExchangeEntry['kind'], 'send'>;

/** @param task the uuid, of a question by uuid */
export function question(
  kind: Question,
  tag: string,
  headers: Record<string, string>,
  task: string | null = null,
): Message {
  const paths: Record<Question, string> = {
    tag: `/v3/servers/${encodeURIComponent(tag)}/tasks`,
    query: `/v3/tasks?tag=${encodeURIComponent(tag)}`,
    uuid: `/v3/tasks/${task}`,
  };
  return { method: 'GET', path: paths[kind], headers };
}
