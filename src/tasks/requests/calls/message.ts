import type { ExecutionContext } from '@nestjs/common';
import { InvalidTagError } from '../../tag.errors.js';
import type { TasksOptions } from '../../tasks.options.js';
import type { Call } from './call.js';

/** A message or an event of a microservice, as the options of its handler get it. */
export interface TrackedMessage<Data = unknown, Context = unknown> {
  /** What it matches: the pattern, channel, subject or topic that it was sent to. */
  pattern: string;
  /** What it says. */
  data: Data;
  /** What the transport knows of it, such as Nest's `RmqContext` or `RedisContext`. */
  context: Context;
}

/** Nest's name for the patterns of a handler. */
const PATTERNS = 'microservices:pattern';

/** The methods by which the contexts of Nest's transports name what a message was sent to. */
const PLACES = ['getPattern', 'getChannel', 'getSubject', 'getTopic'];

/** What a message of RabbitMQ is wrapped in. */
interface RmqMessage {
  properties?: { headers?: Record<string, unknown>; messageId?: unknown };
}

/**
 * A message to track. One event may have several handlers, each of which does something else; so its handler is part of
 * what is compared.
 */
export function messageCall<Kind extends 'MESSAGE' | 'EVENT'>(
  kind: Kind,
  context: ExecutionContext,
  options: TasksOptions,
): Call & { kind: Kind } {
  const [data, of] = context.getArgs<[unknown, unknown]>();
  const message: TrackedMessage = { pattern: patternOf(context, of), data, context: of };
  const handler = `${context.getClass().name}.${context.getHandler().name}`;
  return {
    kind,
    place: kind === 'EVENT' ? [message.pattern, handler] : [message.pattern],
    request: message,
    moduleRequest: message,
    options: options.messages,
    usual: {
      tag: () => tagOf(message, options.tagHeader),
      requester: () => options.requester(message),
      parameters: data,
    },
  };
}

/**
 * Where a message has its tag: RabbitMQ's, in a header, or in `messageId`; any other, in the field `taskTag` of what it
 * says.
 */
function tagOf({ data, context }: TrackedMessage, header: string): string | null {
  const { properties } = (context as { getMessage?: () => RmqMessage })?.getMessage?.() ?? {};
  const headers = Object.entries(properties?.headers ?? {});
  const inHeader = headers.find(([name]) => name.toLowerCase() === header.toLowerCase())?.[1];
  const inData = (data as { taskTag?: unknown } | null)?.taskTag;
  const tag = [inHeader, properties?.messageId, inData].find(
    (found) => found !== undefined && found !== null,
  );
  if (tag === undefined) return null;
  if (typeof tag === 'string' || typeof tag === 'number') return String(tag);
  throw new InvalidTagError('The tag of the message is no text. Send a text of 1 to 255 bytes.');
}

function patternOf(context: ExecutionContext, of: unknown): string {
  for (const name of PLACES) {
    const place = (of as Record<string, unknown> | null)?.[name];
    if (typeof place === 'function') return textOf((place as () => unknown).call(of));
  }
  return textOf(Reflect.getMetadata(PATTERNS, context.getHandler()));
}

function textOf(pattern: unknown): string {
  return typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
}
