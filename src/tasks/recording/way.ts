import type { Task } from '../task.entity.js';
import type { Outcome, Witness } from '../task.states.js';

/** What only the process of a request knows of it until its outcome is recorded. Epoch milliseconds. */
export interface HandedOn {
  startTime: number;
  /** When its handler began. */
  sentAt: number;
}

/** The longest difference of two times that is stored, in milliseconds; it fits into an integer of every database. */
const LONGEST_MS = 2 ** 31 - 1;

/** The most characters of a sentence. */
const LONGEST_WHY = 255;

/**
 * The columns that tell a task's way, for the write of its outcome. An end that its answer brings is the time of that
 * answer: one column more in each group of writes would cost the database as much as the state itself.
 *
 * @param now epoch milliseconds
 * @param handedOn unknown to a process that did not carry it out
 */
export function wayOf(
  outcome: Outcome,
  witness: Witness,
  now: number,
  handedOn: HandedOn | undefined,
): Partial<Task> {
  const why = 'why' in outcome ? outcome.why : undefined;
  const isOpen = outcome.state === 'processing' || outcome.state === 'unknown';
  const way: Partial<Task> =
    witness === 'observation' || why !== undefined ? lookOf(why, now) : isOpen ? {} : { lookedAt: null };
  if (witness === 'observation' || handedOn === undefined) return way;
  const { startTime } = handedOn;
  const sentAt = outcome.sentAt === undefined ? handedOn.sentAt : outcome.sentAt;
  if (sentAt !== null) way.sentAfter = between(startTime, sentAt);
  const isAnswered = outcome.state === 'processing' || outcome.requestId != null;
  if (isOpen && isAnswered) way.answeredAfter = between(startTime, now);
  return way;
}

/** The columns of a look after which a task is still open. */
export function lookOf(why: string | undefined, now: number): Partial<Task> {
  return { lookedAt: now, whyOpen: why === undefined ? null : storedWhy(why) };
}

/** PostgreSQL accepts no NUL in a text, and no database half a character. */
function storedWhy(why: string): string {
  return why
    .slice(0, LONGEST_WHY)
    .replaceAll('\0', '')
    .replace(/[\ud800-\udbff]$/, '');
}

/** Clocks may have been set back. */
function between(start: number, end: number): number {
  return Math.round(Math.min(Math.max(end - start, 0), LONGEST_MS));
}
