import { isSubject, SUBJECT_RULE } from './subject.js';
import type { Fault, Outcome, Resource } from './task.states.js';

/** The most characters of an id, except a resource's. */
const MAX_ID = 64;

/** The most characters of a resource, as JSON: they fit into a text column of every database, whatever they are. */
const MAX_RESOURCE = 16_000;

const STATES: readonly unknown[] = ['processing', 'success', 'failure', 'rejected', 'unknown'];

/**
 * Checks an outcome that a host reports: a host need not be written with types. Ids of resources that are numbers
 * become texts.
 *
 * @throws TypeError for an invalid outcome
 */
export function toldOutcome(told: Outcome): Outcome {
  const given: unknown = told;
  if (typeof given !== 'object' || given === null)
    throw wrong('it must be an outcome, such as { state: "success" }');
  if (typeof (given as PromiseLike<unknown>).then === 'function')
    throw wrong('it is a promise; await it first');
  const { state, requestId, fault, resource, subjects, lookAgainAt, why, sentAt } = given as Untyped;
  if (!STATES.includes(state)) throw wrong(`its state must be one of ${STATES.join(', ')}`);
  if (requestId != null && !isText(requestId, MAX_ID))
    throw wrong(`requestId must have at most ${MAX_ID} characters`);
  if (state === 'failure' || state === 'rejected') checkFault(state, fault);
  if (state === 'processing' && lookAgainAt !== undefined && !isTime(lookAgainAt))
    throw wrong('lookAgainAt must be epoch milliseconds');
  if (why !== undefined && typeof why !== 'string') throw wrong('why must be a text');
  if (sentAt != null && !isTime(sentAt)) throw wrong('sentAt must be epoch milliseconds');
  if (subjects !== undefined && !(Array.isArray(subjects) && subjects.every(isSubject)))
    throw wrong(`its subjects must be a list of texts, each of ${SUBJECT_RULE}`);
  if (resource == null) return told;
  const texts = textsOf(resource);
  if (texts === null) throw wrong('its resource must be an object, each id of it a text or a number');
  if (JSON.stringify(texts).length > MAX_RESOURCE)
    throw wrong(`its resource must have at most ${MAX_RESOURCE} characters`);
  return { ...told, resource: texts } as Outcome;
}

type Untyped = Partial<
  Record<
    'state' | 'requestId' | 'fault' | 'resource' | 'subjects' | 'lookAgainAt' | 'why' | 'sentAt',
    unknown
  >
>;

function wrong(what: string): TypeError {
  return new TypeError(`The outcome of a task cannot be recorded: ${what}.`);
}

function checkFault(state: string, fault: unknown): void {
  const { code, message } = (fault ?? {}) as Partial<Fault>;
  if (!isCode(code)) throw wrong(`a ${state} must have a fault, with a code that is a number such as 500`);
  if (typeof message !== 'string') throw wrong(`a ${state} must have a fault with a message, a text`);
}

function isText(value: unknown, most: number): boolean {
  return typeof value === 'string' && value.length <= most;
}

/** Whether a value is a number that every database can store. */
function isCode(value: unknown): boolean {
  return Number.isInteger(value) && Math.abs(value as number) < 2 ** 31;
}

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

function textsOf(resource: unknown): Resource | null {
  if (typeof resource !== 'object' || resource === null || Array.isArray(resource)) return null;
  const ids = Object.entries(resource);
  const isId = ([, id]: [string, unknown]) => ['string', 'number', 'bigint'].includes(typeof id);
  return ids.every(isId) ? Object.fromEntries(ids.map(([kind, id]) => [kind, String(id)])) : null;
}
