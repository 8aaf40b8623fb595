import type { FastifyRequest } from 'fastify';
import type { TagPlace } from '../../config/tasks.settings.js';
import { globalRequestId } from '../../openstack/request-id.js';
import { isTag } from '../../tasks/tag.js';
import type { OtherTag } from '../../tasks/other-tag.js';
import { toByteString } from '../../url/percent-encoding.js';

/** What counts of the body of a create. */
interface AskedServer {
  name?: unknown;
  metadata?: unknown;
  min_count?: unknown;
  max_count?: unknown;
}

/** The first of some places at which a request has a tag; `null` if it has none at any. */
export function tagFrom(
  places: readonly TagPlace[],
  request: FastifyRequest,
  isCreate: boolean,
): OtherTag | null {
  for (const place of places) {
    const tag = place === 'request-id' ? requestIdAsTag(request) : isCreate ? nameOf(place, request) : null;
    if (tag !== null && isTag(tag.tag)) return tag;
  }
  return null;
}

/** It stands for a whole action of its user, of several requests, and so for none of them alone. */
function requestIdAsTag(request: FastifyRequest): OtherTag | null {
  const id = globalRequestId(request);
  return id === null ? null : { tag: id, means: 'label' };
}

function nameOf(place: TagPlace, { body }: FastifyRequest): OtherTag | null {
  const server = (body as { server?: AskedServer } | null)?.server ?? {};
  const isName = place === 'name';
  const value = isName ? server.name : itemOf(server.metadata, place.slice('metadata:'.length));
  if (typeof value !== 'string' || isForSeveral(server)) return null;
  const what = isName
    ? "the server's name"
    : `the server's metadata item "${place.slice('metadata:'.length)}"`;
  return {
    tag: toByteString(withoutBlankEnds(value)),
    means: 'name',
    note:
      `Its tag is ${what}, by the setting TAG_FROM=${place}, and is free again when that server is gone. ` +
      'To make another server, change it, or send a Task-tag.',
  };
}

/** As HTTP reads a header: neither `Task-tag` nor its echo can have blanks at the ends. */
function withoutBlankEnds(text: string): string {
  const isBlank = (n: number) => text[n] === ' ' || text[n] === '\t';
  let [from, to] = [0, text.length];
  while (from < to && isBlank(from)) from += 1;
  while (to > from && isBlank(to - 1)) to -= 1;
  return text.slice(from, to);
}

function itemOf(metadata: unknown, key: string): unknown {
  const isObject = typeof metadata === 'object' && metadata !== null;
  return isObject && Object.hasOwn(metadata, key) ? (metadata as Record<string, unknown>)[key] : undefined;
}

function isForSeveral({ min_count = 1, max_count = 1 }: AskedServer): boolean {
  return Number(min_count) !== 1 || Number(max_count) !== 1;
}
