import type { Settings } from '../../../config/settings.js';
import type { Microversion } from '../../../openstack/microversion.js';
import { addFirst, memberOf, skipBlanks } from './json-splice.js';
import { MARKER_METADATA_KEY, markerTag, MAX_METADATA } from './marker.js';

/** From this microversion on, a create accepts server tags. */
const TAGS_IN_CREATE: Microversion = 52;

/** The most tags of a server (nova/objects/fields and `MAX_TAG_COUNT` in nova/objects/tag.py). */
const MAX_TAGS = 50;

type Fields = Record<string, unknown>;

/**
 * The body of a create with a marker added, so that its servers are found when Nova's answer is lost. The rest of the
 * body is unchanged, to the byte. If it has no room for a marker, or Nova would not accept it, it is returned
 * unchanged.
 *
 * @param body JSON in UTF-8
 * @param parsed the same body, parsed
 */
export function markCreate(
  body: Buffer,
  parsed: unknown,
  taskUuid: string,
  microversion: Microversion,
  marker: Settings['NOVA_MARKER'],
): Buffer {
  const server = objectOf(objectOf(parsed)?.['server']);
  if (server === null || marker === 'none') return body;
  const text = body.toString('utf8');
  const start = memberOf(text, skipBlanks(text, 0), 'server')?.start;
  if (start === undefined) return body;

  if (marker !== 'metadata' && microversion >= TAGS_IN_CREATE) {
    const tags = server['tags'] ?? [];
    if (Array.isArray(tags) && tags.length < MAX_TAGS && server['tags'] !== null) {
      return Buffer.from(addTo(text, start, 'tags', '[', JSON.stringify(markerTag(taskUuid)), ']'));
    }
  }
  if (marker === 'tag') return body;
  const metadata = server['metadata'] === undefined ? {} : objectOf(server['metadata']);
  if (metadata === null || Object.keys(metadata).length >= MAX_METADATA) return body;
  const item = `${JSON.stringify(MARKER_METADATA_KEY)}:${JSON.stringify(taskUuid)}`;
  return Buffer.from(addTo(text, start, 'metadata', '{', item, '}'));
}

/** Adds an element to a member of the object at `start`, and the member if it is missing. */
function addTo(
  text: string,
  start: number,
  key: string,
  open: string,
  element: string,
  close: string,
): string {
  const member = memberOf(text, start, key);
  if (member !== null) return addFirst(text, member.start, element);
  return addFirst(text, start, `${JSON.stringify(key)}:${open}${element}${close}`);
}

/** `null` for what is no JSON object. */
function objectOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}
