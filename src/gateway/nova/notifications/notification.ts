/** The parts of a versioned notification that this server reads; from its context only the two request ids. */
export interface Notification {
  /** Identical in each copy of a message that arrives more than once. */
  messageId: string;
  /** Such as `instance.create.end`, or `compute.exception`. */
  eventType: string;
  /** When Nova sent it, in epoch milliseconds; `NaN` if it does not say. */
  sentAt: number;
  /** The task whose request caused it; `null` if it has another cause, such as another client of Nova. */
  taskUuid: string | null;
  /** Nova's own id of that request; `null` for periodic tasks. */
  requestId: string | null;
  /** The fields of the payload, a versioned object. */
  data: Readonly<Record<string, unknown>>;
}

/** A message that is not a versioned notification. The text says what is wrong, without quoting it. */
export class MalformedNotification extends Error {}

/** The longest message that is parsed, in bytes; notifications have about 4 KB, with a traceback 14 KB. */
const MAX_BYTES = 1024 * 1024;

/** The global request id of a forwarded request; the uuids of tasks are version 7. */
const GLOBAL_REQUEST_ID = /^req-([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})$/;

/** A time of oslo.messaging (`notifier.py`: `str(timeutils.utcnow())`): UTC, without a zone. */
const TIMESTAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(\.\d{1,6})?)$/;

/**
 * Reads a message of oslo.messaging's driver `messagingv2`: an envelope with the message as a text in it.
 *
 * @throws MalformedNotification
 */
export function readNotification(content: Buffer): Notification {
  if (content.length > MAX_BYTES) throw new MalformedNotification(`it has ${content.length} bytes`);
  const envelope = parsed(content.toString('utf8'));
  const version = envelope['oslo.version'];
  const text = envelope['oslo.message'];
  if (typeof version !== 'string' || typeof text !== 'string')
    throw new MalformedNotification(
      'it has no envelope: the driver may be "messaging" instead of "messagingv2"',
    );
  if (!version.startsWith('2.')) throw new MalformedNotification('its envelope has an unknown version');

  const message = parsed(text);
  const { message_id: messageId, event_type: eventType, payload, timestamp } = message;
  if (typeof messageId !== 'string' || typeof eventType !== 'string')
    throw new MalformedNotification('it has no id or no event type');
  return {
    messageId,
    eventType,
    sentAt: timeOf(timestamp),
    taskUuid: GLOBAL_REQUEST_ID.exec(textOf(message['_context_global_request_id']) ?? '')?.[1] ?? null,
    requestId: textOf(message['_context_request_id']),
    data: versionedObject(payload),
  };
}

/** The fields of a versioned object (oslo.versionedobjects); none, when it is no such object. */
export function versionedFields(value: unknown): Readonly<Record<string, unknown>> {
  const fields = isObject(value) ? value['nova_object.data'] : undefined;
  return isObject(fields) ? fields : {};
}

function versionedObject(payload: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(payload) || !isObject(payload['nova_object.data']))
    throw new MalformedNotification('its payload is not a versioned object');
  return versionedFields(payload);
}

function parsed(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new MalformedNotification('it is not JSON');
  }
  if (!isObject(value)) throw new MalformedNotification('it is not a JSON object');
  return value;
}

function timeOf(timestamp: unknown): number {
  const [, date, time] = TIMESTAMP.exec(textOf(timestamp) ?? '') ?? [];
  return Date.parse(`${date}T${time}Z`);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
