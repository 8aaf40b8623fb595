import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { bytesOf, byteStringOf, uuidBytes } from '../../storage/bytes.js';
import { firstUuidOf } from '../first-uuid.js';
import type { RequestParts } from '../recording/tag-owner.entity.js';
import { bodyMembers } from './body-members.js';
import { canonicalJson } from './canonical-json.js';
import { canonicalUrl } from './canonical-url.js';
import { withLengths } from './with-lengths.js';

/** The parts of a request that are compared with those of another one. Headers, including the token, do not count. */
export interface FingerprintInput {
  method: string;
  /** Path and query, without what does not count as part of the request, such as a version prefix. */
  url: string;
  /** The host name that it was sent to, in lower case, if the application routes by it; otherwise it does not count. */
  host?: string;
  /** Media type without parameters, in lower case; `null` when the request has none. */
  mediaType: string | null;
  body: Buffer;
}

/**
 * SHA-256 of method, URL and parameters in canonical form. JSON is compared by its meaning, everything else by its
 * bytes.
 */
export function fingerprint({ method, url, host, mediaType, body }: FingerprintInput): Buffer {
  const parts = [method.toUpperCase(), ...canonicalPlace(url, host), ...canonicalParameters(mediaType, body)];
  return bytesOf(hash('sha256', withLengths(parts), 'binary'));
}

/**
 * How many bytes of a hash are a key: as many as a uuid has, since each is in the row and in an index. Of a billion tasks,
 * two would have the same key with a chance of 1 in 10^21; and the tenant is in the hash.
 */
const KEY_BYTES = 16;

/** The longest key that a task has, in bytes: that of a request without a tag. */
export const LONGEST_KEY_BYTES = 2 * KEY_BYTES;

/**
 * The key that is unique while a request counts as accepted: same tag, same request, same tenant.
 *
 * @returns a byte string of 16 bytes
 */
export function duplicateKey(projectId: string, tag: string, requestFingerprint: Buffer): string {
  return keyOf([projectId, bytesOf(tag), requestFingerprint]).slice(0, KEY_BYTES);
}

/**
 * The key of a request that is never the same as another one, although it has a tag.
 *
 * @returns a byte string of 16 bytes
 */
export function ownKey(taskUuid: string): string {
  return keyOf([taskUuid]).slice(0, KEY_BYTES);
}

/**
 * The beginning of the keys of all requests without a tag that are the same, of one user.
 *
 * @returns a byte string of 16 bytes
 */
export function requestKey(projectId: string, userId: string, request: FingerprintInput): string {
  return keyOf([projectId, userId, fingerprint(request)]).slice(0, KEY_BYTES);
}

/**
 * The key of one request without a tag: by its beginning it can be found, and by its end, its uuid, it differs from all
 * others.
 */
export function untaggedKey(key: string, taskUuid: string): string {
  return key + byteStringOf(uuidBytes(taskUuid));
}

/** The keys of such requests that came after a time, in epoch milliseconds: from the first one up to the second. */
export function keyRange(key: string, since: number): [from: string, to: string] {
  return [untaggedKey(key, firstUuidOf(since)), key + '\xff'.repeat(KEY_BYTES)];
}

/**
 * The key of a tag by itself, where a tag belongs to one request only.
 *
 * @returns a byte string of 32 bytes
 */
export function tagKey(projectId: string, tag: string): string {
  return keyOf([projectId, bytesOf(tag)]);
}

function keyOf(parts: (string | Buffer)[]): string {
  return hash('sha256', withLengths(parts), 'binary');
}

/**
 * The parts of a request, to show later in which ones another request differs: only the beginnings of their hashes. Those
 * of the body's members are so short that nothing can be guessed from them.
 */
export function requestParts({ method, url, host, mediaType, body }: FingerprintInput): RequestParts {
  const beginning = (parts: (string | Buffer)[]) => hash('sha256', withLengths(parts)).slice(0, 16);
  return {
    method: beginning([method.toUpperCase()]),
    url: beginning(canonicalPlace(url, host)),
    body: beginning(canonicalParameters(mediaType, body)),
    members: isJson(mediaType) ? bodyMembers(body) : {},
  };
}

function canonicalPlace(url: string, host: string | undefined): string[] {
  return host === undefined ? [canonicalUrl(url)] : [canonicalUrl(url), host];
}

/**
 * A kind and a content, so that a JSON text never equals the same bytes sent as something else. The kinds are our own:
 * a client may send any media type, even one that is spelled `json`.
 */
function canonicalParameters(
  mediaType: string | null,
  body: Buffer,
): [kind: string, content: string | Buffer] {
  if (body.length === 0) return ['empty', ''];
  const asBytes: [string, Buffer] = [`bytes ${mediaType ?? ''}`, body];
  if (!isJson(mediaType) || !isUtf8(body)) return asBytes;
  try {
    return ['json', canonicalJson(body)];
  } catch {
    // Not JSON after all: the parser of its media type will say so. Here its bytes are compared.
    return asBytes;
  }
}

function isJson(mediaType: string | null): boolean {
  return mediaType === null || mediaType === 'application/json' || mediaType.endsWith('+json');
}
