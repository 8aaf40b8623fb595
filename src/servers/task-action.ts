import { onlyKeyOf } from '../compute/actions/action-key.js';
import { BadRequest } from '../openstack/faults.js';
import { uuidOf } from '../openstack/uuid.js';
import { isReason, REASON_RULE } from '../tasks/reason.js';
import { assertTag, MAX_TAG_BYTES, type Tag, tagFromText } from '../tasks/tag.js';
import { InvalidTagError } from '../tasks/tag.errors.js';

/** What `POST /tasks/action` is asked for. */
export type TaskAction =
  | { is: 'abandon'; tag: Tag; reason: string | null }
  | { is: 'resolve'; uuid: string; accepted: boolean; state: 'success' | 'failure'; reason: string | null }
  | { is: 'look'; uuid: string };

/** The names of the actions, which are the only key of the body. */
export type TaskActionName = TaskAction['is'];

const FIELDS: Record<TaskActionName, readonly string[]> = {
  abandon: ['tag', 'reason'],
  resolve: ['uuid', 'accepted', 'state', 'reason'],
  look: ['uuid'],
};

const ENDED = ['success', 'failure'] as const;

/** @throws BadRequest when the body names no action, or not one alone */
export function taskActionName(body: unknown): TaskActionName {
  const name = onlyKeyOf(body);
  if (name === 'abandon' || name === 'resolve' || name === 'look') return name;
  throw new BadRequest(
    'The body must be {"abandon": {"tag": …}}, {"resolve": {"uuid": …}} or {"look": {"uuid": …}}.',
  );
}

/**
 * Reads the body of an action.
 *
 * @throws BadRequest for a property that is missing, unknown, or invalid
 */
export function readTaskAction(name: TaskActionName, body: unknown): TaskAction {
  const given = (body as Record<string, unknown>)[name];
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new BadRequest(`Invalid input for field/attribute ${name}. It must be an object.`);
  }
  const fields = new Map<string, unknown>(Object.entries(given));
  for (const field of fields.keys()) {
    if (!FIELDS[name].includes(field))
      throw new BadRequest(`Additional properties are not allowed ('${field}' was unexpected)`);
  }
  const reason = reasonOf(fields.get('reason'));
  if (name === 'abandon') return { is: name, tag: tagOf(fields.get('tag')), reason };
  const asked = fields.get('uuid');
  const uuid = typeof asked === 'string' ? uuidOf(asked) : null;
  if (uuid === null) throw invalid('uuid', 'It must be the uuid of a task.');
  if (name === 'look') return { is: name, uuid };
  const accepted = fields.get('accepted');
  const state = ENDED.find((known) => known === fields.get('state'));
  if (typeof accepted !== 'boolean') throw invalid('accepted', 'It must be true or false.');
  if (state === undefined) throw invalid('state', 'It must be success or failure.');
  if (!accepted && state === 'success')
    throw invalid('state', 'A request that was not accepted is a failure.');
  return { is: name, uuid, accepted, state, reason };
}

function tagOf(value: unknown): Tag {
  // Half a character has no bytes in UTF-8: it would become another tag.
  if (typeof value !== 'string' || /\p{Surrogate}/u.test(value))
    throw invalid('tag', `It must be a text of 1 to ${MAX_TAG_BYTES} bytes in UTF-8.`);
  const tag = tagFromText(value);
  try {
    assertTag(tag, 'It');
  } catch (error) {
    if (error instanceof InvalidTagError) throw invalid('tag', error.message);
    throw error;
  }
  return tag;
}

function reasonOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (!isReason(value)) throw invalid('reason', `It must be ${REASON_RULE}.`);
  return value;
}

function invalid(field: string, rule: string): BadRequest {
  return new BadRequest(`Invalid input for field/attribute ${field}. ${rule}`);
}
