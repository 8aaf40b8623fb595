import { retryAfterMs } from './clock.js';
import { type CallSettings, fetchWhole } from './fetch-whole.js';
import type { LookUp, Question } from './look-up.js';
import type { Outgoing } from './outgoing.js';
import { isAbandonment, listOf, type Task } from './task.js';

/** The result of one look-up. */
export type Found =
  /** The request has no task: it was not accepted as of that read. */
  | { is: 'nothing' }
  /** The tasks that may be the request's, newest first; at least one. */
  | { is: 'tasks'; tasks: [Task, ...Task[]]; areAllShown: boolean; hasWaited: boolean; retryAfterMs: number }
  /** The tag was abandoned: none of its requests was accepted, or will be. */
  | { is: 'abandoned'; task: Task }
  /** The look-up itself was lost: it proves nothing, and must be repeated. */
  | { is: 'lost'; cause: unknown; retryAfterMs: number }
  /** The look-up was refused: the answer says that asking again would not help. */
  | { is: 'refused'; cause: LookUpError };

/** The answer to a look-up that does not answer the question. */
export class LookUpError extends Error {
  override readonly name = 'LookUpError';

  constructor(
    message: string,
    /** The answer to the look-up. */ readonly response: Response,
  ) {
    super(message);
  }
}

/** Answers below 500 that are worth another try. */
const PASSING = [408, 425, 429];

/** Headers about the body, the answer or the timing of a request: a look-up does not copy them. */
const OF_THE_REQUEST = /^(content-|if-|accept|expect$|prefer$|range$|transfer-encoding$)/;

/** The look-up of a request, made once. */
export interface Inquiry {
  tag: string;
  url: string;
  init: RequestInit;
  question: Question;
}

/** @throws TypeError for an invalid address */
export function inquiryOf(lookUp: LookUp, request: Outgoing, tag: string, tagHeader: string): Inquiry {
  const made = lookUp(tag, request);
  const question = typeof made === 'string' || made instanceof URL ? { url: made } : made;
  const url = new URL(question.url, request.url);
  const isSameOrigin = url.origin === new URL(request.url).origin;
  const headers = new Headers(question.headers ?? (isSameOrigin ? request.headers : {}));
  if (question.headers === undefined) {
    for (const name of [...headers.keys()]) if (OF_THE_REQUEST.test(name)) headers.delete(name);
  }
  headers.delete(tagHeader);
  headers.set('accept', 'application/json');
  // The caller's other `fetch` options, such as `credentials` or a dispatcher, apply to the look-up as well.
  const { body: _body, integrity: _integrity, ...rest } = request.init;
  // An answer from a cache would be out of date.
  return { tag, url: url.href, init: { ...rest, headers, method: 'GET', cache: 'no-store' }, question };
}

/**
 * Asks once what became of a tag.
 *
 * @param waitS how long the server should wait until all tasks of the tag have ended, in seconds. One that does not
 *   know the preference answers at once. @default 0
 */
export async function inquire(to: CallSettings, inquiry: Inquiry, waitS = 0): Promise<Found> {
  try {
    const headers = new Headers(inquiry.init.headers);
    if (waitS > 0) headers.set('prefer', `wait=${waitS}`);
    const response = await fetchWhole(to, inquiry.url, { ...inquiry.init, headers });
    return await read(response, inquiry, retryAfterMs(response, to.clock));
  } catch (cause) {
    to.signal.throwIfAborted();
    return { is: 'lost', cause, retryAfterMs: 0 };
  }
}

async function read(response: Response, { question, tag }: Inquiry, waitMs: number): Promise<Found> {
  const { status } = response;
  if (status === 404 && question.notFound !== 'wrong address') return { is: 'nothing' };
  if (status >= 400 && status < 500 && !PASSING.includes(status)) {
    return { is: 'refused', cause: new LookUpError(`The look-up was answered ${status}`, response) };
  }
  const lost = (why: string): Found => ({
    is: 'lost',
    cause: new LookUpError(why, response),
    retryAfterMs: waitMs,
  });
  if (status !== 200) return lost(`The look-up was answered ${status}`);
  const list = listOf(await response.json());
  if (list === null) return lost('The answer to the look-up holds no list of tasks');
  const ofTag = list.tasks.filter((task: Task) => task.tag === tag);
  const abandonment = ofTag.find(isAbandonment);
  if (abandonment !== undefined) return { is: 'abandoned', task: abandonment };
  const [first, ...others] = ofTag.filter(question.matches ?? (() => true));
  if (first !== undefined) {
    const hasWaited = /^wait=/i.test(response.headers.get('preference-applied') ?? '');
    const areAllShown = others.length + 1 === list.tasks.length && !list.hasMore;
    return { is: 'tasks', tasks: [first, ...others], areAllShown, hasWaited, retryAfterMs: waitMs };
  }
  // "Nothing" leads to another send, so it must be certain.
  const isWhole = ofTag.length === list.tasks.length && !list.hasMore;
  if (isWhole) return { is: 'nothing' };
  return {
    is: 'refused',
    cause: new LookUpError('The look-up returned tasks of other tags, or only part of the list', response),
  };
}
