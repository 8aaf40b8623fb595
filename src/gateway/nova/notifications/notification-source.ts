import { InvalidSettingError } from '../../../config/load-settings.js';
import type { Settings } from '../../../config/settings.js';

/** The source of notifications, and its timing. Times in milliseconds. */
export interface NotificationSource {
  /** `amqp://` or `amqps://`, with the password. */
  url: string;
  /** The topic exchange that Nova publishes to: its `control_exchange`. */
  exchange: string;
  topic: string;
  queue: string;
  /** Pause before the first reconnection; it doubles with each attempt, up to `maxRetryMs`. */
  retryMs: number;
  maxRetryMs: number;
  /** How often the queue is bound again. */
  bindAgainMs: number;
}

/** Heartbeat in seconds; a server that no longer answers is noticed after two to three of them. */
const HEARTBEAT_S = 10;

/**
 * One for each message bus of the settings.
 *
 * @throws InvalidSettingError for an invalid URL, which the message does not show
 */
export function notificationSources(settings: Settings): NotificationSource[] {
  const urls = settings.NOTIFICATIONS_URL?.split(',').map((url) => url.trim()) ?? [];
  if (!urls.every((url) => URL.canParse(url)))
    throw new InvalidSettingError('NOTIFICATIONS_URL has a URL that is not valid: check the port.');
  return urls.map((url) => ({
    url,
    exchange: settings.NOTIFICATIONS_EXCHANGE,
    topic: settings.NOTIFICATIONS_TOPIC,
    queue: settings.NOTIFICATIONS_QUEUE,
    retryMs: 500,
    maxRetryMs: 5000,
    bindAgainMs: 30_000,
  }));
}

/** Host, port and virtual host of a message bus, which may be shown. */
export function nameOf(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || (protocol === 'amqps:' ? '5671' : '5672')}${pathname || '/'}`;
}

export function withHeartbeat(url: string): string {
  const parsed = new URL(url);
  if (!parsed.searchParams.has('heartbeat')) parsed.searchParams.set('heartbeat', String(HEARTBEAT_S));
  return parsed.href;
}

/** Why a bus delivers nothing, for the log: without the user. */
export function reasonOf(error: unknown, { exchange, queue }: NotificationSource): string {
  const { code, message } = error as { code?: number | string; message: string };
  if (code === 404 && message.includes('no exchange'))
    return `there is no exchange ${exchange} yet. Nova declares it when it sends its first notification`;
  if (code === 406)
    return `the queue ${queue} exists with other properties: delete it, or choose another name by NOTIFICATIONS_QUEUE`;
  // The library does not pass on the server's message.
  if (message.startsWith('Expected ConnectionOpenOk'))
    return 'there is no such virtual host, or this user may not use it';
  // A host with several addresses fails with several errors, and without a text of its own.
  return (message.trim() || String(code)).replace(/ (for|by) user '[^']*'/g, '');
}
